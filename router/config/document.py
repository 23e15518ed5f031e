"""A file as plain values, with the line and column of each, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from router.config.problem import Problem, Wrong, dotted

Where: TypeAlias = tuple[str | int, ...]
"""The way to a value: `("destinations", "hook", "settings", "url")`."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands; `exact` is the column of its first character, if it has one."""

    line: int
    column: int
    exact: int | None = None


@dataclass(slots=True)
class Document:
    """A configuration file as values, and where each of them stands."""

    file: str
    value: Any = None
    keys: dict[Where, Spot] = field(default_factory=dict, repr=False)
    values: dict[Where, Spot] = field(default_factory=dict, repr=False)
    drawn: set[Where] = field(default_factory=set)
    """Values that came from the environment."""
    broken: set[Where] = field(default_factory=set)
    """Values that are already known to be wrong."""
    problems: list[Problem] = field(default_factory=list)

    def where(self, loc: Where) -> Where:
        """Return the longest way in this document along `loc`, leaving out foreign parts."""
        found: Where = ()
        for part in loc:
            if (*found, part) in self.values:
                found = (*found, part)
        return found

    def spot(self, loc: Where, *, key: bool = False) -> Spot:
        """Return where a value stands (or its key), or the nearest thing around it."""
        where = self.where(loc)
        spots = self.keys if key and where in self.keys else self.values
        return spots.get(where, Spot(1, 1))

    def at(self, loc: Where) -> Any:
        """Return the value at `loc`, or the nearest one around it."""
        value = self.value
        for part in self.where(loc):
            value = value[part]
        return value

    def blame(
        self, loc: Where, wrong: Wrong, *, key: bool = False, shift: int | None = None
    ) -> None:
        """Write down a problem at a value, or `shift` characters into its text."""
        spot = self.spot(loc, key=key)
        column = spot.column if spot.exact is None or shift is None else spot.exact + shift
        self.problems.append(
            Problem(
                self.file, spot.line, column, wrong.message, wrong.hint, dotted(self.where(loc))
            )
        )
