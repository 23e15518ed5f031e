r"""Paths of privacy rules: `traits.email`, `properties.products[*].note`, `**.phone`.

Between dots stands a key, `*` (any one key) or `**` (any depth, none included); `[*]` and `[0]`
behind it go into a list. Lists that a path does not mention are looked through: `products.note`
is the note of every product. Behind a backslash stands a sign of the key itself: `a\.b`.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator


class Wild(Enum):
    """The steps that are no key and no index."""

    ANY = "*"
    DEEP = "**"
    EACH = "[*]"


Step: TypeAlias = str | int | Wild
Steps: TypeAlias = tuple[Step, ...]

_PART = re.compile(r"(?:[^.\\]|\\.)*+\\?", re.DOTALL)
_STEP = re.compile(r"(\*\*|\*|(?:[^.\[\]*\\]|\\.)+)((?:\[(?:\*|\d{1,9})\])*)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_INDEX = re.compile(r"\[(\*|\d+)\]")


class PathError(ValueError):
    """A path that cannot be read; `column` counts from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(f"{message} (column {column})")
        self.message = message
        self.column = column


def parse_path(text: str) -> Steps:
    """Return the steps of a path; raises PathError."""
    steps: list[Step] = []
    column = 1
    for part in _parts(text):
        found = _STEP.fullmatch(part)
        if found is None or (found[1] == "**" and found[2]):
            raise PathError(f"`{part}` is no step of a path", column)
        wild = found[1].startswith("*")
        step: Step = Wild(found[1]) if wild else _ESCAPED.sub(r"\1", found[1])
        if step is not Wild.DEEP or steps[-1:] != [Wild.DEEP]:
            steps.append(step)
        steps += [Wild.EACH if index == "*" else int(index) for index in _INDEX.findall(found[2])]
        column += len(part) + 1
    return tuple(steps)


def _parts(text: str) -> Iterator[str]:
    """Yield what stands between the dots that are no sign of a key."""
    position = 0
    while position <= len(text):
        found = _PART.match(text, position)
        part = found[0] if found else ""
        yield part
        position += len(part) + 1


def advance(steps: Steps, position: int, at: str | int) -> tuple[int, ...]:
    """Return the positions after going into a key (or an index) `at`, from `position`.

    A position equal to the number of steps means that the path matches there.
    """
    step = steps[position]
    if step is Wild.DEEP:
        return position, position + 1
    inside_list = isinstance(at, int)
    if step is Wild.ANY:
        return (position, position + 1) if inside_list else (position + 1,)
    if step is Wild.EACH or isinstance(step, int):
        return (position + 1,) if inside_list and step in (at, Wild.EACH) else ()
    if inside_list:
        return (position,)
    return (position + 1,) if step == at else ()


class Path:
    """A path as a rule follows it down an event: a position is a number of steps taken."""

    start = group_start = 0

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.end = len(steps)

    def rests(self, position: int) -> tuple[int, ...]:
        """Return the positions that one holds at the same time: `**` may be nothing."""
        if position < self.end and self.steps[position] is Wild.DEEP:
            return (position, *self.rests(position + 1))
        return (position,)

    def advance(self, position: int, at: str | int) -> tuple[int, ...]:
        """Return the positions after going into a key (or an index)."""
        return advance(self.steps, position, at)

    def key_at(self, position: int) -> str | None:
        """Return the one key that leads on (or through a list), None if several may."""
        step = self.steps[position]
        return step if isinstance(step, str) else "" if isinstance(step, int) else None
