"""Adaptive concurrency against simulated destinations whose capacity is known."""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.engine.hold.capacity import Capacity

MOST = 200


@dataclass
class Simulated:
    """A destination that works on `slots` requests at once; others wait, or are refused."""

    slots: int
    service: float = 0.05
    jitter: float = 0.1
    refuses: bool = False
    random: random.Random = field(default_factory=lambda: random.Random(7))
    _free: list[float] = field(default_factory=list)
    _working: list[float] = field(default_factory=list)

    def request(self, now: float) -> tuple[float, bool]:
        """Return when the answer comes, and whether it is a refusal."""
        while self._working and self._working[0] <= now:
            heapq.heappop(self._working)
        if self.refuses and len(self._working) >= self.slots:
            return now + self.service / 10, True
        if not self._free:
            self._free = [0.0] * self.slots
        begin = max(now, heapq.heappop(self._free))
        end = begin + self.service * (1 + self.random.uniform(-self.jitter, self.jitter))
        heapq.heappush(self._free, end)
        heapq.heappush(self._working, end)
        return end, False


def play(
    vendor: Simulated, workers: list[Capacity], answers: int, joined: int = 0
) -> list[list[int]]:
    """Let workers with endless work send; return the limits of each after each of its answers.

    The last of them joins after `joined` answers.
    """
    limits: list[list[int]] = [[] for _ in workers]
    events: list[tuple[float, int, int, float, int, bool]] = []
    open_ = [0] * len(workers)
    now, serial = 0.0, 0

    def fill(now: float, active: int) -> None:
        nonlocal serial
        going = True
        while going:
            going = False
            for number in range(active):
                if open_[number] < workers[number].limit:
                    end, refused = vendor.request(now)
                    open_[number] += 1
                    serial += 1
                    epoch = workers[number].began()
                    heapq.heappush(events, (end, serial, number, now, epoch, refused))
                    going = True

    for count in range(answers):
        fill(now, len(workers) if count >= joined else max(1, len(workers) - 1))
        now, _, number, began, epoch, refused = heapq.heappop(events)
        workers[number].answered(epoch, now - began, refused=refused, open_=open_[number])
        open_[number] -= 1
        limits[number].append(workers[number].limit)
    return limits


def late(limits: list[int]) -> float:
    """Return the mean of the second half."""
    half = limits[len(limits) // 2 :]
    return sum(half) / len(half)


@pytest.mark.parametrize("refuses", [False, True])
@pytest.mark.parametrize("slots", [5, 20, 50, 100])
def test_it_lands_near_the_capacity(slots: int, refuses: bool) -> None:  # noqa: FBT001 - a parameter
    """The limit comes within a fifth of what the destination can do, from either side."""
    vendor = Simulated(slots, refuses=refuses)
    (limits,) = play(vendor, [Capacity(MOST)], 600 * slots)
    assert 0.8 * slots <= late(limits) <= 1.2 * slots


@pytest.mark.parametrize("slots", [5, 12, 20, 50, 100])
def test_a_regular_destination_is_no_exception(slots: int) -> None:
    """Where each request takes the same time, those that wait take twice as long, and few do."""
    (limits,) = play(Simulated(slots, jitter=0.0), [Capacity(MOST)], 600 * slots)
    assert 0.8 * slots <= late(limits) <= 1.2 * slots


@pytest.mark.parametrize("refuses", [False, True])
def test_it_follows_a_capacity_that_changes(refuses: bool) -> None:  # noqa: FBT001 - a parameter
    """A destination that becomes smaller is served less, one that grows more."""
    worker = Capacity(MOST)
    for slots in (40, 10, 60):
        (limits,) = play(Simulated(slots, refuses=refuses), [worker], 800 * slots)
        assert 0.8 * slots <= late(limits) <= 1.2 * slots


@pytest.mark.parametrize("refuses", [False, True])
def test_workers_come_to_fair_shares(refuses: bool) -> None:  # noqa: FBT001 - a parameter
    """Who comes late gets about as much as who was there first, and together they fit."""
    vendor = Simulated(40, refuses=refuses)
    first, second = play(vendor, [Capacity(MOST), Capacity(MOST)], 80_000, joined=20_000)
    shares = late(first), late(second)
    jain = sum(shares) ** 2 / (2 * sum(share**2 for share in shares))
    assert jain > 0.9
    assert 0.8 * 40 <= sum(shares) <= 1.2 * 40


def test_an_idle_destination_is_no_reason_for_more() -> None:
    """What was not used says nothing: the limit grows only when all of it is."""
    worker = Capacity(MOST)
    for _ in range(1000):
        worker.answered(worker.began(), 0.01, refused=False, open_=1)
    assert worker.limit <= 4


@given(
    st.lists(st.tuples(st.floats(0, 100), st.booleans(), st.integers(1, 300)), max_size=400),
    st.integers(1, 300),
)
def test_the_limit_has_bounds(answers: list[tuple[float, bool, int]], most: int) -> None:
    """Whatever answers, one request may always be open, and never more than the most."""
    worker = Capacity(most)
    for seconds, refused, open_ in answers:
        worker.answered(worker.began(), seconds, refused=refused, open_=open_)
        assert 1 <= worker.limit <= most
