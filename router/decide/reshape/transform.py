"""A list of steps that transform events, compiled to one function of the event's data.

Steps are done in their order, each on what the one before left. Within a step every value is read
as it was before the step. A change whose value is not there, or whose place has no object around
it, does not happen. Lists are looked through where a change stays within one object: a key that
is renamed in `properties.products` is renamed in each product. Nothing of an event makes a step
fail.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from router.decide.consent.update import UPDATES
from router.decide.filters.expression import compile_filter
from router.decide.places import NOTHING, at_objects, read, written
from router.decide.reshape.changes import changes_of
from router.decide.reshape.hashing import compile_hash
from router.decide.reshape.places import ReshapeError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from router.decide.places import Keys
    from router.decide.reshape.changes import Across, StepSection, Within
    from router.decide.reshape.hashing import Hash

Reshape: TypeAlias = "Callable[[dict[str, Any]], dict[str, Any]]"
Change: TypeAlias = "Callable[[set[Keys], dict[str, Any]], dict[str, Any]]"


def compile_transform(steps: Sequence[StepSection]) -> Reshape | None:
    """Return what transforms an event's data; None without steps.

    The result is the same object when nothing changed, and shares with it what did not; what is
    given is never changed. Raises FilterError or ReshapeError.
    """
    compiled = [compile_step(step) for step in steps]
    if not compiled:
        return None

    def reshape(data: dict[str, Any]) -> dict[str, Any]:
        for step in compiled:
            data = step(data)
        return data

    return reshape


def compile_step(step: StepSection) -> Reshape:
    """Return what does one step; raises FilterError or ReshapeError."""
    changes = changes_of(step)
    hashed = compile_hash(step.hash_.secret, step.hash_.encoding) if step.hash_ else _same
    inner = [(keys, _compile_within(keys, each, hashed)) for keys, each in changes.within.items()]
    across = changes.across
    name = step.rename_event
    if name in UPDATES:
        raise ReshapeError(f"no other event becomes `{name}`, which tells consent")
    passes = _always if step.if_ is None else compile_filter(step.if_)

    def done(data: dict[str, Any]) -> dict[str, Any]:
        if not passes(data):
            return data
        going = _going(across, data) if across else []
        gone = {each.source for each, _ in going if each.moves}
        for keys, change in inner:
            data = at_objects(data, keys, partial(change, gone))
        for each, value in going:
            data = written(data, each.target, value)
        if name is not None and type(data.get("event")) is str and data["event"] != name:
            data = {**data, "event": name}
        return data

    return done


def _compile_within(place: Keys, changes: Within, hashed: Hash) -> Change:
    """Return what changes the object at a place, given what has gone from it to another object.

    Nothing in it has been changed by the step so far.
    """
    taken, given, put, keys = changes.taken, changes.given, changes.put, changes.hashed
    leaving = changes.leaving
    touched = frozenset({*taken, *leaving, *keys, *(old for old, _ in given)})

    def change(gone: set[Keys], value: dict[str, Any]) -> dict[str, Any]:
        if touched.isdisjoint(value):
            return {**value, **put} if put else value
        away = taken | {key for key in leaving if (*place, key) in gone} if leaving else taken
        new = {key: item for key, item in value.items() if key not in away}
        for old, to in given:
            if old in value:
                new[to] = value[old]
        new.update(put)
        for key in keys:
            if key in value:
                new[key] = hashed(value[key])
        return new

    return change


def _going(across: list[Across], data: dict[str, Any]) -> list[tuple[Across, Any]]:
    """Return the values that are there and go to an object that is there."""
    found = [(each, read(data, each.source)) for each in across]
    return [
        (each, value)
        for each, value in found
        if value is not NOTHING and type(read(data, each.target[:-1])) is dict
    ]


def _always(_: object) -> bool:
    return True


def _same(value: Any) -> Any:
    return value


__all__ = ["Reshape", "ReshapeError", "compile_step", "compile_transform"]
