"""Fills a real store with what the commands look at: routed events, dead letters, shelved ones."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from router.config import load, privacy_key
from router.decide.routes import compile_routes
from router.engine.deliver.latest import Latest
from router.engine.route.routing import Router
from router.store.lanes import Death, Settlement
from router.store.marks import limits
from router.store.opening import open_store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from router.config import Config
    from router.store.store import Store

OWNER = "test-owner"
LEASE = timedelta(seconds=30)


@asynccontextmanager
async def stored(file: Path) -> AsyncIterator[tuple[Config, Store]]:
    """Open the store of a configuration file."""
    config = load(file, os.environ)
    async with open_store(config) as store:
        yield config, store


async def route(config: Config, store: Store, raws: Sequence[bytes], now_ms: int) -> None:
    """Queue arrivals and hand them off, as the owner of the intake does."""
    kinds = {section.type: section.adapter_class for section in config.destinations.values()}
    routes = compile_routes(config, kinds, privacy_key(config))
    router = Router(routes, {}, privacy_key(config), store.shards)
    await store.push(config.queue.stream, [{"event": raw} for raw in raws])
    intake = store.intake("stream", config.queue.stream)
    lease = intake.lease(OWNER, LEASE)
    assert await lease.acquire()
    while (peek := await intake.peek()).count:
        batch = router.route(peek.arrivals, now_ms)
        await intake.hand_off(
            lease,
            peek,
            router.lanes,
            batch.routed,
            shelved=[*peek.shelved, *batch.shelved],
            marks=limits(config.dedupe.window, config.dedupe.memory),
            now_ms=now_ms,
            changes=await Latest(store.preferences).changes(batch.stated),
        )
    await lease.release()


async def bury(store: Store, lane: str, reason: str, now_ms: int, status: int | None = None) -> int:
    """Make a dead letter of everything that waits in a lane; returns how many died."""
    died = 0
    for shard in range(store.shards):
        [waiting] = await store.lanes.read(shard, [(lane, b"0-0", 100)])
        if not waiting:
            continue
        lease = store.lease(shard, OWNER, LEASE)
        assert await lease.acquire()
        deaths = [Death(one.id, reason, status, 3, now_ms - 1000) for one in waiting]
        await store.lanes.settle(lease, shard, {lane: Settlement(deaths=deaths)}, now_ms)
        await lease.release()
        died += len(deaths)
    return died


async def deliver(store: Store, lane: str, now_ms: int) -> int:
    """Settle everything that waits in a lane as delivered; returns how many."""
    done = 0
    for shard in range(store.shards):
        [waiting] = await store.lanes.read(shard, [(lane, b"0-0", 100)])
        lease = store.lease(shard, OWNER, LEASE)
        assert await lease.acquire()
        settlement = Settlement(delivered=[one.id for one in waiting])
        await store.lanes.settle(lease, shard, {lane: settlement}, now_ms)
        await lease.release()
        done += len(waiting)
    return done
