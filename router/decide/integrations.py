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
    names = frozenset((instance, name, *aliases))
    served = Skip(SkipReason.DEVICE_ALREADY_SENT, "_metadata.bundled")
    unnamed = Send(f"destinations.{instance}")
    read = _compile_map(instance, name, names)

    def narrow(event: Event) -> Send | Skip:
        if event.bundled and not names.isdisjoint(event.bundled):
            return served
        given = event.data.get("integrations")
        if given is None or given == {}:
            return unnamed
        return read(given) if type(given) is dict else _MALFORMED

    return narrow


def _compile_map(
    instance: str, name: str, names: frozenset[str]
) -> Callable[[dict[str, Any]], Send | Skip]:
    off = Skip(SkipReason.INTEGRATIONS_OFF, f"integrations.{name}")
    on = Send(f"integrations.{name}")
    spellings = frozenset(filter(None, map(spelled, names))) - NO_DESTINATIONS
    chosen: str | None = None
    if not _WAREHOUSES.isdisjoint(spellings):
        spellings |= _WAREHOUSES
        chosen = instance

    def read(given: dict[str, Any]) -> Send | Skip:
        everything = True
        allowed: Send | None = None
        for key, value in given.items():
            answer = _answer(key, value, chosen)
            if key in names:
                if answer is False:
                    return off
                allowed = _stronger(allowed, answer, on)
            elif answer is not True:
                spelling = spelled(key)
                if spelling == "all":
                    everything = False
                elif answer is False and spelling in spellings:
                    return off
        return allowed or (_EVERYTHING if everything else _ALL_OFF)

    return read


def _answer(key: str, value: Any, warehouse: str | None) -> Any:
    """Read a value: True, False, or the object that holds options; odd values are False.

    For a warehouse, `Warehouses` may hold an object that selects among them.
    """
    if type(value) is not dict:
        return value is True
    if warehouse is None or spelled(key) != "warehouses":
        return value
    chosen = value.get("warehouseIds")
    return value.get("all") is True or (type(chosen) is list and warehouse in chosen)


def _stronger(earlier: Send | None, answer: Any, on: Send) -> Send:
    """Keep the options found first; several accepted names may be in one map."""
    if type(answer) is dict and answer and (earlier is None or earlier.options is None):
        return Send(on.rule, answer)
    return earlier or on


def unknown_names(event: Event, known: frozenset[str]) -> tuple[str, ...]:
    """Return the names in an event's map whose spelling is none of `known`."""
    given = event.data.get("integrations")
    if not given or type(given) is not dict:
        return ()
    return tuple(key for key in given if spelled(key) not in known)
