"""A full store: it takes nothing more in, and what it holds can be worked off all the same."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from router.store.connection import REFUSING, connect
from router.store.holds import Hold
from router.store.lanes import Death, Settlement, Try
from router.store.store import Store, setup
from tests.engine.stage import Vendors, configuration, now_ms, push, running, settled, track
from tests.store.working import LONG, NOW, filled, leased, names, settle, waiting

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


async def test_an_engine_empties_a_full_store(redis: Any) -> None:
    """When a destination that filled the store is well again, its lanes drain by themselves."""
    store, vendors = Store(redis, 4), Vendors()
    await store.holds.put("hook", Hold("held", "unavailable", now_ms()))
    async with running(configuration(), redis, vendors):
        await push(store, *(track(f"e{n}", f"u{n}") for n in range(20)))
        await settled(store, pending=20)
        async with full(redis):
            await store.holds.put("hook", Hold("held", "unavailable", now_ms(), now_ms()))
            await settled(store, delivered=20)
