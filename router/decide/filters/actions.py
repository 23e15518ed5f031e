"""What a filter does with an event that it matches: keep a share of them, or trim it.

==================  =====================================================================
action              result
==================  =====================================================================
drop                the destination does not get the event
sample              it gets a fixed share: `md5(JSON of a value)`, its first 8 bytes as a
                    fraction of 2^64, is less than `percent`
drop_properties     objects lose the keys named for their place; "" is the event itself
allow_properties    objects keep only the keys named for their place; other objects stay
==================  =====================================================================

Of a list each element is trimmed. `type`, `messageId` and `timestamp` always stay, here as in
every policy; ids are keys like others.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from router.decide.filters.tokens import keys_of
from router.decide.json_text import json_text
from router.decide.places import NOTHING, at_objects, read, without
from router.decide.policy.rules import ALWAYS_KEPT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from router.events.event import Event

Share: TypeAlias = "Callable[[Event], bool]"
Trim: TypeAlias = "Callable[[dict[str, Any]], dict[str, Any]]"


class FilterSection(Protocol):
    """What is read of a filter of a destination."""

    @property
    def if_(self) -> str:
        """The events it is for, as an expression; `all` for all."""

    @property
    def do(self) -> str:
        """The action."""

    @property
    def percent(self) -> float | None:
        """For `sample`: the share that passes, from 0 to 1."""

    @property
    def path(self) -> str | None:
        """For `sample`: equal values at this path are decided alike; None goes by message id."""

    @property
    def fields(self) -> Mapping[str, Sequence[str]]:
        """For trimming: keys by the path of the object that has them."""


def compile_share(percent: float, path: str | None) -> Share:
    """Return what tells whether an event is in the share; raises FilterError for the path.

    An event with nothing, or null, at the path goes by its message id: else all of them would be
    in, or none.
    """
    keys = keys_of(path) if path else ()

    def is_in(event: Event) -> bool:
        value = read(event.data, keys) if keys else None
        if value is NOTHING or value is None:
            value = event.message_id
        return part_of(value) < percent

    return is_in


def part_of(value: Any) -> float:
    """Return the number from 0 to 1 that stands for a JSON value, always the same."""
    digest = hashlib.md5(json_text(value).encode(), usedforsecurity=False).digest()
    return float(int.from_bytes(digest[:8], "big") / 2**64)


def compile_trim(do: str, fields: Mapping[str, Sequence[str]]) -> Trim:
    """Return what trims an event's data, without changing it; raises FilterError for a path."""
    change = _dropping if do == "drop_properties" else _allowing
    cuts = [
        (keys_of(path) if path else (), change(frozenset(keys), is_event=not path))
        for path, keys in fields.items()
    ]

    def trim(data: dict[str, Any]) -> dict[str, Any]:
        for keys, cut in cuts:
            data = at_objects(data, keys, cut)
        return data

    return trim


def _dropping(keys: frozenset[str], *, is_event: bool) -> Trim:
    gone = keys - ALWAYS_KEPT if is_event else keys
    return lambda value: without(value, gone)


def _allowing(keys: frozenset[str], *, is_event: bool) -> Trim:
    kept = keys | ALWAYS_KEPT if is_event else keys

    def allow(value: dict[str, Any]) -> dict[str, Any]:
        if value.keys() <= kept:
            return value
        return {key: item for key, item in value.items() if key in kept}

    return allow
