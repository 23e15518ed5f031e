"""Real workers over a Redis Cluster: shards lie on several nodes, and nothing gets lost."""

from __future__ import annotations

import json
import random
import signal
from typing import TYPE_CHECKING

import pytest

from router.store import keys
from tests.support.cluster import StoreCluster
from tests.support.configuration import webhook, write
from tests.support.looking import Eyes
from tests.support.vendor import missing
from tests.support.workers import Workers
from tests.system.scene import tracks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from router.store.store import Store
    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

pytestmark = pytest.mark.system
EVENTS = tracks(600, users=40)


@pytest.fixture
def cluster(short_path: Path) -> Iterator[StoreCluster]:
    """Give three nodes."""
    nodes = StoreCluster(short_path, seconds=300)
    try:
        yield nodes.start()
    finally:
        nodes.kill()


def test_workers_deliver_over_a_cluster(
    cluster: StoreCluster, own_store: StoreServer, vendor: Vendor, tmp_path: Path
) -> None:
    """All arrives though a worker is killed in between, and conservation holds to the last one."""
    file = write(tmp_path, own_store, {"hook": webhook(vendor, "/hook")}, redis=cluster.url)
    eyes = Eyes(file)

    async def push(store: Store, some: list[dict[str, object]]) -> None:
        await store.push("events", [{"event": json.dumps(one)} for one in some])

    with Workers(file, tmp_path) as workers:
        workers.start(2)
        eyes.ask(lambda store: push(store, EVENTS[:300]))
        vendor.wait_for(50, "/hook")
        victim = workers.kill_one(random.Random(1))
        eyes.ask(lambda store: push(store, EVENTS[300:]))
        assert -signal.SIGKILL == victim.wait(within=10)
        eyes.wait_drained()

    ledger = eyes.ledger()
    assert ledger.holds
    assert (len(EVENTS), len(EVENTS)) == (ledger.intake["read"], ledger.accepted)
    assert len(EVENTS) == ledger.lanes["hook:webhook"].delivered
    arrived = vendor.arrivals("/hook")
    assert {} == missing({"/hook": {one["messageId"] for one in EVENTS}}, arrived)
    assert {0, 1, 2} == {cluster.node_of(keys.shard(n)) for n in _used(eyes)}


def _used(eyes: Eyes) -> list[int]:
    """Return the shards that took events."""

    async def find(store: Store) -> list[int]:
        return [n for n in range(store.shards) if await store.redis.exists(keys.ledger(n))]

    return eyes.ask(find)
