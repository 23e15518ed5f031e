"""The owner of an intake looks ahead: the next batch is routed while the store takes the last."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from redis.exceptions import ConnectionError as Lost

from router.decide.oddities import UNTELLABLE
from router.engine.assembly import assemble
from router.engine.route.intake_loop import IntakeLoop
from router.store.connection import connect
from router.store.intakes import PEEK_EVENTS, Intake
from router.store.leases import LeaseLost
from router.store.store import Store
from tests.engine.stage import LANE, Vendors, configuration, push, track
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from router.store.handoff import HandedOff
    from router.store.intakes import Peek
    from tests.support.stores import StoreServer

KINDS = ["stream", "list"]
LONG = timedelta(minutes=1)
SEVERAL = 3 * PEEK_EVENTS + 17


@pytest.fixture(name="redis")
async def connected(store_server: StoreServer) -> AsyncIterator[Any]:
    """Give a client of a real store: the pretended one does not let a wait be cancelled."""
    client = connect(store_server.url)
    yield client
    await client.aclose()


class Watched(Intake):
    """An intake that notes what is asked of it; `failing` hand-offs do their work and fail."""

    log: list[str]
    failing = 0

    async def peek(self, behind: Peek | None = None, **more: Any) -> Peek:
        """Peek, and note whether it was ahead."""
        self.log.append("ahead" if behind else "peek")
        return await super().peek(behind, **more)

    async def hand_off(self, *args: Any, **more: Any) -> HandedOff:
        """Hand off between two notes; a reply may get lost."""
        self.log.append("begun")
        done = await super().hand_off(*args, **more)
        self.log.append("done")
        if self.failing:
            self.failing -= 1
            raise Lost
        return done


class Loop:
    """A loop over a watched intake, and the store that it fills."""

    def __init__(self, redis: Any, kind: str) -> None:
        config = configuration()
        self.store = Store(redis, config.shards)
        name = "events" if kind == "stream" else "events-list"
        self.intake = Watched(
            redis, self.store.scripts, "stream" if kind == "stream" else "list", name,
            config.shards,
        )  # fmt: skip
        self.intake.log = []
        self.lease = self.intake.lease("one", LONG)
        self._parts = assemble(config, self.store, "one", Vendors().transport)

    async def push(self, count: int) -> None:
        """Queue numbered events of few users."""
        events = [track(f"e{n}", f"u{n % 3}") for n in range(count)]
        if self.intake.kind == "stream":
            await push(self.store, *events)
        else:
            await self.store.push_list("events-list", [json.dumps(e).encode() for e in events])

    def made(self) -> IntakeLoop:
        """Return the loop, to be run."""
        parts = self._parts
        return IntakeLoop(
            self.intake,
            self.lease,
            parts.router,
            parts.marks,
            parts.latest,
            queues=parts.queues,
            solitude=parts.solitude,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        """Own the intake and run the loop until the block ends."""
        assert await self.lease.acquire()
        task = asyncio.create_task(self.made().run())
        yield task
        task.cancel()
        await asyncio.wait([task])
        await self.lease.release()

    async def pending(self, count: int) -> None:
        """Wait until so many deliveries are in the lanes, with nothing lost or made up."""

        async def enough() -> bool:
            return (await self.store.ledger()).accepted == count

        await wait_until_async(enough, what=f"{count} events in the lanes")
        ledger = await self.store.ledger()
        assert ledger.holds
        assert count == ledger.lanes[LANE].pending
        assert 0 == await self.intake.length()


@pytest.mark.parametrize("kind", KINDS)
async def test_all_batches_arrive_once(redis: Any, kind: str) -> None:
    """However many batches there are, each event is handed off once, and none is a duplicate."""
    loop = Loop(redis, kind)
    await loop.push(SEVERAL)
    async with loop.running():
        await loop.pending(SEVERAL)

    assert "duplicate" not in (await loop.store.ledger()).intake


async def test_the_next_batch_is_read_before_the_last_is_handed_off(redis: Any) -> None:
    """Of a stream the next arrivals are there before their predecessors are in the lanes."""
    loop = Loop(redis, "stream")
    await loop.push(2 * PEEK_EVENTS)
    async with loop.running():
        await loop.pending(2 * PEEK_EVENTS)

    assert ["peek", "ahead", "begun"] == loop.intake.log[:3]


async def test_a_list_is_not_read_ahead(redis: Any) -> None:
    """Of a list, whose places move with each hand-off, only the tail is ever read."""
    loop = Loop(redis, "list")
    await loop.push(SEVERAL)
    async with loop.running():
        await loop.pending(SEVERAL)

    assert "ahead" not in loop.intake.log
    steps = [step for step in loop.intake.log if step != "peek"]
    assert ["begun", "done"] * (len(steps) // 2) == steps


@pytest.mark.parametrize("kind", KINDS)
async def test_a_lost_reply_ends_the_loop_and_loses_nothing(redis: Any, kind: str) -> None:
    """After a hand-off of which nobody knows whether it was done, the next owner goes on right."""
    loop = Loop(redis, kind)
    loop.intake.failing = 1
    await loop.push(SEVERAL)
    async with loop.running() as task:
        await wait_until_async(task.done, what="the loop to end")
        with pytest.raises(Lost):
            task.result()
    async with loop.running():
        await loop.pending(SEVERAL)

    assert "duplicate" not in (await loop.store.ledger()).intake


@pytest.mark.parametrize("kind", KINDS)
async def test_who_lost_the_intake_hands_nothing_off(redis: Any, kind: str) -> None:
    """When the lease is another's, what was routed ahead is thrown away."""
    loop = Loop(redis, kind)
    await loop.push(SEVERAL)
    assert await loop.lease.acquire()
    await redis.set(loop.lease.key, "somebody:999")

    with pytest.raises(LeaseLost):
        await loop.made().run()
    assert SEVERAL == await loop.intake.length()
    assert 0 == (await loop.store.ledger()).accepted


async def test_a_stop_finishes_what_is_in_hand(redis: Any) -> None:
    """A loop that is told to stop hands off its batch, and leaves the rest where it is."""
    loop = Loop(redis, "stream")
    await loop.push(SEVERAL)
    assert await loop.lease.acquire()
    made = loop.made()
    task = asyncio.create_task(made.run())
    await wait_until_async(lambda: "begun" in loop.intake.log, every=0.0, what="a hand-off")
    made.stop()
    await task

    assert loop.intake.log.count("begun") == loop.intake.log.count("done")
    ledger = await loop.store.ledger()
    assert ledger.holds
    assert SEVERAL == ledger.accepted + await loop.intake.length()


async def test_what_is_odd_in_maps_is_counted(redis: Any) -> None:
    """Names that nobody bears are counted, but none that could be somebody's address."""
    loop = Loop(redis, "stream")
    odd = {"All": True, "Nobodys": True, "a@b.test": True}
    await push(loop.store, *(track(f"e{n}", integrations=odd) for n in range(3)))
    counted: dict[Any, int] = {}

    async def noted() -> bool:
        counted.update(await loop.store.oddities.recent(int(time.time() * 1000)))
        return bool(counted)

    async with loop.running():
        await wait_until_async(noted, what="the oddities")

    assert {
        ("default", "name_unknown", "Nobodys"): 3,
        ("default", "name_unknown", UNTELLABLE): 3,
    } == counted
