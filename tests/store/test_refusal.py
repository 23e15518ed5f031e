"""A store that cannot write to its disk is told from one that fails for other reasons."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from router.store.connection import REFUSING, connect
from router.store.refusal import DiskRefuses, ReplicasMissing
from router.store.scripts import Scripts
from tests.support.stores import StoreServer
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from router.store.connection import Client


@pytest.fixture
def store(short_path: Path) -> Iterator[StoreServer]:
    """Give a store that writes to disk every second: a full disk makes it refuse writes."""
    server = StoreServer(short_path, fsync="everysec").start()
    yield server
    server.kill()


async def refuses(redis: Client) -> bool:
    """Write something; tells whether that was refused."""
    try:
        await redis.append("filler", "x" * 1_000)
    except DiskRefuses:
        return True
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="limits of others are set on Linux")
async def test_a_full_disk_is_a_refusal(store: StoreServer) -> None:
    """Commands, pipelines and scripts end with one error that says to wait; room ends it."""
    redis = connect(store.url)
    await redis.set("filler", "x")
    store.fill_disk()
    await wait_until_async(lambda: refuses(redis), within=30, what="the store to refuse writes")

    with pytest.raises(DiskRefuses):
        await redis.pipeline(transaction=False).set("a", "b").execute()
    with pytest.raises(DiskRefuses):
        await redis.pipeline(transaction=True).set("a", "b").execute()
    with pytest.raises(DiskRefuses):
        await Scripts(redis)("heartbeat", ["m", "n"], ["owner", 1000, "{}"])
    assert issubclass(DiskRefuses, REFUSING)

    store.free_disk()
    await wait_until_async(lambda: _taken(redis), within=30, what="the store to take writes")
    await redis.aclose()


async def _taken(redis: Client) -> bool:
    return not await refuses(redis)


async def test_too_few_replicas_are_a_refusal(short_path: Path) -> None:
    """A server that wants more replicas than follow is waited for, and a script does nothing."""
    server = StoreServer(short_path, options={"min-replicas-to-write": 1}).start()
    redis = connect(server.url)
    with pytest.raises(ReplicasMissing):
        await Scripts(redis)("heartbeat", ["m", "n"], ["owner", 1000, "{}"])
    assert not await redis.dbsize()
    assert issubclass(ReplicasMissing, REFUSING)

    await redis.config_set("min-replicas-to-write", 0)
    await Scripts(redis)("heartbeat", ["m", "n"], ["owner", 1000, "{}"])
    await redis.aclose()
    server.kill()
