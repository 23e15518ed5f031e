"""E-mail addresses in texts, percent-encoded ones (up to four times over) included.

From each @ the domain is read forwards and the local part backwards, each bounded: linear time.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from router.decide.detect.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_AT = r"(?:@|%(?:25){0,3}40|&#64;|&commat;|\\u0040|\uff20)"
_SIGN = re.compile(_AT)
_LABELS = r"(?:[\w-]{1,63}(?:\.|%(?:25){0,3}2[Ee])){1,8}[^\W\d_][\w-]{1,62}"
_DOMAIN = re.compile(rf"{_LABELS}(?:{_AT}{_LABELS}){{0,8}}")
_LOCAL_BACKWARDS = re.compile(
    r"(?:(?:[BDEbde]2|[Ff]5|[1-9A-Fa-f][46]|[0-9Aa][57])(?:52){0,3}%|[\w.+!#$'^`{|}~-]){1,64}"
)
_CODE = re.compile(r"(?:25)*[0-9A-Fa-f]{2}")
_LONGEST_LOCAL = 256
_FILES = frozenset(
    {"png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "css", "js", "json", "html", "htm", "php"}
)
"""What ends a file's name (`img@2x.png`) and no domain's."""


def may_hold_email(text: str) -> bool:
    """Tell quickly whether a text holds an @ in any spelling."""
    return "@" in text or _SIGN.search(text) is not None


def find_emails(text: str) -> Iterator[Span]:
    """Yield the e-mail addresses in a text."""
    end = 0
    for sign in _SIGN.finditer(text):
        if sign.start() <= end:
            continue
        domain = _DOMAIN.match(text, sign.end())
        if domain is None or domain[0].rpartition(".")[2].lower() in _FILES:
            continue
        before = text[max(end, sign.start() - _LONGEST_LOCAL) : sign.start()]
        local = _LOCAL_BACKWARDS.match(before[::-1])
        if local is None:
            continue
        start = _past_code(text, sign.start() - local.end(), sign.start())
        end = domain.end()
        yield Span(start, end, "email", plainly(text[start:end]))


def plainly(text: str) -> str:
    """Undo percent-encoding, HTML entities and JSON's spelling of @."""
    for _ in range(4):
        decoded = unquote(text)
        if decoded == text:
            break
        text = decoded
    return html.unescape(text).replace("\\u0040", "@").replace("\uff20", "@")


def _past_code(text: str, start: int, sign: int) -> int:
    """Return where a local part begins that seems to begin within the `%3D` before it."""
    code = _CODE.match(text, start, sign) if start and text[start - 1] == "%" else None
    return code.end() if code and code.end() < sign else start
