"""A destination that as a whole cannot take anything is held: its queue stays, nothing burns."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.support.configuration import webhook
from tests.support.vendor import missing, out_of_order
from tests.support.waiting import wait_until
from tests.system.command import router_status
from tests.system.scene import QUICK, TIMEOUT, Scene, set_up, tracks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from router.store.holds import Hold
    from router.store.store import Store
    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

pytestmark = pytest.mark.system

EVENTS = tracks(60)
CONCURRENCY = 4


@pytest.fixture
def scene(own_store: StoreServer, vendor: Vendor, tmp_path: Path) -> Iterator[Scene]:
    """Give a webhook and a worker."""
    hook = webhook(vendor, "/hook", delivery={**TIMEOUT, "concurrency": CONCURRENCY})
    with set_up(own_store, vendor, tmp_path, {"hook": hook}, worker=QUICK) as scene:
        scene.workers.start()
        yield scene


def burned(scene: Scene) -> int:
    """Return how many failed attempts are remembered of all that waits."""

    async def count(store: Store) -> int:
        tries = [await store.lanes.tries(shard, "hook:webhook") for shard in range(store.shards)]
        return sum(one.attempts for each in tries for one in each.values())

    return scene.eyes.ask(count)


def wait_probed(scene: Scene, times: int) -> Hold:
    """Wait until so many probes have failed."""

    def probed() -> Hold | None:
        hold = scene.eyes.holds().get("hook")
        return hold if hold is not None and hold.probes >= times else None

    return wait_until(probed, within=30, what=f"{times} probes")


def assert_drained_in_order(scene: Scene) -> None:
    """Everything arrived, each user's events in order; nothing is held or dead."""
    scene.eyes.wait_drained()
    arrivals = scene.vendor.arrivals("/hook")

    assert {} == missing({"/hook": {event["messageId"] for event in EVENTS}}, arrivals)
    assert [] == out_of_order(arrivals)
    assert {} == scene.eyes.holds()
    assert [] == scene.eyes.letters()
    assert scene.eyes.ledger().holds


def test_a_refused_credential_keeps_the_queue(scene: Scene, tmp_path: Path) -> None:
    """A 401 holds the destination: all of it waits, no attempt is burned, `status` says why."""
    scene.vendor.behave("/hook", status=401)
    scene.push(EVENTS)
    scene.eyes.wait_held("hook")
    scene.eyes.wait_routed()

    hold = wait_probed(scene, 2)
    [shown] = router_status(tmp_path, scene.eyes.file)["destinations"]

    assert ("held", "http_401") == (hold.state, hold.reason)
    assert ("held", "http_401", len(EVENTS)) == (shown["state"], shown["reason"], shown["queue"])
    assert {"hook": 0} == scene.eyes.failing()
    assert {"hook": len(EVENTS)} == scene.eyes.pending()


def test_a_mended_credential_drains_the_queue(scene: Scene) -> None:
    """Once the vendor says yes to a probe, everything follows by itself, in order."""
    scene.vendor.behave("/hook", status=401)
    scene.push(EVENTS)
    wait_probed(scene, 1)

    scene.vendor.behave("/hook")

    assert_drained_in_order(scene)


def test_a_hold_outlives_the_workers(scene: Scene) -> None:
    """A worker that starts while a destination is held probes it, and sends nothing else."""
    scene.vendor.behave("/hook", status=401)
    scene.push(EVENTS)
    before = wait_probed(scene, 1)
    scene.workers.kill_one()
    scene.workers.start()

    after = wait_probed(scene, before.probes + 2)

    assert (before.since, before.reason) == (after.since, after.reason)
    assert len(scene.vendor.arrivals("/hook")) <= CONCURRENCY + 1 + after.probes
    assert {"hook": 0} == scene.eyes.failing()


def test_a_vendor_that_is_down_is_waited_for(scene: Scene) -> None:
    """Refused connections hold the destination; probes burn nothing; it drains when it is back."""
    scene.vendor.shut()
    scene.push(EVENTS)
    hold = wait_probed(scene, 1)  # what was open when it was held has ended by then
    spent = burned(scene)
    wait_probed(scene, hold.probes + 1)

    assert ("held", "unavailable") == (hold.state, hold.reason)
    assert spent == burned(scene)
    assert {"hook": len(EVENTS)} == scene.eyes.pending()

    scene.vendor.open()
    assert_drained_in_order(scene)


@pytest.fixture
def narrow(own_store: StoreServer, vendor: Vendor, tmp_path: Path) -> Iterator[Scene]:
    """Give a webhook that gets one request at a time, and a worker."""
    hook = webhook(vendor, "/hook", delivery={**TIMEOUT, "concurrency": 1})
    with set_up(own_store, vendor, tmp_path, {"hook": hook}, worker=QUICK) as scene:
        scene.workers.start()
        yield scene


def test_retry_after_is_respected(narrow: Scene) -> None:
    """After a 429 nothing is sent before the time that the vendor asked for."""
    narrow.vendor.behave("/hook", status=429, retry_after="2")
    narrow.push(EVENTS)
    hold = narrow.eyes.wait_held("hook")
    narrow.vendor.behave("/hook")

    wait_until(lambda: narrow.vendor.count() > 1, within=20, what="another request")
    seen_at = time.time() * 1000

    assert "throttled" == hold.state
    assert hold.probe_at is not None
    assert seen_at >= hold.probe_at >= hold.since + 2000
    assert {"hook": 0} == narrow.eyes.failing()
    assert_drained_in_order(narrow)
    assert "retried" not in narrow.eyes.ledger().lanes["hook:webhook"].other
