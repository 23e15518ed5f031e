"""Engines share, hand over and lose what they own, and none of them does what is another's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from router.store import keys
from router.store.connection import UNREACHABLE, connect
from router.store.lanes import Lanes
from router.store.store import Store
from tests.engine.stage import (
    LANE,
    Vendors,
    configuration,
    hook,
    place,
    push,
    running,
    settled,
    track,
)
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from router.engine.engine import Engine
    from tests.support.stores import StoreServer


async def owns(engine: Engine, *, shards: int, intakes: int) -> None:
    """Wait until an engine has its share."""

    def enough() -> bool:
        facts = engine.facts()
        return (shards, intakes) == (len(facts["shards"]), len(facts["intakes"]))

    await wait_until_async(enough, within=15, what=f"{engine.owner} to own {shards} shards")


async def test_a_stop_gives_everything_back(redis: Any) -> None:
    """After a stop nothing is leased, and what was in flight is settled."""
    store, vendors = Store(redis, 4), Vendors()
    async with running(configuration(), redis, vendors) as engine:
        await owns(engine, shards=4, intakes=2)
        await push(store, *(track(f"e{n}", f"u{n}") for n in range(40)))
        await wait_until_async(lambda: len(vendors.requests["hook"]) > 5, what="some requests")

    assert [] == await redis.keys("router:*:lease")
    ledger = await store.ledger()
    assert ledger.holds
    assert len(vendors.requests["hook"]) == ledger.lanes[LANE].delivered
    assert (await store.ledger()).lanes[LANE].other == {}


async def test_a_store_that_evicts_is_warned_of(
    store_server: StoreServer, caplog: pytest.LogCaptureFixture
) -> None:
    """A server that may drop keys when it is full is told to whoever reads the log."""
    redis = connect(store_server.url)
    await redis.config_set("maxmemory-policy", "allkeys-lru")
    async with running(configuration(), redis, Vendors()) as engine:
        await owns(engine, shards=4, intakes=2)
    await redis.aclose()

    assert "maxmemory-policy noeviction" in caplog.text


async def test_two_engines_share_and_take_over(redis: Any) -> None:
    """A second engine gets half; when it stops the first has all again; each event arrives once."""
    store, vendors = Store(redis, 4), Vendors()
    config = configuration()
    async with running(config, redis, vendors, "one") as one:
        await owns(one, shards=4, intakes=2)
        async with running(config, redis, vendors, "two") as two:
            await owns(two, shards=2, intakes=1)
            await owns(one, shards=2, intakes=1)
            await push(store, *(track(f"e{n}", f"u{n % 9}") for n in range(60)))
            await wait_until_async(lambda: len(vendors.requests["hook"]) > 20, what="half of it")
        await owns(one, shards=4, intakes=2)
        await settled(store, delivered=60)

    assert sorted(f"e{n}" for n in range(60)) == sorted(vendors.names())
    for user in range(9):
        mine = [body["event"] for body in vendors.bodies() if body["userId"] == f"u{user}"]
        assert [f"e{n}" for n in range(user, 60, 9)] == mine


async def test_who_lost_its_lease_writes_nothing(redis: Any) -> None:
    """What an engine had in flight when its shard became another's is not settled by it."""
    store, vendors, gate = Store(redis, 4), Vendors(), asyncio.Event()
    vendors.gate = gate
    async with running(configuration(), redis, vendors):
        await push(store, track("e1"))
        await wait_until_async(lambda: vendors.requests["hook"], what="the request")
        for shard in range(4):
            await redis.set(f"router:{{{shard}}}:lease", "somebody:999")
        gate.set()
        await wait_until_async(lambda: _no_shards(store), what="the engine to notice")
        assert (1, 0) == await _counted(store)

    assert b"somebody:999" == await redis.get("router:{0}:lease")


async def _no_shards(store: Store) -> bool:
    members = await store.members.all()
    return all(not facts["shards"] for facts in members.values())


async def _counted(store: Store) -> tuple[int, int]:
    lane = (await store.ledger()).lanes[LANE]
    return lane.pending, lane.delivered


async def test_a_store_that_comes_back_finds_its_engine_at_work(
    store_server: StoreServer,
) -> None:
    """After kill -9 of the store and its return all that was accepted is delivered."""
    redis, eyes = connect(store_server.url), connect(store_server.url)
    store, vendors = Store(eyes, 4), Vendors()
    config = configuration({"hook": hook(delivery={"concurrency": 2})})
    async with running(config, redis, vendors) as engine:
        await owns(engine, shards=4, intakes=2)
        await push(store, *(track(f"e{n}", f"u{n % 7}") for n in range(150)))
        await wait_until_async(lambda: len(vendors.requests["hook"]) > 20, what="some requests")
        store_server.restart()
        await wait_until_async(lambda: answers(store), what="the store")
        await settled(store, pending=0, delivered=150)
    await redis.aclose()
    await eyes.aclose()

    assert {f"e{n}" for n in range(150)} == set(vendors.names())


async def answers(store: Store) -> bool:
    """Tell whether the store answers; a connection that broke is replaced."""
    try:
        await store.ping()
    except UNREACHABLE:
        return False
    return True


async def test_a_list_of_the_wrong_type_stops_nothing_else(redis: Any) -> None:
    """When a producer makes one intake unusable, the other and all lanes go on."""
    store, vendors = Store(redis, 4), Vendors()
    await redis.set("events-list", "not a list")
    async with running(configuration(), redis, vendors):
        await push(store, track("e1"))
        await settled(store, delivered=1)
        await redis.delete("events-list")
        await store.push_list("events-list", [b'{"type":"track","event":"e2","userId":"u"}'])
        await settled(store, delivered=2)


@pytest.mark.parametrize("strange", [keys.ledger(0), keys.tries(0, LANE), keys.dead(0, LANE)])
async def test_a_shard_with_a_strange_key_is_left_alone(
    redis: Any, strange: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be settled is not sent, again and again; the log says once which key it is."""
    store, vendors = Store(redis, 4), Vendors()
    looks, look = list[int](), Lanes.look

    async def looked(self: Lanes, shard: int, lanes: Any) -> None:
        if shard == 0:
            looks.append(shard)
        await look(self, shard, lanes)

    monkeypatch.setattr(Lanes, "look", looked)
    await redis.rpush(strange, "something else")
    for shard in (0, 1):
        await place(store, shard, b"twelve bytes", f"e{shard}")
    said = f"shard 0 is left alone: the store has something else in {strange}"
    async with running(configuration(), redis, vendors):
        await wait_until_async(vendors.names, what="the other shard's event")
        seen = len(looks)
        await wait_until_async(lambda: len(looks) > seen + 2, what="two ticks")
        assert 1 == caplog.text.count(said)
        assert ["e1"] == vendors.names()
        await redis.delete(strange)
        await wait_until_async(lambda: "e0" in vendors.names(), what="the event")
    assert ["e1", "e0"] == vendors.names()
    assert 1 == caplog.text.count("shard 0 is left alone no more")
