"""A master dies, its replica takes over, and workers follow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.configuration import webhook
from tests.support.sentinels import WatchedStore
from tests.support.vendor import accepted, missing, out_of_order
from tests.support.waiting import wait_until
from tests.system.scene import QUICK, TIMEOUT, Scene, set_up, tracks
from tests.system.tasks import call

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.vendor import Vendor

pytestmark = pytest.mark.system
EVENTS = tracks(300, users=30)
TAKEN = 20
"""So many are delivered before the master is lost, at most twice as many; others fail till then."""


@pytest.fixture
def store(short_path: Path) -> Iterator[WatchedStore]:
    """Give a master, a replica and a sentinel."""
    server = WatchedStore(short_path)
    yield server.start()
    server.end()


@pytest.fixture
def scene(store: WatchedStore, vendor: Vendor, tmp_path: Path) -> Iterator[Scene]:
    """Give a webhook that takes few at first, and two workers; the broker is the service's, too."""
    hook = webhook(vendor, "/hook", delivery=TIMEOUT)
    with set_up(store, vendor, tmp_path, {"hook": hook}, broker=None, worker=QUICK) as scene:
        vendor.behave("/hook", latency=0.02, statuses=[200] * TAKEN * 2, status=503)
        scene.workers.start(2)
        yield scene


def test_a_failover_is_followed(scene: Scene, store: WatchedStore, tmp_path: Path) -> None:
    """All that the new master has is delivered by workers that nobody started again.

    Events are queued with WAIT, so that the replica has them all; what it has not of the work that
    was done is done again, with the same ids.
    """
    with store.client() as client:
        for event in EVENTS:
            client.xadd("events", {"event": json.dumps(event)})
        assert 1 == client.wait(1, 10_000)
    scene.vendor.wait_for(TAKEN, "/hook")

    store.kill()
    assert len(accepted(scene.vendor.arrivals("/hook"))["/hook"]) <= TAKEN * 2
    scene.vendor.behave("/hook")
    store.wait_failover()

    scene.eyes.wait_drained(within=90)
    arrivals = scene.vendor.arrivals("/hook")
    assert {} == missing({"/hook": {one["messageId"] for one in EVENTS}}, arrivals)
    assert [] == out_of_order(arrivals)
    assert scene.eyes.ledger().holds
    assert 2 == len(scene.workers.alive)
    call(scene, tmp_path, "router.pause")
    wait_until(lambda: "hook" in scene.eyes.holds(), within=60, what="the pause")
