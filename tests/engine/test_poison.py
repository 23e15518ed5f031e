"""What ended its owners alone is a dead letter, or shelved; its neighbours come as ever."""

from __future__ import annotations

import asyncio
from typing import Any

from router.observe.reasons import DeadReason, ShelfReason
from router.store.store import Store
from tests.engine.stage import (
    LANE,
    Vendors,
    configuration,
    now_ms,
    place,
    push,
    running,
    settled,
    track,
)
from tests.support.waiting import wait_until_async

PROVEN = "5 dead"
"""Two owners ended with it in company, three with it alone; the last bore this name."""


async def suspect(redis: Any, home: str, suspects: dict[str, str]) -> None:
    """Let the last owner have ended with these in flight."""
    await redis.set(f"{home}:owner", "0 dead")
    await redis.hset(f"{home}:suspects", mapping=suspects)


async def test_a_proven_entry_is_buried_unattempted(redis: Any) -> None:
    """It is dead without a request, its user's later ones are delivered; and it can be replayed."""
    store, vendors = Store(redis, 4), Vendors()
    first = await place(store, 0, b"ann", "first")
    for name in ("second", "third"):
        await place(store, 0, b"ann", name)
    await suspect(redis, "router:{0}", {f"{LANE} {first.decode()}": PROVEN})
    async with running(configuration(), redis, vendors):
        await wait_until_async(lambda: _over(store), what="one dead, two delivered")
        assert ["second", "third"] == vendors.names()
        [letter] = [one async for one in store.letters.scan([LANE])]
        assert (DeadReason.POISON, 5) == (letter.reason, letter.attempts)
        assert 1 == await store.letters.replay([letter], now_ms())
        await wait_until_async(lambda: "first" in vendors.names(), what="what was replayed")


async def _over(store: Store) -> bool:
    lane = (await store.ledger([LANE])).lanes[LANE]
    return (2, 1, 1) == (lane.delivered, lane.dead, lane.letters)


async def test_suspects_are_tried_apart_and_acquitted(redis: Any) -> None:
    """Who comes through an attempt is suspected no more; others do not wait for it."""
    store, vendors = Store(redis, 4), Vendors()
    vendors.gate = asyncio.Event()
    ids = [await place(store, 0, name.encode(), name) for name in ("ann", "bob", "cid")]
    suspects = {f"{LANE} {entry.decode()}": "1 dead" for entry in ids[:2]}
    await suspect(redis, "router:{0}", suspects)
    async with running(configuration(), redis, vendors):
        await wait_until_async(lambda: "cid" in vendors.names(), what="the innocent one")
        assert 1 == len({"ann", "bob"} & set(vendors.names()))
        vendors.gate.set()
        await wait_until_async(lambda: len(vendors.names()) == 3, what="all of them")
        await wait_until_async(lambda: _none(redis), what="all to be cleared")


async def _none(redis: Any) -> bool:
    return not await redis.exists("router:{0}:suspects")


async def test_a_proven_arrival_is_shelved_unrouted(redis: Any) -> None:
    """It waits on the shelf, its neighbours come in their order; and it can be put back."""
    store, vendors = Store(redis, 4), Vendors()
    await push(store, *(track(f"e{n}") for n in range(1, 6)))
    names = [entry.decode() for entry, _ in await redis.xrange("events")]
    await suspect(redis, "router:{events}:stream", {names[2]: PROVEN, names[3]: "1 dead"})
    async with running(configuration(), redis, vendors):
        await settled(store, delivered=4)

        [item] = [one async for one in store.shelf.scan()]
        assert ShelfReason.POISON == item.reason
        assert b'"e3"' in item.raw
        assert await store.shelf.put_back(item, "events")
        await settled(store, delivered=5)

    assert ["e1", "e2", "e4", "e5", "e3"] == vendors.names()
