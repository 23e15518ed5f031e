"""The difference between two configurations as JSON and in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import orjson

from router.cli.output import harmless
from router.cli.wording import count
from router.decide.diff import Effect
from router.decide.places import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from router.cli.preview.comparison import Changes, ConfigDiff, Example

SHOWN_PATHS = 10
"""Paths in words for one effect; JSON has all."""
SHOWN_VALUE = 80
"""Characters of a value in words."""
SENT = "sent"
"""In place of a reason not to send."""


def as_value(compared: ConfigDiff, before: Path, after: Path, *, reveal: bool) -> dict[str, Any]:
    """Return all that was found, for programs."""
    return {
        "before": str(before),
        "after": str(after),
        "different": compared.different,
        "events": compared.events,
        "unreadable": sum(compared.unreadable.values()),
        "destinations": {
            name: _changes(changes, reveal=reveal)
            for name, changes in compared.destinations.items()
        },
    }


def _changes(changes: Changes, *, reveal: bool) -> dict[str, Any]:
    return {
        "state": changes.state,
        "was": changes.was,
        "sent_before": changes.sent_before,
        "sent_after": changes.sent_after,
        "different": changes.events,
        **{effect.value: changes.effects[effect] for effect in Effect},
        "reasons": [
            {"before": before, "after": after, "events": number}
            for (before, after), number in changes.reasons.most_common()
        ],
        "paths": [
            {"effect": effect.value, "path": path, "events": number}
            for effect in Effect
            for path, number in changes.paths.get(effect, Counter()).most_common()
        ],
        "paths_left_out": {effect.value: number for effect, number in changes.uncounted.items()},
        "examples": [
            _example(effect, example, reveal=reveal)
            for effect, examples in changes.examples.items()
            for example in examples
        ],
    }


def _example(effect: Effect, example: Example, *, reveal: bool) -> dict[str, Any]:
    found = example.difference
    spots = [spot for spot in found.spots if spot.effect is effect]
    shown: dict[str, Any] = {
        "effect": effect.value,
        "message_id": example.message_id,
        "line": example.line,
        "before": found.before,
        "after": found.after,
        "paths": [spot.path for spot in spots],
    }
    if reveal:
        sides = [{"before": spot.before, "after": spot.after} for spot in spots]
        shown["values"] = [{k: v for k, v in side.items() if v is not NOTHING} for side in sides]
    return shown


def told(compared: ConfigDiff, *, reveal: bool) -> Iterator[str]:
    """Yield the difference in words, a line each."""
    scope = f"{count(compared.events, 'event')}, {count(len(compared.destinations), 'destination')}"
    if not compared.different:
        yield f"no difference: {scope}"
        return
    yield scope
    same = [name for name, changes in compared.destinations.items() if not changes.different]
    for name, changes in compared.destinations.items():
        if changes.different:
            yield ""
            yield from _told(name, changes, reveal=reveal)
    if same:
        yield ""
        yield f"no difference: {', '.join(same)}"


def _told(name: str, changes: Changes, *, reveal: bool) -> Iterator[str]:
    what = {"kept": "", "added": " (new)", "removed": " (gone)"}
    state = what.get(changes.state, f" (was {changes.was})")
    sent = f"sent {changes.sent_before:,} -> {changes.sent_after:,}"
    yield f"{name}{state}: {count(changes.events, 'event')} different, {sent}"
    if changes.state in ("removed", "renamed"):
        yield f"  what waits for {changes.was or name} is held until that name is configured again"
    for effect in Effect:
        if not changes.effects[effect]:
            continue
        yield f"  {effect.value} {changes.effects[effect]:,}: {effect.meaning}"
        yield from (f"    {line}" for line in _grounds(effect, changes))
        for example in changes.examples.get(effect, []):
            yield from (f"    {line}" for line in _told_example(effect, example, reveal=reveal))


def _grounds(effect: Effect, changes: Changes) -> Iterator[str]:
    """Yield why events appear or vanish, or in which fields they differ, with counts."""
    counted = changes.paths.get(effect)
    if counted:
        for path, number in counted.most_common(SHOWN_PATHS):
            yield f"{number:,} x {harmless(path)}"
        if len(counted) > SHOWN_PATHS:
            yield f"and {len(counted) - SHOWN_PATHS:,} more paths"
        if left := changes.uncounted[effect]:
            yield f"and {left:,} x a path beyond these {len(counted):,}, not told apart"
        return
    if changes.state in ("added", "removed"):
        return
    sides = {Effect.APPEARS: (False, True), Effect.VANISHES: (True, False)}
    wanted = sides.get(effect, (False, False))
    for (before, after), number in changes.reasons.most_common():
        if (before is None, after is None) == wanted:
            yield f"{number:,} x {before or SENT} -> {after or SENT}"


def _told_example(effect: Effect, example: Example, *, reveal: bool) -> Iterator[str]:
    spots = [spot for spot in example.difference.spots if spot.effect is effect]
    paths = f": {', '.join(harmless(spot.path) for spot in spots[:SHOWN_PATHS])}" if spots else ""
    yield f"e.g. {harmless(example.message_id)} (line {example.line}){paths}"
    if reveal:
        for spot in spots[:SHOWN_PATHS]:
            yield f"  {harmless(spot.path)}: {_short(spot.before)} -> {_short(spot.after)}"


def _short(value: Any) -> str:
    if value is NOTHING:
        return "nothing"
    text = harmless(orjson.dumps(value).decode())
    return text if len(text) <= SHOWN_VALUE else f"{text[:SHOWN_VALUE]}..."
