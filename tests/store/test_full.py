"""A full store: it takes nothing more in, and what it holds can be worked off all the same."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from router.store.connection import REFUSING, connect
from router.store.holds import Hold
from router.store.lanes import Death, Settlement, Try
from router.store.opening import setup
from router.store.store import Store
from tests.engine.stage import Vendors, configuration, now_ms, push, running, settled, track
from tests.store.working import LONG, NOW, filled, leased, names, settle, waiting
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.stores import StoreServer


@pytest.fixture(name="redis")
async def connected(store_server: StoreServer) -> AsyncIterator[Any]:
    """Give a client of a real store: the pretended one is never full."""
    client = connect(store_server.url)
    yield client
    await client.aclose()


@asynccontextmanager
async def full(redis: Any) -> AsyncIterator[None]:
    """Let the store be full for a while."""
    await redis.config_set("maxmemory", "1")
    try:
        with pytest.raises(REFUSING):
            await redis.set("more", "than fits")
        yield
    finally:
        await redis.config_set("maxmemory", "0")


async def test_a_full_store_settles(redis: Any) -> None:
    """Deliveries end in a full store, however they end."""
    store, lease = await filled(redis, "e1", "e2", "e3", "e4")
    first, second, third, _ = [entry.id for entry in await waiting(store)]
    async with full(redis):
        await settle(store, lease, Settlement(tries={third: Try(1, NOW, 0, NOW, "http_503")}))
        await settle(store, lease, Settlement(deaths=[Death(second, "http_400")]))
        await settle(store, lease, Settlement(delivered=[first]))
        assert {third} == (await store.lanes.tries(0, "mail:webhook")).keys()

    assert ["e3", "e4"] == await names(store)
    assert (await store.ledger()).holds


async def test_a_full_store_gives_up_lanes(redis: Any) -> None:
    """What filled the store for a destination that is gone can become dead letters."""
    store, _ = await filled(redis, "e1", "e2")
    async with full(redis):
        assert 2 == await store.lanes.abandon(0, "mail:webhook", NOW)

    assert (await store.ledger()).holds


async def test_a_full_store_has_owners(redis: Any) -> None:
    """Workers start, live, share and wait for each other beside a full store."""
    assert 2 == await setup(redis, 2)
    store = Store(redis, 2)
    async with full(redis):
        assert 2 == await setup(redis, 2)
        assert [b"one"] == [*map(str.encode, await store.members.heartbeat("one", LONG, {}))]
        await (await leased(store, "0")).renew()
        assert 0 == await store.rate_wait("mail:webhook", 10, 1)
        assert await store.holds.put("mail", Hold("held", "http_401", NOW, NOW))
        assert await store.holds.probe("mail", "one", LONG).acquire()
        assert await store.holds.end("mail", NOW)


async def test_what_is_announced_in_a_full_store_is_noted(redis: Any) -> None:
    """News that could not be noted would be announced again and again."""
    store = Store(redis, 2)
    async with full(redis):
        await store.holds.note_announced("intake", "held store_full 1000")
        assert {"intake": "held store_full 1000"} == await store.holds.announced()
        await store.holds.note_announced("intake", "")
        assert {} == await store.holds.announced()


async def test_a_full_store_holds_the_intake_and_says_so_once(redis: Any) -> None:
    """All the way: full to the last byte, the intake waits, one announcement, and on it goes."""
    store, vendors = Store(redis, 4), Vendors()
    config = configuration(announce={"url": "https://ops.test/news"})

    def told() -> list[tuple[str, str]]:
        return [(news["destination"], news["state"]) for news in vendors.bodies("announce")]

    async with running(config, redis, vendors) as engine:
        await push(store, track("early"))
        await settled(store, delivered=1)
        async with full(redis):
            await wait_until_async(lambda: told() == [("intake", "held")], within=20)
            await wait_until_async(store.holds.announced, within=20)
            await wait_until_async(lambda: not engine.facts()["intakes"], within=20)
            assert engine._parts.announcer is not None
            await engine._parts.announcer.look(now_ms())
        await push(store, track("late"))
        await settled(store, delivered=2)
        await wait_until_async(lambda: len(told()) > 1, within=20)

    assert [("intake", "held"), ("intake", "resumed")] == told()


async def test_an_engine_empties_a_full_store(redis: Any) -> None:
    """When a destination that filled the store is well again, its lanes drain by themselves."""
    store, vendors = Store(redis, 4), Vendors()
    await store.holds.put("hook", Hold("held", "unavailable", now_ms()))
    async with running(configuration(), redis, vendors):
        await push(store, *(track(f"e{n}", f"u{n}") for n in range(20)))
        await settled(store, pending=20)
        async with full(redis):
            probed = Hold("held", "unavailable", now_ms(), now_ms(), by="ann")
            await store.holds.put("hook", probed)
            await settled(store, delivered=20)
