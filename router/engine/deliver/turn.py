"""A turn: what one user's events wait as, in the order of their lane."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from router.store.lanes import Try

H = TypeVar("H")
Place = tuple[int, int]
"""Where an entry stands in its lane: its id as numbers."""


def place(entry: bytes) -> Place:
    """Return where the entry with this id stands."""
    milliseconds, _, number = entry.partition(b"-")
    return int(milliseconds), int(number or 0)


@dataclass(slots=True, eq=False)
class Item(Generic[H]):
    """One entry of a lane. `raw` is None while only its id is kept (its turn must wait)."""

    home: H
    id: bytes
    turn: bytes
    raw: bytes | None = field(repr=False)
    replays: int = 0
    tried: Try | None = None
    taken: bool = False
    """Whether it ever left in a batch: such an entry stays in memory until it is over."""
    deaths: int = 0
    """How many workers ended while it was in flight, in a row: it leaves apart from others."""

    @property
    def size(self) -> int:
        """Bytes of its body, as far as it is in memory."""
        return len(self.raw or b"")


@dataclass(slots=True, eq=False)
class Turn(Generic[H]):
    """What is in memory of a turn; `key` is its home and user."""

    key: tuple[H, bytes]
    items: deque[Item[H]] = field(default_factory=deque)
    flying: list[Item[H]] = field(default_factory=list)
    failed: bool = False
    """Whether it waits because something of it failed."""
    parked: Place | None = None
    """From there on nothing of it is in memory."""
    beyond: int = 0
    """How many entries were seen there."""

    @property
    def stuck(self) -> int:
        """How many entries wait for one that failed, itself included."""
        waiting = [*self.flying, *self.items]
        failing = bool(waiting) and waiting[0].tried is not None
        return len(waiting) + self.beyond if failing else 0

    def fits(self, item: Item[H], most: int, most_bytes: int) -> bool:
        """Tell whether one more is within its share, of bytes as if all were as long."""
        held = len(self.items)
        return held < most and (not held or held * item.size < most_bytes)
