"""Texts hidden in others: base64 of both alphabets, and the JSON Web Tokens made of it.

A hidden text that holds personal data is personal data as a whole: what is inside cannot be
changed without breaking what is around it (the signature, the length).
"""

from __future__ import annotations

import binascii
import re
from typing import TYPE_CHECKING

from router.decide.detect.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DEEPEST = 4
"""So many times over a text may be hidden; what is deeper is taken for personal data."""
_RUN = re.compile(r"[A-Za-z0-9+/_-]{12,}+(?:\.[A-Za-z0-9_-]{4,}+)*+={0,2}")
_MAY_HOLD = re.compile(r"[A-Za-z0-9+/_-]{12}")
_STANDARD = str.maketrans("-_", "+/")
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{6,}\.eyJ[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]*")
_PLAIN_CONTROLS = frozenset("\n\r\t")


def may_hide(text: str) -> bool:
    """Tell quickly whether a text holds a word that may be base64."""
    return len(text) >= 12 and _MAY_HOLD.search(text) is not None


def find_hidden(
    text: str, search: Callable[[str, int], list[Span]], depth: int, *, tokens: bool
) -> Iterator[Span]:
    """Yield places that hide personal data, each with the kind of the first that it hides.

    `search` finds in what was hidden, `depth` tells how deep this text lies itself. `tokens` asks
    for JSON Web Tokens whatever they hold.
    """
    for run in _RUN.finditer(text):
        word = run[0]
        if tokens and word.startswith("eyJ") and _JWT.fullmatch(word):
            yield Span(*run.span(), "jwt", word)
            continue
        for start, part in _parts(word):
            inside = _uncovered(part)
            if inside is None:
                continue
            found = search(inside, depth + 1)
            if found:
                yield Span(*run.span(), found[0].kind, found[0].plain)
                break
            del start


def _parts(word: str) -> Iterator[tuple[int, str]]:
    if "." in word:
        at = 0
        for part in word.split("."):
            yield at, part
            at += len(part) + 1
        return
    yield 0, word
    if "/" in word:
        at = 0
        for part in word.split("/"):
            if len(part) >= 12:
                yield at, part
            at += len(part) + 1


def _uncovered(word: str) -> str | None:
    """Return the text that a word hides, if it hides one."""
    word = word.rstrip("=")
    if len(word) < 8 or len(word) % 4 == 1 or word.islower() or word.isupper() or word.isdigit():
        return None
    try:
        raw = binascii.a2b_base64(word.translate(_STANDARD) + "=" * (-len(word) % 4))
        text = raw.decode()
    except ValueError:
        return None
    return text if text.isprintable() or _is_text(text) else None


def _is_text(text: str) -> bool:
    return all(sign.isprintable() or sign in _PLAIN_CONTROLS for sign in text)
