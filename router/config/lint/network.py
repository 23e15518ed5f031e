"""Findings about the network: addresses that will be refused, and doors that are too wide."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, SecretStr

from destinations.host import impossible
from router.config.lint.finding import Finding, Notes
from router.config.problem import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.config.document import Where
    from router.config.sections.whole import Config

Address: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"

METADATA = (ipaddress.ip_address("169.254.169.254"), ipaddress.ip_address("fd00:ec2::254"))
"""Where clouds hand out a machine's credentials."""
WIDE = {4: 8, 6: 16}
"""Prefixes shorter than this hold more than any one private network."""


def lint_network(config: Config) -> Iterator[Finding]:
    """Yield the findings about `egress` and about the URLs in settings; nothing is looked up."""
    yield from _doors(config)
    for name, destination in config.destinations.items():
        at = ("destinations", name, "settings")
        for where, url, secret in _urls(destination.settings, at):
            yield from _url(config, name, where, url, secret=secret)
    for where, url, secret in _urls(config.announce, ("announce",)):
        yield from _url(config, "announce", where, url, secret=secret)


def _doors(config: Config) -> Iterator[Finding]:
    note = Notes(config)
    for place, network in enumerate(config.egress.allow):
        where = ("egress", "allow", place)
        if network.prefixlen == 0:
            yield note.error(
                "egress_open", where,
                f"{network} allows every address: plain http, and every private network",
                "name the networks that destinations are in",
            )  # fmt: skip
        elif any(address in network for address in METADATA):
            yield note.warning(
                "egress_metadata", where,
                f"{network} holds the address at which clouds hand out credentials",
            )  # fmt: skip
        elif network.prefixlen < WIDE[network.version]:
            yield note.warning(
                "egress_wide", where,
                f"{network} is wider than any private network",
            )  # fmt: skip


def _url(config: Config, name: str, where: Where, url: str, *, secret: bool) -> Iterator[Finding]:
    note = Notes(config)
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return
    wrong = list(_impossible(note, name, where, parts))
    yield from wrong
    if wrong:
        return
    address = _address(host)
    allowed = address is not None and any(address in each for each in config.egress.allow)
    shown = f"{quoted(name)} ({quoted(host)})" if not secret or address else quoted(name)
    if allowed or (address is None and parts.scheme == "https"):
        return
    if address is not None and address in METADATA:
        yield note.error(
            "egress_metadata_host", where,
            f"{shown} is where cloud machines tell their credentials, and will be refused",
            "no destination is there",
        )  # fmt: skip
    elif address is not None and not address.is_global:
        yield note.error(
            "egress_refused", where,
            f"{shown} is in a private network, and will be refused",
            f"add it to egress.allow: [{_network(address)}]",
        )  # fmt: skip
    elif parts.scheme == "http":
        say = note.warning if address is None else note.error
        yield say(
            "http_unencrypted", where,
            f"plain http to {shown} is refused outside the networks of egress.allow",
            "use https",
        )  # fmt: skip


def _impossible(note: Notes, name: str, where: Where, parts: SplitResult) -> Iterator[Finding]:
    try:
        _ = parts.port
    except ValueError:
        yield note.error(
            "url_port", where, f"the port in the URL of {quoted(name)} is no number from 0 to 65535"
        )
    if why := impossible(parts.hostname or ""):
        yield note.error("url_host", where, f"the host in the URL of {quoted(name)} {why}")


def _address(host: str) -> Address | None:
    if host == "localhost" or host.endswith(".localhost"):
        host = "127.0.0.1"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return _numbered(host)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _numbered(host: str) -> Address | None:
    """Return the address that connecting makes of a host in numbers: `2130706433`, `0x7f.1`."""
    if not host[:1].isdigit():
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def _network(address: Address) -> str:
    if address.is_loopback:
        return "127.0.0.0/8" if address.version == 4 else "::1/128"
    return f"{address}/{address.max_prefixlen}"


def _urls(value: Any, where: Where) -> Iterator[tuple[Where, str, bool]]:
    secret = isinstance(value, SecretStr)
    if isinstance(value, BaseModel):
        for word, inner in value:
            yield from _urls(inner, (*where, word))
    elif isinstance(value, dict):
        for word, inner in value.items():
            yield from _urls(inner, (*where, str(word)))
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _urls(inner, (*where, place))
    else:
        text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        if text.startswith(("http://", "https://")):
            yield where, text, secret
