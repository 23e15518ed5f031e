"""Findings about names: what an event calls one destination by, and another one answers to."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from router.config.lint.finding import Finding, Notes
from router.config.problem import quoted
from router.decide.spelling import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.config.sections.destination import Destination
    from router.config.sections.whole import Config


def lint_names(config: Config) -> Iterator[Finding]:
    """Yield the findings; that instances of one adapter share its names is no news."""
    note = Notes(config)
    told: set[frozenset[str]] = set()
    for one, other in permutations(config.destinations.values(), 2):
        pair = frozenset({one.name, other.name})
        name = next((name for name in _own(one) if spelled(name) in _heard(other, one)), None)
        if name is None or pair in told:
            continue
        told.add(pair)
        yield note.warning(
            "name_shared", ("destinations", one.name),
            f"{quoted(other.name)} answers to {quoted(name)} too, a name of {quoted(one.name)}",
            f"an event whose integrations map says {quoted(name)}: false denies both",
        )  # fmt: skip


def _own(destination: Destination) -> tuple[str, ...]:
    return (destination.name, *destination.known_as)


def _heard(destination: Destination, beside: Destination) -> set[str]:
    """Return the spellings that it answers to, and one beside it does not by its type alone."""
    names = set(_own(destination))
    if destination.type != beside.type:
        adapter = destination.adapter_class
        names |= {destination.type, adapter.name, *adapter.aliases}
    return set(map(spelled, names))
