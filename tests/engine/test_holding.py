"""Holds under concurrency: what was open when a destination was held does not change the hold."""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import httpx
import orjson
from redis.exceptions import ConnectionError as Away

from router.engine.hold.holding import Holding
from router.engine.hold.standing import held, is_old_news, throttled
from router.store import keys
from router.store.holds import Hold, Holds
from router.store.store import Store
from tests.engine.stage import (
    LANE,
    Vendors,
    configuration,
    hook,
    now_ms,
    push,
    running,
    track,
)
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from router.config.sections.whole import Config
    from router.engine.engine import Engine

OPEN = 4


class Gate(Vendors):
    """Keeps requests open until it is opened, and answers each with the same status."""

    def __init__(self, status: int = 401) -> None:
        super().__init__()
        self.status = status
        self.opened = asyncio.Event()

    def transport(self, name: str) -> httpx.AsyncBaseTransport:
        """Return the way to the gate."""

        async def handle(request: httpx.Request) -> httpx.Response:
            self.requests[name].append(request)
            await self.opened.wait()
            return httpx.Response(self.status)

        return httpx.MockTransport(handle)

    async def filled(self, store: Store) -> None:
        """Queue events of several users and wait until their requests are open together."""
        await push(store, *(track(f"e{n}", f"u{n}") for n in range(OPEN)))
        await wait_until_async(lambda: len(self.requests["hook"]) == OPEN, what="all to be open")

    async def answer_all(self, engine: Engine) -> None:
        """Answer all that are open and wait until they are judged."""
        self.opened.set()
        await wait_until_async(
            lambda: not engine.facts()["in_flight"]["hook"], every=0.001, what="the judgement"
        )


def concurrent() -> Config:
    """Return the configuration of a destination with some requests open at once."""
    return configuration({"hook": hook(delivery={"concurrency": OPEN})})


async def test_requests_that_fail_together_are_one_hold(redis: Any) -> None:
    """Failures of requests that were open when it was held are no failed probes."""
    store, gate = Store(redis, 4), Gate()
    async with running(concurrent(), redis, gate) as engine:
        await gate.filled(store)
        await gate.answer_all(engine)
        hold = (await store.holds.all())["hook"]

    assert ("held", 0) == (hold.state, hold.probes)


async def test_a_pause_stays_a_pause(redis: Any) -> None:
    """What fails late under an operator's pause starts no probing."""
    store, gate = Store(redis, 4), Gate()
    pause = Hold("paused", "by hand", now_ms(), by="operator")
    async with running(concurrent(), redis, gate) as engine:
        [dispatcher] = engine._parts.dispatchers
        await gate.filled(store)
        await store.holds.put("hook", pause)
        await wait_until_async(lambda: dispatcher.hold == pause, what="the pause to be known")
        await gate.answer_all(engine)

        assert pause == dispatcher.hold
        assert pause == (await store.holds.all())["hook"]


async def test_a_longer_throttling_outlives_a_shorter_one(redis: Any) -> None:
    """A worker whose throttling is over does not end the longer one that another has put."""
    store, vendors, sent = Store(redis, 4), Vendors(), list[int]()
    config = configuration(worker={"lease": "60s"})  # it asks for news so seldom
    short = Hold("throttled", "http_429", now_ms(), now_ms() + 400)
    longer = Hold("throttled", "http_429", short.since, short.since + 1_500)

    def answer(*_: object) -> httpx.Response:
        sent.append(int(time.time() * 1000))
        return httpx.Response(200)

    vendors.answer = answer
    await store.holds.put("hook", short)
    async with running(config, redis, vendors) as engine:
        [dispatcher] = engine._parts.dispatchers
        await wait_until_async(lambda: dispatcher.hold == short, what="the hold to be known")
        await store.redis.hset(keys.HOLDS, "hook", orjson.dumps(asdict(longer)))
        await push(store, track("patient"))
        await wait_until_async(lambda: bool(sent), what="the request")

    assert longer.probe_at is not None
    assert sent[0] >= longer.probe_at


