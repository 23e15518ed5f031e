"""An attempt alone has nothing else in flight beside it."""

from __future__ import annotations

import asyncio

from router.engine.care.solitude import Solitude
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
