"""What is wrong with a configuration: the line, the sentence, the nearest right word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from router.decide.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_QUOTE = 60
"""Words of the file that are longer than this are cut in messages."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a configuration file, at a line and column that count from 1.

    `hint` says how to mend it. No text of it ever holds the value of a secret.
    """

    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    where: str = ""
    """The place in words: `destinations.hook.settings.url`."""

    def __str__(self) -> str:
        text = f"{self.file}:{self.line}:{self.column}: {self.message}"
        return printable(f"{text} ({self.hint})" if self.hint else text)


class ConfigError(Exception):
    """Everything that is wrong with a configuration, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        told = {(each.line, each.column, each.message): each for each in problems}
        self.problems = sorted(told.values())
        super().__init__("\n".join(map(str, self.problems)))


class Wrong(ValueError):  # noqa: N818 - reads as what it says: a wrong value
    """A value that cannot stand; `hint` says what could."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def dotted(where: Iterable[str | int]) -> str:
    """Return a place in words: `destinations.hook.privacy.rules[2]`."""
    text = ""
    for part in where:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return printable(text.removeprefix("."))


def printable(text: str) -> str:
    """Return the text with what no terminal should be given written out."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def quoted(word: object) -> str:
    """Return a word of the file in double quotes, cut and made printable."""
    text = str(word)
    if len(text) > LONGEST_QUOTE:
        text = text[:LONGEST_QUOTE] + "..."
    return f'"{printable(text)}"'


def unknown(word: str, options: Iterable[str], *, offer: str = "known here") -> Wrong:
    """Say that a word is unknown: with the nearest right one, else with all of them."""
    known = sorted(options)
    near = nearest(word, known)
    if near is not None:
        hint = f"did you mean {quoted(near)}?"
    else:
        hint = f"{offer}: {', '.join(known)}" if known else f"{offer}: none"
    return Wrong(f"unknown word {quoted(word)}", hint)
