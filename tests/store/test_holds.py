"""Holds and rates: one state for all workers, and an operator's word before an engine's."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from router.store.holds import Hold
from router.store.opening import WrongFormat, setup
from router.store.store import Store
from tests.store.working import LONG, NOW

HELD = Hold("held", "http_401", NOW, NOW + 1_000)
PAUSED = Hold("paused", "by_hand", NOW + 5_000, by="ann")


async def test_a_hold_is_seen_by_all(redis: Any) -> None:
    """What one worker puts every other reads, as it was put."""
    holds = Store(redis, 2).holds
    assert await holds.put("mail", HELD)

    assert {"mail": HELD} == await Store(redis, 2).holds.all()


async def test_an_operators_pause_wins(redis: Any) -> None:
    """No engine replaces or ends a pause; an operator does."""
    holds = Store(redis, 2).holds
    await holds.put("mail", PAUSED)

    assert not await holds.put("mail", HELD)
    assert not await holds.end("mail", NOW)
    assert {"mail": PAUSED} == await holds.all()
    assert await holds.end("mail", PAUSED.since + 100, by="operator")
    assert {} == await holds.all()


async def test_time_held_adds_up(redis: Any) -> None:
    """Each ended hold adds its length; ending none adds nothing."""
    holds = Store(redis, 2).holds
    for length in (1_000, 500):
        await holds.put("mail", HELD)
        assert await holds.end("mail", NOW + length)
    assert not await holds.end("mail", NOW + 9_000)

    assert {"mail": 1_500} == await holds.held_ms()


async def test_a_pause_over_a_hold_forgets_no_time(redis: Any) -> None:
    """A destination that was held and is then paused was held all the time."""
    holds = Store(redis, 2).holds
    await holds.put("mail", HELD)
    await holds.put("mail", PAUSED)
    await holds.end("mail", NOW + 7_000, by="operator")

    assert {"mail": 7_000} == await holds.held_ms()


async def test_a_throttling_is_never_shortened(redis: Any) -> None:
    """Of two workers' throttlings of one destination the longer counts."""
    holds = Store(redis, 2).holds
    await holds.put("mail", Hold("throttled", "http_429", NOW, NOW + 60_000))
    await holds.put("mail", Hold("throttled", "http_429", NOW, NOW + 1_000))

    assert NOW + 60_000 == (await holds.all())["mail"].probe_at


async def test_only_the_hold_that_was_seen_is_ended(redis: Any) -> None:
    """An engine that saw an older hold does not end the one that came after it."""
    holds = Store(redis, 2).holds
    short = Hold("throttled", "http_429", NOW, NOW + 1_000)
    await holds.put("mail", Hold("throttled", "http_429", NOW, NOW + 60_000))

    assert not await holds.end("mail", NOW + 2_000, seen=short)
    assert await holds.end("mail", NOW + 61_000, seen=(await holds.all())["mail"])


async def test_one_probes_at_a_time(redis: Any) -> None:
    """A probe is one worker's, until it ends it; who comes too late to end it ends nobody's."""
    holds = Store(redis, 2).holds
    one, two, late = (holds.probe("mail", owner, LONG) for owner in ("one", "two", "one"))

    assert [True, False] == [await one.acquire(), await two.acquire()]
    await one.release()
    assert await two.acquire()
    await one.release()
    assert not await late.acquire()


async def test_the_end_of_a_hold_ends_its_probe(redis: Any) -> None:
    """When a destination is held again, its first probe waits for nobody."""
    holds = Store(redis, 2).holds
    await holds.put("mail", HELD)
    assert await holds.probe("mail", "one", LONG).acquire()
    await holds.end("mail", NOW)

    assert await holds.probe("mail", "two", LONG).acquire()


async def test_a_rate_is_shared(redis: Any) -> None:
    """Two workers together let no more through than the rate, the time and the burst allow."""
    rate, burst = 200, 20
    stores = [Store(redis, 2), Store(redis, 2)]
    began = await redis.time()

    async def take(store: Store) -> int:
        waits = [await store.rate_wait("mail:webhook", rate, 1) for _ in range(150)]
        return waits.count(0)

    passed = sum(await asyncio.gather(*map(take, stores)))
    ended = await redis.time()

    seconds = (ended[0] - began[0]) + (ended[1] - began[1]) / 1_000_000
    assert burst <= passed <= rate * seconds + burst + 1


async def test_a_large_batch_pays_afterwards(redis: Any) -> None:
    """A batch larger than the burst passes at once, and the next waits for its length."""
    store = Store(redis, 2)

    assert 0 == await store.rate_wait("mail:webhook", 10, 500)
    assert 49 < await store.rate_wait("mail:webhook", 10, 1) <= 50


async def test_the_number_of_shards_stays(redis: Any) -> None:
    """The first start fixes how many shards there are; another format is refused."""
    assert 8 == await setup(redis, 8)
    assert 8 == await setup(redis, 3)
    await redis.hset("router:setup", "format", "99")
    with pytest.raises(WrongFormat, match="99"):
        await setup(redis, 8)
