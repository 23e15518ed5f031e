"""Places in an event by their keys: read, and made anew without changing what is shared.

What is returned shares everything that did not change with what was given, and is the same
object when nothing did.
"""

from __future__ import annotations

from operator import is_
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Keys: TypeAlias = tuple[str, ...]

NOTHING: Any = type("Nothing", (), {"__slots__": (), "__repr__": lambda _: "NOTHING"})()
"""What stands where nothing stands; null is something."""


def read(value: Any, keys: Keys) -> Any:
    """Return what stands at a place, else NOTHING; no key leads into a list."""
    for key in keys:
        if type(value) is not dict:
            return NOTHING
        value = value.get(key, NOTHING)
    return value


def at_objects(value: Any, keys: Keys, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """Change the object at a place; of a list, on the way or there, that of each element."""
    if type(value) is list:
        items = [at_objects(item, keys, change) for item in value]
        return value if all(map(is_, items, value)) else items
    if type(value) is not dict:
        return value
    if not keys:
        return change(value)
    item = value.get(keys[0], NOTHING)
    new = at_objects(item, keys[1:], change)
    return value if new is item else {**value, keys[0]: new}


def written(value: dict[str, Any], keys: Keys, item: Any) -> dict[str, Any]:
    """Put something at a place whose parent is an object; else nothing happens."""
    new: dict[str, Any] = at_objects(value, keys[:-1], lambda parent: {**parent, keys[-1]: item})
    return new


def without(value: dict[str, Any], keys: frozenset[str] | set[str]) -> dict[str, Any]:
    """Return an object without some keys."""
    if keys.isdisjoint(value):
        return value
    return {key: item for key, item in value.items() if key not in keys}
