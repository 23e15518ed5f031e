"""Which places of an event a transformation may read and change.

Who an event is about, when it was, who may have it and what was consented to are no matter of
shape: `type`, the ids, the times, `integrations` and every place that consent is read from stay as
they are. `event` changes by `rename_event` alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.decide.consent.places import is_place
from router.decide.filters.tokens import FilterError, keys_of
from router.decide.policy.rules import ROUTING
from router.events.identity import IDS

if TYPE_CHECKING:
    from router.decide.places import Keys

MAPS = ("context", "properties", "traits")
"""Objects that every reader of an event counts on: what is in them changes, not they."""
_FIXED = frozenset({
    "type", "event", *IDS, "timestamp", "originalTimestamp", "receivedAt", "sentAt",
    "writeKey", "_metadata", ROUTING,
})  # fmt: skip


class ReshapeError(ValueError):
    """A transformation that must not be; `column` of a path counts from 1, 0 where none is."""

    def __init__(self, message: str, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


def readable(path: str) -> Keys:
    """Return the keys of a path that is only read; raises ReshapeError."""
    try:
        return keys_of(path)
    except FilterError as error:
        raise ReshapeError(error.message, error.column) from None


def changeable(path: str) -> Keys:
    """Return the keys of a path that is changed or taken out; raises ReshapeError."""
    keys = readable(path)
    if keys[0] == "event":
        raise ReshapeError("`event` is changed by `rename_event` alone", 1)
    if keys[0] in _FIXED:
        raise ReshapeError(f"`{keys[0]}` is never transformed", 1)
    if len(keys) == 1 and keys[0] in MAPS:
        raise ReshapeError(f"`{keys[0]}` as a whole is never transformed, only what is in it", 1)
    if keys[0] == "context" and is_place(str(keys[1])):
        raise ReshapeError("consent is never transformed", 1)
    return keys


def meets(one: Keys, other: Keys) -> bool:
    """Tell whether one place is the other, or lies within it."""
    least = min(len(one), len(other))
    return one[:least] == other[:least]
