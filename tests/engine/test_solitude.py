"""An attempt alone has nothing else in flight beside it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from router.engine.care.caution import Caution
from router.engine.care.solitude import Solitude
from router.engine.deliver.exchange import NotStarted
from router.store import keys
from router.store.store import Store
from tests.store.working import LONG
from tests.support.waiting import wait_until_async


async def test_alone_means_alone() -> None:
    """One alone waits for those in flight, and nobody takes off before it has landed."""
    solitude, seen = Solitude(), list[str]()
    solitude.enter()

    async def alone() -> None:
        async with solitude.alone():
            seen.append("alone")

    async def company() -> None:
        async with solitude.company():
            seen.append("company")

    first = asyncio.create_task(alone())
    await wait_until_async(lambda: solitude.kept, what="the one who wants to be alone")
    second = asyncio.create_task(company())
    await asyncio.sleep(0)
    assert seen == []
    solitude.leave()
    await asyncio.gather(first, second)

    assert ["alone", "company"] == seen


async def test_only_one_is_alone_anywhere(redis: Any) -> None:
    """Who may end a whole host is not tried while another is, nor just after an owner's end."""
    store, cautions = Store(redis, 2), list[Caution]()
    for shard, owner in enumerate(("one", "two")):
        lease = store.lease(shard, owner, LONG)
        assert await lease.acquire()
        cautions.append(Caution(store.suspects(lease, shard), lease))
    async with cautions[0].alone(Solitude()):
        with pytest.raises(NotStarted):
            async with cautions[1].alone(Solitude()):
                pytest.fail("two are alone")
    async with cautions[1].alone(Solitude()):
        with pytest.raises(NotStarted):
            async with cautions[0].alone(Solitude()):
                pytest.fail("two are alone")
        await redis.delete(keys.lease(keys.ALONE))  # it runs out
        async with cautions[0].alone(Solitude()):
            assert await redis.exists(keys.lease(keys.ALONE))
