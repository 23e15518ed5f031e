"""Bits: the fields that consent strings pack into base64url characters, read in order."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode

_BASE64URL = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_FIBONACCI = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987)
MOST_ID = 1023
"""Identifiers in a Fibonacci range that are larger are not believed: 27 is the last one given."""


class Undecodable(ValueError):  # noqa: N818 - reads as what it says: the string is undecodable
    """A string is not what it should be. The text never quotes it."""


class Bits:
    """What is left of a segment's bits. Every read raises Undecodable where too few are left."""

    __slots__ = ("_at", "_bits")

    def __init__(self, text: str) -> None:
        if not _BASE64URL.fullmatch(text):
            raise Undecodable("a character that is not base64url")
        raw = urlsafe_b64decode(text + "A" * (-len(text) % 4))
        self._bits = f"{int.from_bytes(b'1' + raw, 'big'):b}"[6:][: 6 * len(text)]
        self._at = 0

    def number(self, width: int) -> int:
        """Read an unsigned number of `width` bits."""
        return int(self._read(width), 2)

    def flag(self) -> bool:
        """Read one bit."""
        return self._read(1) == "1"

    def mask(self, width: int) -> int:
        """Read a bit field as a number whose bit n stands for the id n; ids count from 1."""
        return int(self._read(width)[::-1], 2) << 1 if width else 0

    def fibonacci_ids(self) -> tuple[int, ...]:
        """Read a Range(Fibonacci): rising ids, each as its distance from the one before."""
        found: list[int] = []
        last = 0
        for _ in range(self.number(12)):
            grouped = self.flag()
            first = last + self._fibonacci()
            last = first + self._fibonacci() if grouped else first
            if last > MOST_ID:
                raise Undecodable("an id that is too large")
            found.extend(range(first, last + 1))
        return tuple(found)

    def _fibonacci(self) -> int:
        """Read a number in Fibonacci coding: the sum of its ones, which "11" ends."""
        end = self._bits.find("11", self._at, self._at + len(_FIBONACCI) + 1)
        if end < 0:
            raise Undecodable("a number without an end")
        word = self._bits[self._at : end + 1]
        self._at = end + 2
        return sum(size for size, bit in zip(_FIBONACCI, word, strict=False) if bit == "1")

    def _read(self, width: int) -> str:
        end = self._at + width
        if end > len(self._bits):
            raise Undecodable("it ends too early")
        read = self._bits[self._at : end]
        self._at = end
        return read
