"""`hosting: slices` under fire: its processes are killed at work, and take over other settings."""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING

import pytest

from router.store import keys
from tests.support.configuration import webhook, write
from tests.support.vendor import duplicates, missing, out_of_order
from tests.support.waiting import wait_until
from tests.system.command import router
from tests.system.scene import QUICK, TIMEOUT, Scene, set_up, tracks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

pytestmark = [pytest.mark.system, pytest.mark.timeout(200)]

EVENTS = 600
KILLS = 3
SLICES = QUICK | {"hosting": "slices"}


@pytest.fixture
def scene(own_store: StoreServer, vendor: Vendor, tmp_path: Path) -> Iterator[Scene]:
    """Give two prefork workers whose pools run slices, and a vendor that is not quick."""
    hook = webhook(vendor, "/hook", delivery=TIMEOUT)
    options = ("-P", "prefork", "-c", "2")
    vendor.behave("/hook", latency=0.05)
    with set_up(
        own_store, vendor, tmp_path, {"hook": hook}, worker=SLICES, options=options
    ) as scene:
        scene.workers.start(2)
        yield scene


def owner(scene: Scene) -> str:
    """Return who owns shard 0, with the fencing number; empty when nobody does."""
    with scene.server.client() as client:
        return str((client.get(keys.lease(keys.shard(0))) or b"").decode())


def kill_an_owner(scene: Scene) -> bool:
    """Kill the process that owns shard 0; tells whether something of it was waiting."""
    before = wait_until(lambda: owner(scene), within=40, what="an owner of shard 0")
    waiting = scene.eyes.pending()["hook"]
    os.kill(int(before.split(":")[1]), signal.SIGKILL)
    wait_until(lambda: owner(scene) not in ("", before), within=40, what="somebody to take it over")
    return waiting > 0


def test_killed_slices_lose_nothing(scene: Scene) -> None:
    """Processes of the pools die at work: each event arrives, in order, under one key."""
    events = tracks(EVENTS, users=60)
    scene.push(events)
    wait_until(scene.vendor.count, within=40, what="the first request")

    at_work = [kill_an_owner(scene) for _ in range(KILLS)]
    scene.eyes.wait_drained(within=90)
    arrivals = scene.vendor.arrivals("/hook")

    assert any(at_work)
    assert {} == missing({"/hook": {event["messageId"] for event in events}}, arrivals)
    assert [] == out_of_order(arrivals)
    assert all(one.same_key for one in duplicates(arrivals))
    assert scene.eyes.ledger().holds


def test_slices_take_over_other_settings(scene: Scene, tmp_path: Path) -> None:
    """What failed goes where the settings of now say, and no process works with old ones."""
    scene.vendor.behave("/hook", status=503)
    scene.push(tracks(1))
    wait_until(scene.vendor.count, within=40, what="a failed attempt")
    moved = webhook(scene.vendor, "/moved", delivery=TIMEOUT)
    file = write(tmp_path, scene.server, {"hook": moved}, worker=SLICES)

    said = json.loads(router(tmp_path, file, "reload", "--reason", "a test", "--json"))
    assert {said["digest"]} == {worker["digest"] for worker in said["workers"]}
    scene.vendor.wait_for(1, "/moved", within=60)

    after = json.loads(router(tmp_path, file, "status", "--json"))
    assert not any(worker["stale"] for worker in after["workers"])
    scene.eyes.wait_drained()
    assert scene.eyes.ledger().holds
