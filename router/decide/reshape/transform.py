"""A list of steps that transform events, compiled to one function of the event's data.

Steps are done in their order, each on what the one before left. Within a step every value is read
as it was before the step. A change whose value is not there, or whose place has no object around
it, does not happen. Lists are looked through where a change stays within one object: a key that
is renamed in `properties.products` is renamed in each product. Nothing of an event makes a step
fail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from router.decide.consent.update import UPDATES
from router.decide.filters.expression import compile_filter
from router.decide.places import NOTHING, at_objects, read, removed, written
from router.decide.reshape.changes import changes_of
from router.decide.reshape.hashing import compile_hash
from router.decide.reshape.places import ReshapeError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from router.decide.reshape.changes import Across, StepSection, Within
    from router.decide.reshape.hashing import Hash

Reshape: TypeAlias = "Callable[[dict[str, Any]], dict[str, Any]]"


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
    inner = [(keys, _compile_within(each, hashed)) for keys, each in changes.within.items()]
    across = changes.across
    name = step.rename_event
    if name in UPDATES:
        raise ReshapeError(f"no other event becomes `{name}`, which tells consent")
    passes = _always if step.if_ is None else compile_filter(step.if_)

    def done(data: dict[str, Any]) -> dict[str, Any]:
        if not passes(data):
            return data
        before = data
        for keys, change in inner:
            data = at_objects(data, keys, change)
        if across:
            data = _carried(across, before, data)
        if name is not None and type(data.get("event")) is str and data["event"] != name:
            data = {**data, "event": name}
        return data

    return done


def _compile_within(changes: Within, hashed: Hash) -> Reshape:
    """Return what changes one object. Nothing in it has been changed by the step so far."""
    taken, given, put, keys = changes.taken, changes.given, changes.put, changes.hashed
    touched = frozenset({*taken, *keys, *(old for old, _ in given)})

    def change(value: dict[str, Any]) -> dict[str, Any]:
        if touched.isdisjoint(value):
            return {**value, **put} if put else value
        new = {key: item for key, item in value.items() if key not in taken}
        for old, to in given:
            if old in value:
                new[to] = value[old]
        new.update(put)
        for key in keys:
            if key in value:
                new[key] = hashed(value[key])
        return new

    return change


def _carried(across: list[Across], before: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """Carry values from object to object: first all leave, then all arrive."""
    found = [(each, read(before, each.source)) for each in across]
    going = [
        (each, value)
        for each, value in found
        if value is not NOTHING and type(read(before, each.target[:-1])) is dict
    ]
    for each, _ in going:
        if each.moves:
            data = removed(data, each.source)
    for each, value in going:
        data = written(data, each.target, value)
    return data


def _always(_: object) -> bool:
    return True


def _same(value: Any) -> Any:
    return value


__all__ = ["Reshape", "ReshapeError", "compile_step", "compile_transform"]
