"""One destination's dispatcher over homes of the test's own making."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from redis.exceptions import ConnectionError as Away

from destinations import Batch, Delivered, Outcome, Retry
from router.engine.deliver.attempt import Attempt, Attempter, Homed
from router.engine.deliver.dispatch import Dispatcher
from router.engine.deliver.turn import Item
from router.engine.deliver.window import Ordering, Window
from router.engine.hold.capacity import Capacity
from router.engine.hold.holding import Holding
from router.engine.hold.learning import Learner
from router.engine.hold.network import Network
from router.engine.judge.settlement import Patience
from router.store.holds import Hold
from router.store.lanes import Settlement
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from router.engine.deliver.home import Home
    from router.store.holds import Holds


class Trust:
    """Suspects nobody."""

    wary = False


class Shard:
    """A home that keeps all in memory; `away` makes it lose the store."""

    def __init__(self) -> None:
        self.alive = True
        self.away = False
        self.flying = 0
        self.noticed = 0
        self.caution = Trust()
        self.settled: dict[str, Settlement] = defaultdict(Settlement)

    def take_off(self) -> None:
        """Count a batch in flight."""
        self.flying += 1

    def land(self) -> None:
        """Count it as judged."""
        self.flying -= 1

    def notice(self, _: str) -> None:
        """Remember that there is room."""
        self.noticed += 1

    def settlement(self, lane: str) -> Settlement:
        """Give the settlement that grows."""
        return self.settled[lane]

    async def fetch(self, _: str, items: Sequence[Any]) -> list[bytes]:
        """Give bodies, unless the store is away."""
        if self.away:
            raise Away
        return [b"body"] * len(items)


class Attempts:
    """An attempter that answers as the test says, and remembers what flew."""

    def __init__(self, answer: Callable[[Homed], Outcome], most: int = 1) -> None:
        self.answer = answer
        self.batch = Batch(events=most, in_order=True)
        self.longest = timedelta(seconds=1)
        self.gate = asyncio.Event()
        self.gate.set()
        self.flown: list[list[bytes]] = []

    async def attempt(self, items: list[Homed]) -> Attempt:
        """Answer for each entry."""
        self.flown.append([item.id for item in items])
        await self.gate.wait()
        return Attempt(items, {item: self.answer(item) for item in items})


def entries(home: Shard, *ids: str, user: bytes = b"ann") -> list[Homed]:
    """Return entries of one user of a home."""
    return [Item(cast("Home", home), one.encode(), user, b"body") for one in ids]


def dispatcher(
    attempts: Attempts,
    ordering: Ordering = "batch",
    *,
    most: int = 100,
    capacity: Capacity | None = None,
) -> Dispatcher:
    """Return a dispatcher without a store."""
    attempter = cast("Attempter", attempts)
    return Dispatcher(
        "hook",
        "hook:webhook",
        attempter,
        learner=Learner("hook", attempter, network=Network(), capacity=capacity),
        window=Window(ordering, most=most, share=most),
        holding=Holding("hook", cast("Holds", None), "one"),
        patience=Patience(5, timedelta(hours=1)),
        concurrency=1,
        gather=0.0,
    )


@asynccontextmanager
async def working(part: Dispatcher) -> AsyncIterator[asyncio.Task[None]]:
    """Let one worker work."""
    task = asyncio.create_task(part.work())
    yield task
    part.stop()
    await asyncio.wait([task], timeout=5)
    if not task.done():
        task.cancel()


async def test_turns_come_back_one_by_one_without_order() -> None:
    """Under `none` a batch's entries of one user are independent: each comes back by itself."""
    asked: dict[bytes, int] = defaultdict(int)

    def answer(item: Homed) -> Outcome:
        asked[item.id] += 1
        return Retry("http_503") if asked[item.id] == 1 and item.id != b"2" else Delivered()

    attempts, home = Attempts(answer, most=10), Shard()
    part = dispatcher(attempts, "none")
    part.add(entries(home, "1", "2", "3"))
    async with working(part):
        await wait_until_async(lambda: len(home.settled["hook:webhook"].delivered) == 3)

    assert [2, 1, 2] == [asked[b"1"], asked[b"2"], asked[b"3"]]
    assert (0, 0) == (part._window.ids, part._window.bodies)
    assert {} == part._window._turns


