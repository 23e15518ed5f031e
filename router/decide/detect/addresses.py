"""Addresses of machines in plain texts: IP of both versions, and MAC."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from router.decide.detect.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MAY_HOLD_IP4 = re.compile(r"\.\d{1,3}\.\d{1,3}\.\d")
_IP4 = re.compile(r"\d(?<![\w.\-].)\d{0,2}(?:\.\d{1,3}){3}(?![\w\-]|\.\d)")
_IP6 = re.compile(
    r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?"
    r"(?!\.?[\w:])"
)
_VERSION = re.compile(
    r"(?:\b(?:v|ver|version|release|build|rv|sdk|firmware|ios|section|chapter|clause|article"
    r"|table|figure|appendix|annex|paragraph|kapitel|abschnitt|artikel|ziffer)[\"' :=.]{0,4}|§ ?"
    r"|[^/:]/)$",
    re.IGNORECASE,
)
"""What makes four numbers a version, or a place in a document: the word before them, or a
product's name and a slash."""
_NEAR = 14
_LONGEST_URL = 2048
_MAC = re.compile(
    r"(?<![\w:.\-])(?:[0-9A-Fa-f]{2}([:\- ])(?:[0-9A-Fa-f]{2}\1){4}"
    r"(?:[0-9A-Fa-f]{2}\1[0-9A-Fa-f]{2}\1)?[0-9A-Fa-f]{2}"
    r"|(?:[0-9A-Fa-f]{4}\.){2,3}[0-9A-Fa-f]{4})(?![\w:\-]|\.\w)"
)
_SHORTEST_MAC = 14
_MAY_HOLD_MAC = re.compile(
    r"[:\- .](?:(?<!\.)[0-9A-Fa-f]{2}[:\- ][0-9A-Fa-f]{2}[:\- ]"
    r"|(?<=\.)[0-9A-Fa-f]{4}(?![0-9A-Fa-f]))"
)
_NOBODYS = frozenset({"000000000000", "ffffffffffff"})


def find_ips(text: str) -> Sequence[Span]:
    """Return the IP addresses in a plain text; four numbers that are a version are none."""
    spans: list[Span] = []
    if _MAY_HOLD_IP4.search(text):
        spans += _fours(text)
    if "::" in text or text.count(":") >= 6:
        spans += _sixes(text)
    return spans


def find_macs(text: str) -> Sequence[Span]:
    """Return the MAC addresses in a plain text; those of nobody and of all are none."""
    if len(text) < _SHORTEST_MAC or _MAY_HOLD_MAC.search(text) is None:
        return ()
    return list(_macs(text))


def _fours(text: str) -> Iterator[Span]:
    for found in _IP4.finditer(text):
        octets = found[0].split(".")
        if all(int(octet) < 256 for octet in octets) and not _is_version(text, found.start()):
            yield Span(*found.span(), "ip", found[0])


def _sixes(text: str) -> Iterator[Span]:
    for found in _IP6.finditer(text):
        try:
            ipaddress.IPv6Address(found[0])
        except ValueError:
            continue
        if len(found[0]) > 2:
            yield Span(*found.span(), "ip", found[0])


def _macs(text: str) -> Iterator[Span]:
    for found in _MAC.finditer(text):
        plain = "".join(filter(str.isalnum, found[0])).lower()
        if plain in _NOBODYS or (found[0][2] not in ":-" and plain.isdigit()):
            continue
        yield Span(*found.span(), "mac", plain)


def _is_version(text: str, start: int) -> bool:
    near = _VERSION.search(text[max(0, start - _NEAR) : start])
    return near is not None and not (near[0].endswith("/") and _in_path(text, start))


def _in_path(text: str, start: int) -> bool:
    """Tell whether a place belongs to a path or a URL, where slashes part segments."""
    word = text[max(0, start - _LONGEST_URL) : start].rpartition(" ")[2]
    return word.startswith("/") or "://" in word