async def test_a_probe_that_succeeds_ends_no_pause(redis: Any) -> None:
    """An operator who pauses while a probe is open has paused."""
    store, gate = Store(redis, 4), Gate(200)
    pause = Hold("paused", "by hand", now_ms(), by="operator")
    await store.holds.put("hook", Hold("held", "http_401", now_ms(), now_ms()))
    async with running(concurrent(), redis, gate) as engine:
        [dispatcher] = engine._parts.dispatchers
        await push(store, *(track(f"e{n}", f"u{n}") for n in range(OPEN)))
        await wait_until_async(lambda: len(gate.requests["hook"]) == 1, what="the probe")
        await store.holds.put("hook", pause)
        await wait_until_async(lambda: dispatcher.hold is not None
                               and dispatcher.hold.state == "paused", what="the pause")  # fmt: skip
        await gate.answer_all(engine)

        assert dispatcher.hold is not None
        assert "paused" == dispatcher.hold.state
        assert 1 == len(gate.requests["hook"])


async def test_what_dies_unasked_ends_no_hold(redis: Any) -> None:
    """A probe that turns out to be unreadable says nothing about the destination."""
    store, vendors = Store(redis, 4), Vendors()
    held = Hold("held", "http_401", now_ms(), now_ms())
    await store.holds.put("hook", held)
    await redis.xadd(f"router:{{0}}:lane:{LANE}", {"u": b"somebody", "d": b"no entry"})
    async with running(concurrent(), redis, vendors):
        await wait_until_async(lambda: _buried(store), what="it to be buried")

        assert {"hook": held} == await store.holds.all()
    assert [] == vendors.requests["hook"]


async def _buried(store: Store) -> bool:
    return (await store.ledger([LANE])).lanes[LANE].dead == 1


class Slow(Holds):
    """Holds of a store whose answers and writes take as long as the test says."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.redis, store.scripts)
        self.away = False

    async def put(self, destination: str, hold: Hold) -> bool:
        """Write a hold, unless the store is away."""
        if self.away:
            raise Away
        return await super().put(destination, hold)


def throttling() -> Hold:
    """Return a throttling of a minute."""
    return Hold("throttled", "http_429", now_ms(), now_ms() + 60_000)


async def test_old_news_do_not_end_a_hold(redis: Any) -> None:
    """What the store said before a hold was written knows nothing of it."""
    holding = Holding("hook", Slow(Store(redis, 4)), "one")
    hold, asked_at = throttling(), time.monotonic()
    assert hold == holding.begin(hold, None)

    holding.see(None, 0, asked_at=asked_at)
    assert hold == holding.hold
    await holding.write(hold, None)
    holding.see(None, 0, asked_at=asked_at)
    assert hold == holding.hold

    holding.see(None, 0, asked_at=time.monotonic())
    assert holding.hold is None


async def test_a_hold_is_written_once_the_store_is_back(redis: Any) -> None:
    """A hold that began while the store was away is acted on, and written at the next look."""
    holds = Slow(Store(redis, 4))
    holding, hold = Holding("hook", holds, "one"), throttling()
    holding.begin(hold, None)
    holds.away = True
    await holding.write(hold, None)
    holding.see(None, 0, asked_at=time.monotonic())
    assert hold == holding.hold

    holds.away = False
    await holding.tell()
    assert {"hook": hold} == await holds.all()


def test_a_shorter_throttling_says_nothing_new() -> None:
    """Of requests that are throttled together only those are news that ask for a longer wait."""
    known = throttled(None, "http_429", 60, 1_000)
    assert is_old_news(throttled(known, "http_429", 1, 1_000), known, probed=False)
    assert not is_old_news(throttled(known, "http_429", 90, 1_000), known, probed=False)
    assert not is_old_news(throttled(known, "http_429", 1, 90_000), known, probed=False)
    assert not is_old_news(held(known, "http_401", 1_000), known, probed=False)
