"""The plain reading of a text: every encoding undone, and where each character came from.

Undone are percent-encoding (any number of times over), HTML entities, the escapes of JSON,
full-width and other digits and signs, invisible characters and unusual spaces and dashes.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_ROUNDS = 6
"""Encodings may hide each other so many times; a text that is deeper is not read."""
_ENCODED = re.compile(
    r"%(?:25)*+[0-7][0-9A-Fa-f]"
    r"|(?:%(?:25)*+[89A-Fa-f][0-9A-Fa-f])++"
    r"|%u[0-9A-Fa-f]{4}"
    r"|&(?:\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6});?"
    r"|&[A-Za-z]{2,8};"
    r"|\\{1,64}+(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[nrt])"
)
_BYTE = re.compile(r"%(?:25)*+([0-9A-Fa-f]{2})")
_SIGNS = {"Zs": " ", "Pd": "-", "Cf": ""}
_ALIKE = {0x3002: ".", 0x2212: "-", 0x00AD: "", 0x034F: "", 0x115F: "", 0x3164: ""}


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
        if len(self) < 4096:
            self[code] = plain
        return plain


_LETTERS = _Letters({code: chr(code) for code in range(128)} | _ALIKE)


class Unread(ValueError):
    """A text is encoded more often over than anybody would."""


def may_be_encoded(text: str) -> bool:
    """Tell quickly whether a text may read differently than it is written."""
    return not text.isascii() or "%" in text or "\\" in text or ("&" in text and ";" in text)


def read(text: str) -> str:
    """Return the plain reading of a text; raises Unread."""
    for _ in range(_ROUNDS):
        before = text
        if not text.isascii():
            text = text.translate(_LETTERS)
        text = _ENCODED.sub(_decoded, text)
        if text == before:
            return text
    raise Unread


def trace(text: str) -> list[tuple[int, int]]:
    """Return for each character of the plain reading where it stands in the text: start, end."""
    places = [(at, at + 1) for at in range(len(text))]
    for _ in range(_ROUNDS):
        before = text
        kept = [at for at, character in enumerate(text) if _LETTERS[ord(character)]]
        places = [places[at] for at in kept]
        text = text.translate(_LETTERS)
        text, places = _traced(text, places)
        if text == before:
            break
    return places


def _traced(text: str, places: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    out: list[str] = []
    moved: list[tuple[int, int]] = []
    end = 0
    for found in _ENCODED.finditer(text):
        decoded = _decoded(found)
        out += text[end : found.start()], decoded
        moved += places[end : found.start()]
        moved += [(places[found.start()][0], places[found.end() - 1][1])] * len(decoded)
        end = found.end()
    return "".join((*out, text[end:])), moved + places[end:]


def _decoded(found: re.Match[str]) -> str:
    written = found[0]
    return _DECODERS[written[0]](written)


def _percent(written: str) -> str:
    if written[1] == "u":
        return chr(int(written[2:], 16))
    raw = bytes(int(byte, 16) for byte in _BYTE.findall(written))
    return raw.decode("utf-8", "replace")


def _entity(written: str) -> str:
    plain = html.unescape(written if written[-1] == ";" else written + ";")
    return plain if len(plain) == 1 else written


def _escape(written: str) -> str:
    code = written.lstrip("\\")
    return " " if len(code) == 1 else chr(int(code[1:], 16))


_DECODERS: dict[str, Callable[[str], str]] = {"%": _percent, "&": _entity, "\\": _escape}
