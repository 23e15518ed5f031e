"""What a stop waits for stays owned, and what it need not wait for is free at once."""

from __future__ import annotations

import asyncio
from typing import Any

from router.engine.engine import Engine
from router.store import keys
from router.store.store import Store
from tests.engine.stage import LANE, Vendors, configuration, hook, push, track
from tests.support.waiting import wait_until_async

CONFIG = configuration({"hook": hook(delivery={"timeout": "2900ms"})}, worker={"lease": "4s"})


async def leased(redis: Any) -> list[str]:
    """Return what has an owner."""
    found = [name.decode() for name in await redis.keys(keys.lease("*"))]
    return sorted(found)


async def test_a_drain_keeps_what_it_waits_for_and_frees_the_rest(redis: Any) -> None:
    """While a request is open its shard's lease is prolonged; all else is given back before."""
    store, vendors = Store(redis, 4), Vendors()
    vendors.gate, stop = asyncio.Event(), asyncio.Event()
    work = asyncio.create_task(Engine(CONFIG, store, "one", transport=vendors.transport).run(stop))
    await push(store, track("e1"))
    await wait_until_async(lambda: vendors.requests["hook"], what="the request")
    stop.set()

    async def one_is_left() -> bool:
        return len(await leased(redis)) == 1

    await wait_until_async(one_is_left, what="the rest to be free")
    [open_] = await leased(redis)
    least = await redis.pttl(open_)

    async def prolonged() -> bool:
        nonlocal least
        left = await redis.pttl(open_)
        before, least = least, min(least, left)
        return bool(left > before)

    await wait_until_async(prolonged, what="the lease to be prolonged")
    assert not work.done()
    vendors.gate.set()
    await work

    lane = (await store.ledger()).lanes[LANE]
    assert (1, {}) == (lane.delivered, lane.other)
    assert [] == await leased(redis)


class Outdated:
    """Knows from the first look on that the operator wants another configuration."""

    problem = ""

    def outdated(self, _: int) -> bool:
        """Say so."""
        return True


async def test_nothing_is_done_by_a_configuration_that_is_outdated(redis: Any) -> None:
    """An engine that begins with another configuration than is wanted ends unseen."""
    store = Store(redis, 4)
    engine = Engine(CONFIG, store, "one", transport=Vendors().transport, watch=Outdated())
    await asyncio.wait_for(engine.run(asyncio.Event()), 10)

    assert {} == await store.members.all()
    assert [] == await leased(redis)
