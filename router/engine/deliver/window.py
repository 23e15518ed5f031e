"""The part of a destination's lanes that is in memory: turns, who may go next, who must wait.

Pure: no store, no clock of its own (seconds of a monotonic clock come in as `now`). A turn is one
user's sequence; while something of it is in flight, or until its failing head is due again,
nothing behind that head leaves.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from router.store.lanes import Try

Ordering = Literal["batch", "strict", "none"]
H = TypeVar("H")

KEPT_BODIES = 100
"""Bodies that one turn may keep in memory when the window is full."""


@dataclass(slots=True, eq=False)
class Item(Generic[H]):
    """One entry of a lane. `raw` is None while only its id is kept (its turn must wait)."""

    home: H
    id: bytes
    turn: bytes
    raw: bytes | None = field(repr=False)
    replays: int = 0
    tried: Try | None = None


@dataclass(slots=True, eq=False)
class _Turn(Generic[H]):
    key: tuple[H, bytes]
    items: deque[Item[H]] = field(default_factory=deque)
    flying: int = 0
    due: float = 0.0


class Window(Generic[H]):
    """Turns of one destination, over all the lanes (`home`s) that this process owns.

    `most` bounds the entries whose bodies are in memory (what is in flight counts as such),
    `most_ids` all entries.
    """

    def __init__(self, ordering: Ordering, *, most: int, most_ids: int = 50_000) -> None:
        self._ordering = ordering
        self._most = most
        self._most_ids = most_ids
        self._turns: dict[tuple[H, bytes], _Turn[H]] = {}
        self._ready: deque[_Turn[H]] = deque()
        self._delayed: list[tuple[float, int, _Turn[H]]] = []
        self._tick = 0
        self.ids = 0
        self.bodies = 0

    @property
    def room(self) -> int:
        """How many more entries should be read."""
        return max(0, min(self._most - self.bodies, self._most_ids - self.ids))

    def ready(self, now: float) -> bool:
        """Tell whether some turn could go now."""
        self._wake(now)
        return bool(self._ready)

    def add(self, items: Iterable[Item[H]], now: float, wall_ms: int) -> None:
        """Append entries, in the order of their lane.

        A remembered failure delays its turn until it is due (`wall_ms` is the wall clock's now).
        """
        for item in items:
            key = (item.home, item.id if self._ordering == "none" else item.turn)
            turn = self._turns.get(key)
            if turn is None:
                turn = self._turns[key] = _Turn(key)
            turn.items.append(item)
            self.ids += 1
            self.bodies += item.raw is not None
            if len(turn.items) == 1 and not turn.flying:
                wait = 0 if item.tried is None else item.tried.due_at - wall_ms
                self._enqueue(turn, now + wait / 1000, now)
        if self.bodies >= self._most:
            self._relieve()

    def take(self, most: int, now: float, *, shared: bool) -> list[Item[H]]:
        """Return up to `most` entries that may leave together; their turns are busy now.

        `shared` lets consecutive entries of a turn go together.
        """
        self._wake(now)
        share = shared and self._ordering != "strict"
        taken: list[Item[H]] = []
        while self._ready and len(taken) < most:
            turn = self._ready.popleft()
            if turn.flying or not turn.items:
                continue
            count = min(len(turn.items), most - len(taken)) if share else 1
            for _ in range(count):
                item = turn.items.popleft()
                self.bodies += item.raw is None  # it is fetched now
                taken.append(item)
            turn.flying = count
        return taken

    def finish(self, items: list[Item[H]], again: list[Item[H]], due: float, now: float) -> None:
        """Take back one turn's part of a batch: `again` goes to its front and waits until `due`.

        `items` are all entries of that turn that `take` gave; what is not in `again` is over.
        """
        turn = self._turns.get(self._key(items[0]))
        if turn is None:
            return
        turn.flying = 0
        self.ids -= len(items) - len(again)
        self.bodies -= len(items) - sum(item.raw is not None for item in again)
        turn.items.extendleft(reversed(again))
        if not turn.items:
            del self._turns[turn.key]
            return
        self._enqueue(turn, due if again else now, now)

    def turns(self, items: Iterable[Item[H]]) -> list[list[Item[H]]]:
        """Return a batch's entries by turn, each in order: the parts that `finish` wants."""
        turns: dict[tuple[H, bytes], list[Item[H]]] = {}
        for item in items:
            turns.setdefault(self._key(item), []).append(item)
        return list(turns.values())

    def next_due(self, now: float) -> float | None:
        """Return seconds until a delayed turn is due; None when none is delayed."""
        return max(0.0, self._delayed[0][0] - now) if self._delayed else None

    def drop(self, home: H) -> None:
        """Forget all entries of a lane that this process does not own any more."""
        for key in [key for key in self._turns if key[0] is home]:
            turn = self._turns.pop(key)
            self.ids -= len(turn.items) + turn.flying
            self.bodies -= sum(item.raw is not None for item in turn.items) + turn.flying
            turn.items.clear()
        self._ready = deque(turn for turn in self._ready if turn.key[0] is not home)
        self._delayed = [entry for entry in self._delayed if entry[2].key[0] is not home]
        heapq.heapify(self._delayed)

    def _key(self, item: Item[H]) -> tuple[H, bytes]:
        return (item.home, item.id if self._ordering == "none" else item.turn)

    def _enqueue(self, turn: _Turn[H], due: float, now: float) -> None:
        if due <= now:
            self._ready.append(turn)
            return
        self._tick += 1
        heapq.heappush(self._delayed, (due, self._tick, turn))

    def _wake(self, now: float) -> None:
        while self._delayed and self._delayed[0][0] <= now:
            self._ready.append(heapq.heappop(self._delayed)[2])

    def _relieve(self) -> None:
        """Keep only the ids of what must wait long, so that other users get the room."""
        delayed = {id(turn) for _, _, turn in self._delayed}
        for turn in self._turns.values():
            keep = 0 if id(turn) in delayed else KEPT_BODIES
            if len(turn.items) > keep:
                for item in list(turn.items)[keep:]:
                    self.bodies -= item.raw is not None
                    item.raw = None

    def restore(self, item: Item[H], raw: bytes) -> None:
        """Give an entry of which only the id was kept its body back."""
        item.raw = raw
