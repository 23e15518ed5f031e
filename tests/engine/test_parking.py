"""Turns that are longer than memory: parked, never in others' way, and never out of order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from router.store.codec import Entry, pack
from router.store.connection import connect
from router.store.store import Store
from tests.engine.stage import LANE, Vendors, configuration, place, push, running, settled, track
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.stores import StoreServer

BOT = b"the bot's turn"
LONG = 60_000


@pytest.fixture(name="redis")
async def connected(store_server: StoreServer) -> AsyncIterator[Any]:
    """Give a client of a real store: the pretended one is too slow for so many."""
    client = connect(store_server.url)
    yield client
    await client.aclose()


async def fill(redis: Any, turn: bytes, name: str, times: int) -> None:
    """Put the same delivery into a lane many times."""
    raw = pack(Entry(name, "track", "default", 0, (), json.dumps({"event": name}).encode()))
    for _ in range(0, times, 5_000):
        pipeline = redis.pipeline(transaction=False)
        for _ in range(5_000):
            pipeline.xadd(f"router:{{0}}:lane:{LANE}", {"u": turn, "d": raw})
        await pipeline.execute()


def failing_for(name: str) -> Any:
    """Return an answer that fails for events of one name."""

    def answer(_: str, request: httpx.Request) -> httpx.Response:
        return httpx.Response(503 if json.loads(request.content)["event"] == name else 200)

    return answer


async def test_a_failing_turn_however_long_holds_nobody_else_back(redis: Any) -> None:
    """Behind 60,000 events of a user who always fails, ten others' are delivered meanwhile."""
    store, vendors, users = Store(redis, 4), Vendors(), [f"user {n}" for n in range(10)]
    vendors.answer = failing_for("bot")
    await fill(redis, BOT, "bot", LONG)
    for user in users:
        await place(store, 0, user.encode(), user)
    async with running(configuration(), redis, vendors) as engine:
        await wait_until_async(
            lambda: set(users) <= set(vendors.names()), within=60, what="the other users' events"
        )
        (window,) = [part._window for part in engine._parts.dispatchers]
        assert (1, {"hook": 1}) == (window.parked, engine.facts()["parked"])
        assert window.ids < 1_000

    assert users == sorted(set(vendors.names()) - {"bot"})
    assert LONG == await redis.xlen(f"router:{{0}}:lane:{LANE}")


async def test_a_long_turn_arrives_in_order_and_once(redis: Any) -> None:
    """What was parked is read again when its turn gets there, between other users' events."""
    vendors, store = Vendors(), Store(redis, 4)
    expected = [f"e{n}" for n in range(1_200)]
    vendors.answer = lambda *_: httpx.Response(503)
    async with running(configuration(), redis, vendors) as engine:
        for start in range(0, len(expected), 100):
            some = expected[start : start + 100]
            await push(store, *(track(name, "bot") for name in some), track(f"o{start}", "other"))
        (part,) = engine._parts.dispatchers
        await wait_until_async(lambda: part.parked, within=20, what="a parked turn")
        failed = len(vendors.requests["hook"])
        vendors.answer = lambda *_: httpx.Response(200)
        await settled(store, delivered=1_212, pending=0)
        assert 0 == part.parked

    names = [name for name in vendors.names()[failed:] if name.startswith("e")]
    assert expected == names[names.index("e0") :]
