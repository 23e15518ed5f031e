"""Two configurations over the same lines: per destination, what would be different."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from router.cli.preview.arriving import Arriving
from router.config.compiled import compiled, sources
from router.config.secret_key import privacy_key
from router.decide.diff import NEVER, Effect, fate_diff, renamed
from router.decide.explain import explain

if TYPE_CHECKING:
    from router.config import Config
    from router.decide.diff import FateDiff, Told
    from router.decide.routes import Routes

MOST_PATHS = 200
"""Paths that are counted for one destination and effect; events may bring any number."""
_PLACE = re.compile(r"\[\d+\]")
_KEY = b"both sides make their tokens with this"
"""Two files that name no privacy key are meant for the same store, which has one key."""


@dataclass(frozen=True, slots=True)
class Example:
    """One event that differs."""

    message_id: str
    line: int
    difference: FateDiff


@dataclass(slots=True)
class Changes:
    """What is different for one destination."""

    state: str
    """`kept`, `added`, `removed` or `renamed`."""
    was: str | None = None
    sent_before: int = 0
    sent_after: int = 0
    events: int = 0
    """How many events differ."""
    effects: Counter[Effect] = field(default_factory=Counter)
    reasons: Counter[tuple[str | None, str | None]] = field(default_factory=Counter)
    paths: dict[Effect, Counter[str]] = field(default_factory=dict)
    uncounted: Counter[Effect] = field(default_factory=Counter)
    """How often a path beyond the first `MOST_PATHS` differed; a path of two events is two."""
    examples: dict[Effect, list[Example]] = field(default_factory=dict)

    @property
    def different(self) -> bool:
        """Tell whether anything is."""
        return self.events > 0 or self.state != "kept"

    def add(self, example: Example, most: int) -> None:
        """Count an event that differs; keep it as an example while there are fewer than `most`."""
        self.events += 1
        found = example.difference
        if not found.spots:
            self.reasons[found.before, found.after] += 1
        for effect in found.effects:
            self.effects[effect] += 1
            kept = self.examples.setdefault(effect, [])
            if len(kept) < most:
                kept.append(example)
        for effect, path in {(spot.effect, _PLACE.sub("[*]", spot.path)) for spot in found.spots}:
            counted = self.paths.setdefault(effect, Counter())
            if path in counted or len(counted) < MOST_PATHS:
                counted[path] += 1
            else:
                self.uncounted[effect] += 1


class ConfigDiff:
    """Compares line by line; `destinations` has the new names, then those that are gone."""

    def __init__(self, before: Config, after: Config, examples: int = 3) -> None:
        self._sides = _routes(before), _routes(after)
        here, there = sources(before), sources(after)
        self._before = Arriving(here)
        self._after = None if here == there else Arriving(there, self._before.now_ms)
        self._examples = examples
        self.lines = self.events = 0
        self.unreadable: Counter[str] = Counter()
        was = renamed(before.destinations, after.destinations)
        self.destinations: dict[str, Changes] = {}
        for name in after.destinations:
            state = "kept" if name in before.destinations else "renamed" if name in was else "added"
            self.destinations[name] = Changes(state, was.get(name))
        for name in before.destinations:
            if name not in after.destinations and name not in was.values():
                self.destinations[name] = Changes("removed")

    @property
    def different(self) -> bool:
        """Tell whether any event or any destination is."""
        return any(changes.different for changes in self.destinations.values())

    def add(self, raw: bytes) -> None:
        """Compare what becomes of the next line; blank lines are none."""
        self.lines += 1
        event = self._before.read(raw)
        again = event if self._after is None else self._after.read(raw)
        if not raw.strip():
            return
        if isinstance(event, str) or isinstance(again, str):
            self.unreadable[event if isinstance(event, str) else str(again)] += 1
            return
        self.events += 1
        old = explain(event, self._sides[0])["destinations"]
        new = explain(again, self._sides[1])["destinations"]
        for name, changes in self.destinations.items():
            told: tuple[Told, Told] = old.get(changes.was or name, NEVER), new.get(name, NEVER)
            changes.sent_before += told[0]["verdict"] == "send"
            changes.sent_after += told[1]["verdict"] == "send"
            found = fate_diff(*told)
            if found is not None:
                changes.add(Example(event.message_id, self.lines, found), self._examples)


def _routes(config: Config) -> Routes:
    return compiled(config, _KEY if config.privacy_key is None else privacy_key(config))
