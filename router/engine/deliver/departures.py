"""Departures: which turns may leave now, which leave apart, which wait until they are due."""

from __future__ import annotations

import heapq
from collections import deque
from math import inf
from typing import TYPE_CHECKING, Generic, TypeVar

from router.engine.care.suspicion import ALONE_AT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.engine.deliver.turn import Turn

H = TypeVar("H")


class Departures(Generic[H]):
    """Turns that have something to send; `now` is in seconds of a monotonic clock.

    `apart` are those whose first entry was in flight when a worker ended.
    """

    def __init__(self) -> None:
        self.ready: deque[Turn[H]] = deque()
        self.apart: deque[Turn[H]] = deque()
        self._delayed: list[tuple[float, int, Turn[H]]] = []
        self._tick = 0
        self.next_at = inf
        """When one that waits is due."""

    def put(self, turn: Turn[H], due: float, now: float) -> bool:
        """Let a turn leave when it is due; tells whether it has to wait."""
        if due <= now:
            (self.apart if turn.items and turn.items[0].deaths else self.ready).append(turn)
            return False
        self._tick += 1
        heapq.heappush(self._delayed, (due, self._tick, turn))
        self.next_at = self._delayed[0][0]
        return True

    def wake(self, now: float) -> Iterator[Turn[H]]:
        """Let leave what has become due, and return it."""
        while self.next_at <= now:
            turn = heapq.heappop(self._delayed)[2]
            self.next_at = self._delayed[0][0] if self._delayed else inf
            self.put(turn, now, now)
            yield turn

    def together(self, most: int) -> deque[Turn[H]]:
        """Return up to `most` turns whose suspects may leave together, or one that must alone."""
        leaving: deque[Turn[H]] = deque()
        while self.apart and len(leaving) < most:
            turn = self.apart[0]
            if not turn.flying and turn.items:
                if leaving and max(one.items[0].deaths for one in (turn, leaving[0])) >= ALONE_AT:
                    break
                leaving.append(turn)
            self.apart.popleft()
        return leaving

    def shed(self, most: int) -> list[tuple[float, Turn[H]]]:
        """Let go of up to `most` turns that failed, those that wait longest, with when."""
        shed: list[tuple[float, Turn[H]]] = []
        kept = []
        for entry in sorted(self._delayed, reverse=True):
            due, _, turn = entry
            if len(shed) < most and turn.failed and not turn.items[0].deaths:
                shed.append((due, turn))
            else:
                kept.append(entry)
        self._keep(kept)
        return shed

    @property
    def delayed(self) -> Iterator[Turn[H]]:
        """Those that wait."""
        return (turn for _, _, turn in self._delayed)

    def next_due(self, now: float) -> float | None:
        """Return seconds until one that waits is due; None when none does."""
        return max(0.0, self.next_at - now) if self.next_at < inf else None

    def drop(self, home: H) -> None:
        """Forget the turns of a lane."""
        self.ready = deque(turn for turn in self.ready if turn.key[0] is not home)
        self.apart = deque(turn for turn in self.apart if turn.key[0] is not home)
        self._keep([entry for entry in self._delayed if entry[2].key[0] is not home])

    def _keep(self, kept: list[tuple[float, int, Turn[H]]]) -> None:
        self._delayed = kept
        heapq.heapify(self._delayed)
        self.next_at = self._delayed[0][0] if self._delayed else inf
