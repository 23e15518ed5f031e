"""A dictionary is learned when it is worth it, and used by all who can read it."""

from __future__ import annotations

import asyncio
import itertools
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import fakeredis
import httpx
import pytest

from router.engine.route import packing
from router.engine.route.packing import MOST, SAMPLES, Packing, better
from router.store.codec import unpack
from router.store.dictionary import LEARNED, SHIPPED, learned
from router.store.store import Store
from tests.engine.stage import LANE, Vendors, configuration, push, running, track
from tests.support.dictionaries import USERS, WORDS, entry, forget, made, samples
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

FEW = 300


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Learn from a few, and wait for nobody."""
    monkeypatch.setattr(packing, "SAMPLES", FEW)
    monkeypatch.setattr(packing, "SIZE", 2048)
    monkeypatch.setattr(packing, "SAID_WITHIN", 0.0)
    yield
    forget()


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """Give a store in memory."""
    redis = fakeredis.FakeAsyncRedis()
    yield Store(redis, 4)
    await redis.aclose()


def events(first: int) -> list[dict[str, Any]]:
    """Return as many events as are learned from, of many users who use the same words."""
    return [
        track(f"e{number}", f"user {number % USERS}",
              properties={"our_own_property": WORDS[number % len(WORDS)] * 5})
        for number in range(first, first + FEW)
    ]  # fmt: skip


async def learns(store: Store, config: Any, first: int = 0) -> Any:
    """Let a worker route events; returns the dictionary that is in use then, and the vendor."""
    vendors = Vendors()
    async with running(config, store.redis, vendors) as engine:
        await push(store, *events(first))
        await wait_until_async(lambda: len(vendors.names()) == FEW, within=60)
        used = engine._parts.packing
        await wait_until_async(lambda: not used._enough.is_set() and not used._wanted, within=30)
        return used


def test_nobodys_values_are_in_a_dictionary() -> None:
    """What many have in common is in it; what one of them says is not, whole or in part."""
    [*given] = itertools.islice(samples(), SAMPLES)
    raw = better(given, SHIPPED)

    assert raw is not None
    assert any(word.encode() in raw for word in WORDS)
    references = {one for _, text in given for one in re.findall(rb'reference":"(\d+)"', text)}
    assert len(references) == SAMPLES
    assert [] == [one for one in references if b'"%b"' % one in raw]


def test_what_gains_little_is_not_learned() -> None:
    """The same again is no better than what is in use, and too little teaches nothing."""
    given = list(samples())
    raw = better(given, SHIPPED)
    assert raw is not None

    assert better(given, learned(raw)) is None
    assert better(given[:8], SHIPPED) is None


async def test_a_worker_learns_and_others_read(store: Store) -> None:
    """Once enough is routed, entries are packed with what was learned; everything arrives."""
    used = await learns(store, configuration())
    await wait_until_async(lambda: used.dictionary is not SHIPPED, within=30)
    forget()
    vendors = Vendors()
    vendors.answer = lambda *_: httpx.Response(410)
    async with running(configuration(), store.redis, vendors, "two"):
        await push(store, track("after"))
        await wait_until_async(store.holds.all, within=30)
    lanes = [f"router:{{{shard}}}:lane:{LANE}" for shard in range(4)]
    [key] = [lane for lane in lanes if await store.redis.xlen(lane)]
    [(_, fields)] = await store.redis.xrange(key)

    assert fields[b"d"][:1] == LEARNED
    assert unpack(fields[b"d"]).message_id == "id-after"


async def test_nothing_is_learned_where_it_is_not_wanted(store: Store) -> None:
    """A configuration may keep to what ships, whatever others have learned."""
    await store.dictionaries.adopt(made())
    vendors = Vendors()
    async with running(configuration(dictionary="shipped"), store.redis, vendors) as engine:
        await push(store, *events(0))
        await wait_until_async(lambda: len(vendors.names()) == FEW, within=60)

        assert engine._parts.packing.dictionary is SHIPPED
        assert await store.dictionaries.count() == 1


@pytest.mark.parametrize(("facts", "count"), [({}, 0), ({"format": 2}, 0), ({"format": 3}, 1)])
async def test_older_releases_are_waited_for(
    store: Store, facts: dict[str, Any], count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a worker lives that could not read them, no entry is packed so."""
    rested = asyncio.Event()

    async def rest(seconds: float) -> None:
        if seconds == packing.REST:
            rested.set()
            await asyncio.Event().wait()

    await store.members.heartbeat("other", timedelta(minutes=10), facts)
    monkeypatch.setattr(packing, "sleep", rest)
    used = Packing(learns=True)
    learning = asyncio.create_task(used.learn(store))
    await asyncio.sleep(0)
    for number in range(FEW):
        used.see(b"user %d" % (number % USERS), [entry(number)])
    await asyncio.wait_for(rested.wait(), 30)
    learning.cancel()

    assert await store.dictionaries.count() == count
    assert (used.dictionary is SHIPPED) == (count == 0)


async def test_what_cannot_be_learned_from_harms_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error while learning ends nothing but that: events are routed as before."""
    monkeypatch.setattr(packing, "anonymised", lambda _: 1 / 0)

    used = await learns(store, configuration())

    assert used.dictionary is SHIPPED


async def test_a_store_has_room_for_so_many(store: Store) -> None:
    """When there are many dictionaries, the last one stays in use."""
    for number in range(MOST):
        await store.redis.hset("router:{0}:dictionaries", str(number), b"")
    used = await learns(store, configuration())

    assert used.dictionary is SHIPPED
    assert await store.dictionaries.count() == MOST


async def test_a_store_that_lost_it_gets_it_back(store: Store) -> None:
    """What a worker packs with is in the store, whatever became of the store meanwhile."""
    used = Packing(learns=True)
    dictionary = made()
    await store.dictionaries.adopt(dictionary)
    await used.follow(store)
    await store.redis.flushall()

    await used.follow(store)

    forget()
    found = await store.dictionaries.current()
    assert found is not None
    assert found.id == used.dictionary.id == dictionary.id
