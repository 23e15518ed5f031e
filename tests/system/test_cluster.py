"""Real workers over a Redis Cluster: shards lie on several nodes, and nothing gets lost."""

from __future__ import annotations

import json
import random
import signal
from typing import TYPE_CHECKING

import pytest

from router.store import keys
from router.store.cluster import NodeAway, ping
from router.store.connection import connect
from tests.support.cluster import StoreCluster
from tests.support.configuration import webhook, write
from tests.support.looking import Eyes
from tests.support.vendor import accepted, missing, out_of_order
from tests.support.waiting import wait_until_async
from tests.support.workers import Workers
from tests.system.command import router
from tests.system.scene import QUICK, TIMEOUT, tracks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from router.store.store import Store
    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

pytestmark = pytest.mark.system
EVENTS = tracks(600, users=40)
TAKEN = 50
"""So many are delivered before a node is lost, and at most twice as many; others fail until it is.
"""


@pytest.fixture
def cluster(short_path: Path, request: pytest.FixtureRequest) -> Iterator[StoreCluster]:
    """Give three nodes, with a replica each where the test loses one."""
    replicas = request.function is test_a_failover_is_followed
    nodes = StoreCluster(short_path, seconds=300, replicas=replicas)
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


def test_a_failover_is_followed(
    cluster: StoreCluster, own_store: StoreServer, vendor: Vendor, tmp_path: Path
) -> None:
    """A node dies under load, its replica takes over, and nothing that it had is lost.

    The replica had all that was acknowledged; until it takes over, workers wait and status says so.
    However slow the test is, most of the events wait when the node is lost.
    """
    vendor.behave("/hook", statuses=[200] * TAKEN * 2, status=503)
    hook = webhook(vendor, "/hook", delivery=TIMEOUT)
    file = write(tmp_path, own_store, {"hook": hook}, redis=cluster.url, worker=QUICK)
    eyes, dies = Eyes(file), cluster.node_of("{events}")
    events = EVENTS[:300]

    def status() -> None:
        assert len(accepted(vendor.arrivals("/hook"))["/hook"]) <= TAKEN * 2
        assert "lacks a node, until" in router(tmp_path, file, "status", status=1)
        vendor.behave("/hook")

    with Workers(file, tmp_path) as workers:
        workers.start(2)
        eyes.ask(lambda store: push(store, events[:200]))
        vendor.wait_for(TAKEN, "/hook")
        eyes.ask(lambda store: push(store, events[200:250]))
        eyes.ask(lambda store: outlive(store, cluster, dies, status))
        eyes.ask(lambda store: push(store, events[250:]))
        eyes.wait_drained(within=60)
        assert 2 == len(workers.alive)

    arrived = vendor.arrivals("/hook")
    assert {} == missing({"/hook": {one["messageId"] for one in events}}, arrived)
    assert [] == out_of_order(arrived)
    ledger = eyes.ledger()
    assert ledger.holds
    assert (len(events), len(events)) == (ledger.intake["read"], ledger.accepted)


async def outlive(
    store: Store, cluster: StoreCluster, dies: int, meanwhile: Callable[[], None]
) -> None:
    """Lose a node, and go on with its replica, by pipelines alone, as readers of lanes do."""

    async def read() -> bool:
        try:
            await store.redis.pipeline(transaction=False).xlen("events").execute()
        except NodeAway:
            return False
        return True

    assert await read()
    other = connect(cluster.url)
    await ping(other, keys.SETUP)
    cluster.lose(dies)
    assert not await read()
    with pytest.raises(NodeAway):  # not only its default node is asked
        await ping(other, keys.SETUP)
    await other.aclose()
    meanwhile()
    cluster.wait_taken_over(dies)
    await wait_until_async(read, within=30, what="the client to find the replica")


async def push(store: Store, some: list[dict[str, object]]) -> None:
    """Queue events as producers do."""
    await store.push("events", [{"event": json.dumps(one)} for one in some])


def _used(eyes: Eyes) -> list[int]:
    """Return the shards that took events."""

    async def find(store: Store) -> list[int]:
        return [n for n in range(store.shards) if await store.redis.exists(keys.ledger(n))]

    return eyes.ask(find)
