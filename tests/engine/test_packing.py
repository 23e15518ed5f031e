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

from router.engine.route import packing, training
from router.engine.route.packing import LONGEST, MOST, SAMPLES, Packing
from router.engine.route.training import better
from router.store.codec import Envelope, unpack
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
    monkeypatch.setattr(training, "SIZE", 2048)
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
        await wait_until_async(lambda: used.lessons == 1, within=30)
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


def test_what_few_say_is_in_no_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    """What 19 users say, or many events of nobody known, is in none; words of 61 users are."""
    monkeypatch.setattr(training, "SIZE", 32 * 1024)
    said = {19: b"Nineteen friends agree", 61: b"Sixty people do as well", 0: b"Johanna F. Meier"}
    given = []
    for number, (user, text) in enumerate(samples()):
        users = (19, 61, 0)[number % 3]
        given.append((b"user %d" % (number % users) if users else b"",
                      text.replace(b"our_own_property", said[users])))  # fmt: skip
        given.append((user, text))
    raw = better(given, SHIPPED)

    assert raw is not None
    assert [61] == [users for users, words in said.items() if words in raw]


@pytest.mark.parametrize("spoil", [
    lambda redis: redis.set("{router}:dictionary", "no number"),
    lambda redis: redis.hset("{router}:dictionary", "of", "another kind"),
    lambda redis: redis.set("{router}:dictionary", "7"),
])  # fmt: skip
async def test_a_damaged_dictionary_stops_nobody(store: Store, spoil: Any) -> None:
    """Where the store's dictionary cannot be used, that which ships packs on."""
    await store.redis.hset("router:{0}:dictionaries", "7", b"\x37\xa4\x30\xec damaged")
    await spoil(store.redis)
    vendors = Vendors()
    async with running(configuration(), store.redis, vendors) as engine:
        await push(store, track("one"))
        await wait_until_async(lambda: vendors.names() == ["one"], within=30)
        await engine._parts.packing.look(store)

        assert engine._parts.packing.dictionary is SHIPPED


async def test_long_texts_and_too_much_are_not_learned_from(store: Store) -> None:
    """Samples have a bound in bytes: learning takes seconds, whatever is routed."""
    used = Packing(learns=True)
    learning = asyncio.create_task(used.learn(store))
    await asyncio.sleep(0)
    long = Envelope("m", "track", "default", 0, None).pack((), b'"%b"' % bytes([65]) * LONGEST)
    for _ in range(FEW):
        used.see(b"user", [long])
    learning.cancel()

    assert [] == used._samples


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
    async with running(configuration(), store.redis, vendors, "two") as two:
        await wait_until_async(lambda: two._parts.packing.dictionary is not SHIPPED, within=30)
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
    monkeypatch.setattr(training, "anonymised", lambda _: 1 / 0)

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
    used = Packing(follows=True)
    dictionary = made()
    await store.dictionaries.adopt(dictionary)
    await used.look(store)
    await store.redis.flushall()

    await used.look(store)

    forget()
    found = await store.dictionaries.current()
    assert found is not None
    assert found.id == used.dictionary.id == dictionary.id
