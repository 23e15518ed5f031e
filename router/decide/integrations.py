"""The event's own `integrations` map: it can only narrow what the configuration allows.

=====================================  ==========================================================
the map says                           then
=====================================  ==========================================================
nothing, or `{}`                       send
`X: true` under an accepted name       send, also beside `All: false`
`X: {...}` under an accepted name      send, and the object is the destination's options
`X: false` under any spelling          skip
`All: false` (or `all`), no X          skip
an odd value (null, "false", 0, [])    as false: the private reading wins
a map that is no object                skip, for every destination
`Warehouses: {all: ..}`                for warehouses: true, or a list with our name, sends
=====================================  ==========================================================

Accepted names are the instance's own, the adapter's display name and its aliases, spelled
exactly. `false` denies under each spelling that comes to the same once case, spaces and
punctuation are gone. `Segment.io` is no destination.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from router.decide.spelling import spelled
from router.decide.verdict import Send, Skip
from router.observe.reasons import SkipReason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from router.events.event import Event

Narrowing: TypeAlias = "Callable[[Event], Send | Skip]"

NO_DESTINATIONS = frozenset({"all", "segmentio"})
"""Spellings of names in a map that name no destination."""
_WAREHOUSES = frozenset({"warehouse", "warehouses"})

_EVERYTHING = Send("integrations.All")
_MALFORMED = Skip(SkipReason.INTEGRATIONS_MALFORMED, "integrations")
_ALL_OFF = Skip(SkipReason.INTEGRATIONS_ALL_OFF, "integrations.All")


def compile_integrations(instance: str, name: str, aliases: Iterable[str] = ()) -> Narrowing:
    """Return what reads an event's map for one destination.

    `instance` is the destination's own name, `name` the adapter's display name.
    """
    names = tuple(dict.fromkeys((instance, name, *sorted(aliases))))
    exact = frozenset(names)
    spellings = frozenset(filter(None, map(spelled, names))) - NO_DESTINATIONS
    warehouse = not _WAREHOUSES.isdisjoint(spellings)
    off = Skip(SkipReason.INTEGRATIONS_OFF, f"integrations.{name}")
    on = Send(f"integrations.{name}")
    unnamed = Send(f"destinations.{instance}")
    served = Skip(SkipReason.DEVICE_ALREADY_SENT, "_metadata.bundled")

    def narrow(event: Event) -> Send | Skip:
        if event.bundled and not exact.isdisjoint(event.bundled):
            return served
        given = event.data.get("integrations")
        if not given:
            return unnamed if given is None or given == {} else _MALFORMED
        if type(given) is not dict:
            return _MALFORMED
        everything = True
        allowed: Send | None = None
        for key, value in given.items():
            if key in exact:
                if value is not True and type(value) is not dict:
                    return off
                if warehouse and type(value) is dict and _is_warehouse_key(key):
                    if not _stores(value, instance):
                        return off
                    value = True  # noqa: PLW2901 - a selection of warehouses holds no options
                allowed = _stronger(allowed, value, on)
            elif value is not True:
                spelling = spelled(key)
                if spelling == "all":
                    everything = False
                elif spelling in spellings and type(value) is not dict:
                    return off
                elif warehouse and spelling in _WAREHOUSES and not _stores(value, instance):
                    return off
        return allowed or (_EVERYTHING if everything else _ALL_OFF)

    return narrow


def unknown_names(event: Event, known: frozenset[str]) -> tuple[str, ...]:
    """Return the names in an event's map whose spelling is none of `known`."""
    given = event.data.get("integrations")
    if not given or type(given) is not dict:
        return ()
    return tuple(key for key in given if spelled(key) not in known)


def _stronger(earlier: Send | None, value: Any, on: Send) -> Send:
    """Keep the options found first; several accepted names may be in one map."""
    if type(value) is dict and value and (earlier is None or earlier.options is None):
        return Send(on.rule, value)
    return earlier or on


def _is_warehouse_key(key: str) -> bool:
    return spelled(key) in _WAREHOUSES


def _stores(value: Any, instance: str) -> bool:
    """Tell whether a `Warehouses` object selects this warehouse."""
    if type(value) is not dict:
        return False
    if value.get("all") is True:
        return True
    chosen = value.get("warehouseIds")
    return type(chosen) is list and instance in chosen
