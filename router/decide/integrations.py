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
a map that is no object, or is huge    skip, for every destination
`Warehouses: {warehouseIds: [..]}`     for warehouses: sends to those that it names
`Warehouses: {all: true}`              for warehouses: sends, where no ids are given
=====================================  ==========================================================

Accepted names are the instance's own, the adapter's display name and its aliases, and those of
`known_as`, spelled exactly. `false` denies under each spelling that comes to the same once case,
spaces and punctuation are gone. `Segment.io` is no destination. What the browser has sent by
itself (`_metadata.bundled`, `bundledIds`) is not sent twice.
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

NO_DESTINATIONS = frozenset({"", "all", "segmentio"})
"""Spellings of names in a map that name no destination."""
MOST_NAMES = 500
"""A map with more is not read: each name costs time for each destination."""
WAREHOUSES = frozenset({"Warehouse", "Warehouses"})

_EVERYTHING = Send("integrations.All")
_MALFORMED = Skip(SkipReason.INTEGRATIONS_MALFORMED, "integrations")
_ALL_OFF = Skip(SkipReason.INTEGRATIONS_ALL_OFF, "integrations.All")


def names_of(instance: str, name: str, others: Iterable[str] = ()) -> frozenset[str]:
    """Return the names that a destination accepts.

    They are its own (`instance`), the adapter's display name, and `others`, names and ids that
    events know it by. A warehouse also bears the names under which Segment's warehouses are chosen.
    """
    names = frozenset(each for each in (instance, name, *others) if is_name(each))
    return names | WAREHOUSES if is_warehouse(names) else names


def is_map(given: Any) -> bool:
    """Tell whether a map can be read: an object with no more names than anybody has vendors."""
    return type(given) is dict and len(given) <= MOST_NAMES


def is_name(name: str) -> bool:
    """Tell whether a name can name a destination: it has letters, and is not `All`."""
    return spelled(name) not in NO_DESTINATIONS


def compile_integrations(
    instance: str, name: str, names: frozenset[str], *, kind: str = ""
) -> Narrowing:
    """Return what reads an event's map for one destination.

    `name` is the adapter's display name, `names` are those of `names_of`; `kind`, the adapter's
    type, can only deny.
    """
    spellings = frozenset(map(spelled, (*names, kind))) - NO_DESTINATIONS
    served = Skip(SkipReason.DEVICE_ALREADY_SENT, "_metadata.bundled")
    unnamed = Send(f"destinations.{instance}")
    read = _compile_map(name, names, spellings)

    def narrow(event: Event) -> Send | Skip:
        given = event.data.get("integrations")
        if not given and (given is None or type(given) is dict):
            verdict: Send | Skip = unnamed
        else:
            verdict = read(given) if is_map(given) else _MALFORMED
        if event.bundled and type(verdict) is Send and _serves(event.bundled):
            return served
        return verdict

    def _serves(bundled: frozenset[str]) -> bool:
        return not (names.isdisjoint(bundled) and spellings.isdisjoint(map(spelled, bundled)))

    return narrow


def is_warehouse(names: frozenset[str]) -> bool:
    """Tell whether a destination of these names is a warehouse."""
    return any(spelled(name) in ("warehouse", "warehouses") for name in names)


def _compile_map(
    name: str, names: frozenset[str], spellings: frozenset[str]
) -> Callable[[dict[str, Any]], Send | Skip]:
    off = Skip(SkipReason.INTEGRATIONS_OFF, f"integrations.{name}")
    on = Send(f"integrations.{name}")
    chosen = names if is_warehouse(names) else frozenset()

    def read(given: dict[str, Any]) -> Send | Skip:
        everything = True
        allowed: Send | None = None
        for key, value in given.items():
            if value is True:
                if key in names:
                    allowed = allowed or on
                continue
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


def _answer(key: str, value: Any, warehouse: frozenset[str]) -> Any:
    """Read what is no plain true: False, or the object that holds options; odd values are False.

    For a warehouse, known by the names in `warehouse`, `Warehouses` may hold an object that
    selects among them.
    """
    if type(value) is not dict:
        return False
    if not warehouse or spelled(key) != "warehouses":
        return value
    if "warehouseIds" not in value:
        return value.get("all") is True
    chosen = value["warehouseIds"]
    return type(chosen) is list and any(type(i) is str and i in warehouse for i in chosen)


def _stronger(earlier: Send | None, answer: Any, on: Send) -> Send:
    """Keep the options found first; several accepted names may be in one map."""
    if type(answer) is dict and answer and (earlier is None or earlier.options is None):
        return Send(on.rule, answer)
    return earlier or on