async def test_a_body_that_cannot_be_fetched_is_fetched_later() -> None:
    """When the store is away while a body is fetched, the turn goes back and is taken again."""
    attempts, home = Attempts(lambda _: Delivered()), Shard()
    part = dispatcher(attempts)
    (item,) = entries(home, "1")
    item.raw, home.away = None, True
    part.add([item])
    async with working(part) as task:
        await wait_until_async(task.done)
        with pytest.raises(Away):
            task.result()
    home.away = False
    part._stopping, part._idle._over = False, False
    async with working(part):
        await wait_until_async(lambda: home.settled["hook:webhook"].delivered == [b"1"])

    assert 0 == home.flying
    assert 0 == part._window.bodies


async def test_a_lost_shard_gets_nothing_written() -> None:
    """What was in flight when its shard was lost is judged and thrown away."""
    attempts, home = Attempts(lambda _: Delivered()), Shard()
    attempts.gate.clear()
    part = dispatcher(attempts)
    part.add(entries(home, "1", "2"))
    async with working(part):
        await wait_until_async(lambda: attempts.flown)
        home.alive = False
        part.drop(cast("Home", home))
        attempts.gate.set()
        await wait_until_async(lambda: home.flying == 0)

    assert not home.settled["hook:webhook"]
    assert [[b"1"]] == attempts.flown
    assert (0, 0) == (part._window.ids, part._window.bodies)


async def test_no_more_are_open_than_the_destination_bears() -> None:
    """Under `auto`, workers beyond the limit wait, and go on when one lands."""
    attempts, home = Attempts(lambda _: Delivered()), Shard()
    attempts.gate.clear()
    limit = Capacity(most=8, first=6)
    part = dispatcher(attempts, capacity=limit)
    for user in range(50):
        part.add(entries(home, str(user), user=b"%d" % user))
    async with working(part), working(part), working(part), working(part), working(part):
        await wait_until_async(lambda: attempts.flown)
        for _ in range(20):
            await asyncio.sleep(0)
        assert limit.limit == part.in_flight == len(attempts.flown) == 3
        attempts.gate.set()
        await wait_until_async(lambda: len(home.settled["hook:webhook"].delivered) == 50)
    assert limit.limit > 3


async def test_a_dropped_shard_leaves_its_room_to_the_others() -> None:
    """The room of a shard that goes is offered to those that stay."""
    attempts, gone, here = Attempts(lambda _: Delivered()), Shard(), Shard()
    part = dispatcher(attempts)
    part.add(entries(gone, "1"))
    part.add(entries(here, "2"))
    part.drop(cast("Home", gone))

    assert 1 == here.noticed


async def test_the_clock_stands_still_while_held() -> None:
    """Time held counts once, whether its hold goes on or has ended."""
    part = dispatcher(Attempts(lambda _: Delivered()))
    part.set_hold(Hold("held", "http_401", since=1_000), 500, asked_at=0.0)
    during = part._holding.held_ms(4_000)
    part.set_hold(None, 500 + 3_000, asked_at=0.0)

    assert 3_500 == during == part._holding.held_ms(9_000)


async def test_a_hold_stops_what_was_not_started() -> None:
    """While a destination waits for an operator nothing more is attempted."""
    attempts, home = Attempts(lambda _: Delivered()), Shard()
    part = dispatcher(attempts)
    part.set_hold(Hold("paused", "by_hand", since=0, by="ann"), 0, asked_at=0.0)
    part.add(entries(home, "1"))
    async with working(part):
        await asyncio.sleep(0)
        assert [] == attempts.flown
        part.set_hold(None, 0, asked_at=0.0)
        await wait_until_async(lambda: attempts.flown)

    assert [[b"1"]] == attempts.flown
