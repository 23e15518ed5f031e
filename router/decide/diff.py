"""What two configurations would make of the same event, and how the results differ."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from router.decide.detect.keys import shown_key
from router.decide.places import NOTHING
from router.decide.policy.places import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from router.decide.policy.places import Place

Told: TypeAlias = "Mapping[str, Any]"
"""What `decide.explain` says of one event and one destination."""
NEVER: Told = {"verdict": "skip", "reason": None, "rule": None, "payload": None}
"""What a configuration says that has no such destination."""


class Effect(StrEnum):
    """What becomes different for one destination; the order is that of reports."""

    APPEARS = "appears"
    VANISHES = "vanishes"
    REASON = "reason"
    LOSES = "loses"
    GAINS = "gains"
    CHANGES = "changes"

    @property
    def meaning(self) -> str:
        """What it says of an event, in words."""
        return _MEANINGS[self]


_MEANINGS = {
    Effect.APPEARS: "sent now, not before",
    Effect.VANISHES: "sent before, not now",
    Effect.REASON: "not sent for another reason",
    Effect.LOSES: "sent with less in it",
    Effect.GAINS: "sent with more in it",
    Effect.CHANGES: "sent with other values",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A field that differs; `path` is `properties.products[0].note`. Its repr shows no value.

    Keys of the path that are personal data are `(personal key)`.
    """

    path: str
    before: Any = field(default=NOTHING, repr=False)
    after: Any = field(default=NOTHING, repr=False)

    @property
    def effect(self) -> Effect:
        """Tell whether the field is lost, gained or changed."""
        if self.after is NOTHING:
            return Effect.LOSES
        return Effect.GAINS if self.before is NOTHING else Effect.CHANGES


@dataclass(frozen=True, slots=True)
class FateDiff:
    """How one event's fate at one destination differs: never empty."""

    effects: tuple[Effect, ...]
    before: str | None
    """The reason why it was not sent before; None when it was."""
    after: str | None
    spots: tuple[Spot, ...] = ()


def fate_diff(before: Told, after: Told) -> FateDiff | None:
    """Return how two explanations of one event and destination differ; None when they do not.

    The rule that decided may be another one: nobody outside can see that.
    """
    sent, sends = before["verdict"] == "send", after["verdict"] == "send"
    if sent and sends:
        spots = tuple(spots_between(before["payload"], after["payload"]))
        if not spots:
            return None
        found = {spot.effect for spot in spots}
        return FateDiff(tuple(e for e in Effect if e in found), None, None, spots)
    if sent or sends:
        effect = Effect.APPEARS if sends else Effect.VANISHES
        return FateDiff((effect,), before["reason"], after["reason"])
    if before["reason"] == after["reason"] or before is NEVER or after is NEVER:
        return None
    return FateDiff((Effect.REASON,), before["reason"], after["reason"])


def spots_between(before: Any, after: Any, place: Place = "") -> Iterator[Spot]:
    """Yield the fields in which two payloads differ, the outermost that is on one side alone.

    Lists of unequal length are compared from their beginning.
    """
    if before is after:
        return
    if type(before) is dict and type(after) is dict:
        for key in before.keys() | after.keys() if before.keys() != after.keys() else before:
            yield from _spots_at(before.get(key, NOTHING), after.get(key, NOTHING), (place, key))
    elif type(before) is list and type(after) is list:
        for index in range(max(len(before), len(after))):
            old = before[index] if index < len(before) else NOTHING
            new = after[index] if index < len(after) else NOTHING
            yield from _spots_at(old, new, (place, index))
    elif before != after or type(before) is not type(after):
        yield _spot(place, before, after)


def _spots_at(before: Any, after: Any, place: Place) -> Iterator[Spot]:
    if before is NOTHING or after is NOTHING:
        yield _spot(place, before, after)
    else:
        yield from spots_between(before, after, place)


def _spot(place: Place, before: Any, after: Any) -> Spot:
    return Spot(path_of(place, shown_key), before, after)


def renamed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """Return the old name of each destination that is the same under a new one.

    The same has the same type and settings; where two could be meant, none is.
    """
    gone = [name for name in before if name not in after]
    come = [name for name in after if name not in before]
    likely = {new: [old for old in gone if _same(before[old], after[new])] for new in come}
    claimed = [old for olds in likely.values() for old in olds]
    return {
        new: olds[0]
        for new, olds in likely.items()
        if len(olds) == 1 and claimed.count(olds[0]) == 1
    }


def _same(before: Any, after: Any) -> bool:
    return bool(before.type == after.type and before.settings == after.settings)
