"""How many requests a destination bears at once: found by trying.

Pure: the duration and the fate of each request come in, a limit comes out. It learns in rounds, of
the requests that began in them. Now and then a quiet round, at half the limit, measures how quick
the destination is when nothing waits; after each other round the limit becomes

    limit * quiet duration / duration + sqrt(limit) / 3

so that about sqrt(limit) / 3 requests wait at the destination: enough to see that it could not do
more, too few to matter. Since small limits gain the larger share, several workers come to equal
ones. A refusal (throttled, failed, unanswered) ends a round and takes 15 % away.

The arithmetic is that of gradient limiters (TCP Vegas, Netflix's concurrency-limits).
"""

from __future__ import annotations

import math
from statistics import fmean

FEWER_WHEN_REFUSED = 0.85
ROUNDS_PER_QUIET = 20
SHORTEST_ROUND = 40
"""Answers of a round at least: the mean of fewer says little. A median would not see that some
wait as long as it is less than half of them: a quarter too many, measured."""
STEEPEST, BOLDEST = 0.5, 1.05
"""Bounds of what one round's durations may do to the limit."""


class Capacity:
    """The limit of one destination in one process."""

    def __init__(self, most: int, first: int = 4) -> None:
        self._most = most
        self._limit = float(min(first, most))
        self._round = 0
        self._quiet = 0.0
        self._durations: list[float] = []
        self._busiest = 0

    @property
    def limit(self) -> int:
        """How many requests may be open now; at least one."""
        return max(1, int(self._limit / 2 if self._is_quiet else self._limit))

    @property
    def _is_quiet(self) -> bool:
        return self._round % ROUNDS_PER_QUIET == 0

    def began(self) -> int:
        """Return what a request that begins now is to bring back when it is answered."""
        return self._round

    def answered(self, began: int, seconds: float, *, refused: bool, open_: int) -> None:
        """Take note of an answer, of how long it took, and of how many requests were open.

        What began in an earlier round says nothing about this one.
        """
        if began != self._round:
            return
        self._busiest = max(self._busiest, open_)
        if refused:
            self._end_round(self._limit * FEWER_WHEN_REFUSED)
            return
        self._durations.append(seconds)
        if len(self._durations) >= max(SHORTEST_ROUND, self.limit):
            self._end_round(self._judged(fmean(self._durations)))

    def _judged(self, duration: float) -> float:
        """Return the limit after a round without refusals."""
        if self._is_quiet:
            self._quiet = duration
            return self._limit
        gradient = min(max(self._quiet / duration, STEEPEST), BOLDEST) if duration > 0 else 1.0
        wanted = self._limit * gradient + math.sqrt(self._limit) / 3
        return wanted if self._busiest >= self.limit else min(wanted, self._limit)

    def _end_round(self, limit: float) -> None:
        self._limit = min(max(limit, 1.0), float(self._most))
        self._round += 1
        self._durations.clear()
        self._busiest = 0
