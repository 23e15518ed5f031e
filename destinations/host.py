"""Hosts that no lookup will ever find: names that DNS cannot carry, numbers that are no address."""

from __future__ import annotations

import re
import socket

LONGEST = 253
"""Characters of a name, without a last dot (RFC 1035, 2.3.4)."""
LONGEST_PART = 63
_PART = re.compile(r"[A-Za-z0-9_-]+")
"""Letters, digits and dashes (RFC 1123); underscores too, which resolvers let pass."""


def impossible(host: str) -> str:
    """Return why a host can never be found, as what follows upon "the host"; empty when it may be.

    Takes a name or an address without brackets; looks nothing up, and repeats nothing of it.
    """
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return "is no name that DNS can carry"
    if ":" in host:
        return ""  # an IPv6 address: whoever parsed the URL has checked it
    why = _badly_made(host.removesuffix(".").split("."))
    if not why and host.removesuffix(".").rpartition(".")[2].isdecimal() and not _is_address(host):
        return "ends in a number and is no IPv4 address"
    return why


def _badly_made(parts: list[str]) -> str:
    if not all(parts):
        return "has nothing between two of its dots, or before the first"
    if max(map(len, parts)) > LONGEST_PART or len(".".join(parts)) > LONGEST:
        return f"is too long: at most {LONGEST_PART} characters between dots, {LONGEST} in all"
    if not all(map(_PART.fullmatch, parts)):
        return "holds a character that no name of a host has"
    return ""


def _is_address(host: str) -> bool:
    try:
        socket.inet_aton(host)
    except OSError:
        return False
    return True
