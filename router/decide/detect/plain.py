"""The plain reading of a text: every encoding undone, and where each part of it came from.

Undone are percent-encoding (any number of times over), HTML entities, the escapes of JSON,
full-width and other digits and signs, invisible characters and unusual spaces and dashes.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_ROUNDS = 6
"""Encodings may hide each other so many times; a text that is deeper is not read."""
_ENCODED = re.compile(
    r"%(?:25)*+[0-7][0-9A-Fa-f]"
    r"|%(?:25)*+[89A-Fa-f][0-9A-Fa-f](?:%(?:25)*+[89A-Fa-f][0-9A-Fa-f])*+"
    r"|%u[0-9A-Fa-f]{4}"
    r"|&(?:\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6});?"
    r"|&[A-Za-z]{2,8};"
    r"|\\\\{0,63}+(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[nrt])"
)
"""Each form begins with a sign of its own, so that the others are passed over quickly."""
_BYTE = re.compile(r"%(?:25)*+([0-9A-Fa-f]{2})")
_SIGNS = {"Zs": " ", "Pd": "-", "Cf": ""}
_ALIKE = {0x3002: ".", 0x2212: "-", 0x034F: "", 0x115F: "", 0x3164: ""}
_MOST_LETTERS = 4096


class _Letters(dict[int, str]):
    """Each character as it is written plainly, noted when first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        plain = _SIGNS.get(unicodedata.category(character), character)
        digit = unicodedata.decimal(character, None)
        if digit is not None:
            plain = str(digit)
        elif plain == character:
            folded = unicodedata.normalize("NFKC", character)
            plain = folded if len(folded) == 1 and folded.isascii() else character
        if len(self) < _MOST_LETTERS:
            self[code] = plain
        return plain


_LETTERS = _Letters({code: chr(code) for code in range(128)} | _ALIKE)


class UnreadError(ValueError):
    """A text is encoded more often over than anybody would."""


class _Piece(NamedTuple):
    """A piece that reads differently: where it stands plainly, and where it stood."""

    plain: int
    plain_end: int
    start: int
    end: int


def may_be_encoded(text: str) -> bool:
    """Tell quickly whether a text may read differently than it is written."""
    return not text.isascii() or "%" in text or "\\" in text or ("&" in text and ";" in text)


def read(text: str) -> str:
    """Return the plain reading of a text; raises UnreadError."""
    return readings(text)[-1] if may_be_encoded(text) else text


def readings(text: str) -> list[str]:
    """Return a text and what each round of reading makes of it, the plain reading last.

    Of a round the signs come first, then what they were encoded as. Raises UnreadError.
    """
    rounds = [text]
    for _ in range(_ROUNDS):
        if not text.isascii():
            text = text.translate(_LETTERS)
        rounds.append(text)
        text = _ENCODED.sub(_decoded, text)
        rounds.append(text)
        if text == rounds[-3] or not may_be_encoded(text):
            return rounds
    raise UnreadError


def trace(rounds: list[str], places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return where places of the plain reading, each start and end, stand in the text."""
    for at in range(len(rounds) - 2, -1, -1):
        text = rounds[at]
        if text == rounds[at + 1]:
            continue
        pieces = _pieces(text) if at % 2 else _left_out(text)
        starts = [piece.plain for piece in pieces]
        places = [
            (_back(start, starts, pieces)[0], _back(end - 1, starts, pieces)[1])
            for start, end in places
        ]
    return places


def _left_out(text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    for at, character in enumerate(text):
        if not _LETTERS[ord(character)]:
            plain = at - len(pieces)
            pieces.append(_Piece(plain, plain, at, at + 1))
    return pieces


def _pieces(text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    shorter = 0
    for found in _ENCODED.finditer(text):
        start, end = found.span()
        plain = start - shorter
        plain_end = plain + len(_decoded(found))
        pieces.append(_Piece(plain, plain_end, start, end))
        shorter = end - plain_end
    return pieces


def _back(at: int, starts: list[int], pieces: list[_Piece]) -> tuple[int, int]:
    """Return where a character of the reading stood: start and end."""
    before = bisect_right(starts, at) - 1
    if before < 0:
        return at, at + 1
    piece = pieces[before]
    if at < piece.plain_end:
        return piece.start, piece.end
    start = piece.end + at - piece.plain_end
    return start, start + 1


def _decoded(found: re.Match[str]) -> str:
    written = found[0]
    return _DECODERS[written[0]](written)


def _percent(written: str) -> str:
    if len(written) == 3 and written[1] < "8":
        return chr(int(written[1:], 16))
    if written[1] == "u":
        return chr(int(written.removeprefix("%u"), base=16))
    raw = bytes(int(byte, 16) for byte in _BYTE.findall(written))
    return raw.decode("utf-8", "replace")


def _entity(written: str) -> str:
    plain = html.unescape(written if written[-1] == ";" else written + ";")
    return plain if len(plain) == 1 else written


def _escape(written: str) -> str:
    code = written.lstrip("\\")[1:]
    return chr(int(code, 16)) if code else " "


_DECODERS: dict[str, Callable[[str], str]] = {"%": _percent, "&": _entity, "\\": _escape}
