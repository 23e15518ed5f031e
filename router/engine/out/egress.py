"""Which addresses a destination may be at: the public internet, and what the operator allowed.

The address that was checked is the address that is connected to, so a name that changes its
answer (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import time
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

from router.engine.out.lookup import Lookup
from router.observe.reasons import HoldReason

if TYPE_CHECKING:
    from ipaddress import IPv4Network

    from aiohappyeyeballs import AddrInfoType as Address

KNOWN_FOR = 30.0
"""Seconds for which a host's addresses are not asked for again."""
_EMBEDDING = (
    IPv6Network("64:ff9b::/96"),  # NAT64, RFC 6052
    IPv6Network("64:ff9b:1::/48"),  # NAT64, RFC 8215
    IPv6Network("::/96"),  # v4-compatible
)


class EgressRefused(Exception):  # noqa: N818 - it names what happened
    """No address of the host may be connected to; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def refusal(
    address: str, allowed: tuple[IPv4Network | IPv6Network, ...], scheme: str
) -> str | None:
    """Return why an address may not be connected to, or None when it may.

    Plain http is allowed in the operator's networks only.
    """
    ip = ip_address(address.partition("%")[0])
    seen = _embedded(ip)
    if any(candidate in network for candidate in (ip, seen) for network in allowed):
        return None
    if scheme != "https":
        return HoldReason.EGRESS_PLAIN_HTTP
    if not (_is_public(ip) and _is_public(seen)):
        return HoldReason.EGRESS_PRIVATE_ADDRESS
    return None


def _embedded(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 address stands for, else the address itself."""
    if isinstance(ip, IPv4Address):
        return ip
    inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
    if inner is not None:
        return inner
    if any(ip in network for network in _EMBEDDING):
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    if isinstance(ip, IPv6Address) and ip.is_site_local:
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class CheckedResolver:
    """Finds the addresses of hosts, and leaves out every one that may not be connected to.

    Whatever a host is written as (a name, an address, a number in any spelling), it is judged by
    the address that comes out, and that address is connected to.
    """

    def __init__(self, allowed: tuple[IPv4Network | IPv6Network, ...]) -> None:
        self._allowed = allowed
        self._known: dict[tuple[str, str, int], tuple[float, list[Address]]] = {}
        self._lookup = Lookup()

    async def resolve(self, scheme: str, host: str, port: int) -> list[Address]:
        """Return the addresses that may be connected to; raises EgressRefused when none may.

        Raises OSError when nothing is known of the host.
        """
        key = (scheme, host, port)
        until, good = self._known.get(key, (0.0, []))
        if time.monotonic() < until:
            return good
        found = await self._lookup.addresses(host, port)
        refused = [refusal(str(one[4][0]), self._allowed, scheme) for one in found]
        good = [one for one, reason in zip(found, refused, strict=True) if reason is None]
        if not good:
            raise EgressRefused(refused[0] or HoldReason.EGRESS_PRIVATE_ADDRESS)
        self._known[key] = time.monotonic() + KNOWN_FOR, good
        return good
