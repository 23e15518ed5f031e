"""Which addresses a destination may be at: the public internet, and what the operator allowed.

The address that was checked is the address that is connected to, so a name that changes its
answer (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from router.observe.reasons import HoldReason

if TYPE_CHECKING:
    from ipaddress import IPv4Network

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


def literal(host: str) -> bool:
    """Tell whether a host is an address, for which no resolver is asked.

    Raises EgressRefused for numbers in other spellings (`2130706433`, `127.1`): connecting to
    them would pass by every check.
    """
    try:
        ip_address(host)
    except ValueError:
        if ":" in host or host.replace(".", "").isdigit():
            raise EgressRefused(HoldReason.EGRESS_PRIVATE_ADDRESS) from None
        return False
    return True


class CheckedResolver(AbstractResolver):
    """Resolves names and leaves out every address that may not be connected to."""

    def __init__(self, allowed: tuple[IPv4Network | IPv6Network, ...], scheme: str) -> None:
        self._inner = ThreadedResolver()
        self._allowed = allowed
        self._scheme = scheme

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses that may be connected to; raises EgressRefused when none may."""
        found = await self._inner.resolve(host, port, family)
        good = [one for one in found if refusal(one["host"], self._allowed, self._scheme) is None]
        if found and not good:
            reason = refusal(found[0]["host"], self._allowed, self._scheme)
            raise EgressRefused(reason or HoldReason.EGRESS_PRIVATE_ADDRESS)
        return good

    async def close(self) -> None:
        """Let go of the resolver's thread."""
        await self._inner.close()
