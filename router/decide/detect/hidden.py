"""Texts hidden in others: base64 of both alphabets, and the JSON Web Tokens made of it.

A hidden text that holds personal data is personal data as a whole: what is inside cannot be
changed without breaking what is around it (the signature, the length).
"""

from __future__ import annotations

import binascii
import re
from typing import TYPE_CHECKING
from unicodedata import category

from router.decide.detect.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SHORTEST_HIDDEN = 12
"""Characters that hide nine, the shortest address worth the name (`ab@cde.fg`)."""
_RUN = re.compile(r"[A-Za-z0-9+/_-]{12,}+(?:\.[A-Za-z0-9_-]{4,}+)*+={0,2}")
_STANDARD = str.maketrans("-_", "+/")
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{6,}+\.eyJ[A-Za-z0-9_-]{2,}+(?:\.[A-Za-z0-9_-]*+)*+")
NO_BEGINNING = "(?:[ABEFGHg-v+/_-]|[CDI-Za-f][I-LYZabo-r4-7]|[w-z0-9][^I-LYZabo-r4-7])"
"""One or two signs whose first bytes begin no text: a sign of control, or bytes that UTF-8 does not
allow there (after a letter none goes on, after the first byte of others one does)."""
_BEGINS_NO_TEXT = re.compile(NO_BEGINNING)
_PLAIN_CONTROLS = frozenset("\n\r\t")
_ODD_IN_TEXTS = frozenset({"Cf", "Zs", "Zl", "Zp"})
"""Categories of signs that stand in texts though nothing is printed: invisible ones and spaces."""
_PARTS = re.compile(r"[./]")
_MOST_PARTS = 16


def compile_hidden(
    search: Callable[[str, int], list[Span]], *, tokens: bool
) -> Callable[[str, int], Iterator[Span]]:
    """Return what finds places that hide personal data, with the kind of the first inside.

    `search` finds in what was hidden; the numbers tell how deep a text lies itself. `tokens` asks
    for JSON Web Tokens whatever they hold.
    """

    def find(text: str, depth: int) -> Iterator[Span]:
        for run in _RUN.finditer(text):
            word = run[0]
            if is_of_one_case(word):
                continue
            if tokens and word.startswith("eyJ") and _JWT.fullmatch(word):
                yield Span(*run.span(), "jwt", word)
                continue
            for part in _parts(word):
                inside = _uncovered(part)
                found = search(inside, depth + 1) if inside else None
                if found:
                    yield Span(*run.span(), found[0].kind, found[0].plain)
                    break

    return find


def is_of_one_case(text: str) -> bool:
    """Tell whether a text hides none: among its letters there are no small or no capital ones."""
    return text == text.lower() or text == text.upper()


def _parts(word: str) -> Iterator[str]:
    """Yield what of a word may be base64: the whole, and what dots and slashes part."""
    yield word
    if "." in word or "/" in word:
        parts = [part for part in _PARTS.split(word) if len(part) >= SHORTEST_HIDDEN]
        yield from parts[:_MOST_PARTS]


def _uncovered(word: str) -> str | None:
    """Return the text that a word hides, if it hides one."""
    if _BEGINS_NO_TEXT.match(word):
        return None
    word = word.rstrip("=")
    if "." in word or len(word) % 4 == 1 or is_of_one_case(word):
        return None
    try:
        raw = binascii.a2b_base64(word.translate(_STANDARD) + "=" * (-len(word) % 4))
        text = raw.decode()
    except ValueError:
        return None
    return text if text.isprintable() or _is_text(text) else None


def _is_text(text: str) -> bool:
    return all(
        sign.isprintable() or sign in _PLAIN_CONTROLS or category(sign) in _ODD_IN_TEXTS
        for sign in text
    )
