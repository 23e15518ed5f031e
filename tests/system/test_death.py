"""Events keep flowing when the store, its connections, the broker or a message of it is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import redis

from tests.support.configuration import webhook
from tests.support.stores import StoreServer
from tests.support.vendor import missing, out_of_order
from tests.support.waiting import wait_until
from tests.system.command import router_status
from tests.system.scene import QUICK, TIMEOUT, Scene, set_up, tracks
from tests.system.tasks import call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.vendor import Vendor

pytestmark = pytest.mark.system

EVENTS = tracks(400, users=40)
BALLAST = 40_000_000
"""Bytes in the store, so that a small share of its memory still has room for all that is pushed."""
HALF = len(EVENTS) // 2


@pytest.fixture
def scene(own_store: StoreServer, vendor: Vendor, tmp_path: Path) -> Iterator[Scene]:
    """Give a webhook that takes its time, and two workers."""
    hook = webhook(vendor, "/hook", delivery=TIMEOUT)
    with set_up(own_store, vendor, tmp_path, {"hook": hook}, worker=QUICK) as scene:
        vendor.behave("/hook", latency=0.01)
        scene.workers.start(2)
        yield scene


def assert_all_arrived(scene: Scene) -> None:
    """Everything arrived, in order for each user, and conservation holds."""
    scene.eyes.wait_drained()
    arrivals = scene.vendor.arrivals("/hook")

    assert {} == missing({"/hook": {one["messageId"] for one in EVENTS}}, arrivals)
    assert [] == out_of_order(arrivals)
    assert scene.eyes.ledger().holds
    assert len(scene.workers.alive) == 2


def test_a_store_that_died_is_waited_for(scene: Scene) -> None:
    """Killed in mid-work and started again on its file, the store has lost nothing."""
    scene.push(EVENTS)
    scene.vendor.wait_for(20, "/hook")

    scene.server.restart()

    assert_all_arrived(scene)


def test_a_store_that_froze_is_waited_for(scene: Scene) -> None:
    """A store that answers nobody for longer than all leases changes nothing."""
    scene.push(EVENTS)
    scene.vendor.wait_for(20, "/hook")
    scene.server.freeze()
    wait_until(
        lambda: "the store does not answer" in scene.workers.output(),
        within=30,
        what="a worker to notice",
    )

    scene.server.thaw()

    assert_all_arrived(scene)


def test_cut_connections_lose_nothing(scene: Scene) -> None:
    """Whatever answer gets lost with its connection, nothing is lost or made up."""
    scene.push(EVENTS[:HALF])
    with scene.server.client() as client:
        for share in range(20):
            scene.vendor.wait_for(share * 10, "/hook")
            client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
    scene.push(EVENTS[HALF:])

    assert_all_arrived(scene)


def test_a_full_store_takes_nothing_and_delivers_what_it_has(scene: Scene) -> None:
    """While the store refuses writes, what is in its lanes is delivered; then events flow on."""
    scene.push(EVENTS[:HALF])
    with scene.server.client() as client:
        wait_until(lambda: client.xlen("events") == 0, what="all to be in the lanes")
        client.config_set("maxmemory", "1")
        with pytest.raises(redis.exceptions.OutOfMemoryError):
            client.set("more", "than fits")
        scene.vendor.wait_for(HALF, "/hook")
        client.config_set("maxmemory", "0")
    scene.push(EVENTS[HALF:])

    assert_all_arrived(scene)


def test_a_nearly_full_store_stops_the_intake(scene: Scene, tmp_path: Path) -> None:
    """Before the store is full, events stay in their queue, the status says why; then they flow."""
    scene.push(EVENTS[:HALF])
    scene.vendor.wait_for(HALF, "/hook")
    with scene.server.client() as client:
        client.set("ballast", bytes(BALLAST))
        used = wait_until(lambda: _settled(client), what="the command's own buffers to be free")
        client.config_set("maxmemory", str(int(used * 1.05)))
        wait_until(lambda: client.hget("{router}:holds", "intake"), what="the intake's hold")
        wait_until(
            lambda: not client.exists("router:{events}:stream:lease"), what="nobody to own it"
        )
        scene.push(EVENTS[HALF:])
        assert client.xlen("events") == len(EVENTS) - HALF
        assert "store_full" == router_status(tmp_path, scene.workers.config)["intake"]["held"]
        client.config_set("maxmemory", "0")

    assert_all_arrived(scene)


def _settled(client: redis.Redis) -> int | None:
    used = int(client.info("memory")["used_memory"])
    return used if used < BALLAST * 3 // 2 else None


@pytest.fixture
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreServer]:
    """Give Celery a broker of its own, which can die alone."""
    server = StoreServer(tmp_path_factory.mktemp("broker"), tcp=True).start()
    yield server
    server.kill()


@pytest.fixture
def brokered(
    own_store: StoreServer, broker: StoreServer, vendor: Vendor, tmp_path: Path
) -> Iterator[Scene]:
    """Give two workers whose broker is another server than their store."""
    hook = webhook(vendor, "/hook", delivery=TIMEOUT)
    with set_up(own_store, vendor, tmp_path, {"hook": hook}, broker=broker.broker,
                worker=QUICK) as scene:  # fmt: skip
        scene.workers.start(2)
        yield scene


def paused(scene: Scene) -> Callable[[], bool]:
    """Return what tells whether the destination is paused."""
    return lambda: "hook" in scene.eyes.holds()


def test_events_flow_without_the_broker(
    brokered: Scene, broker: StoreServer, tmp_path: Path
) -> None:
    """With the broker dead everything is delivered; when it is back, operators' tasks are done."""
    brokered.push(EVENTS[:HALF])
    broker.kill()
    brokered.push(EVENTS[HALF:])

    brokered.vendor.wait_for(len(EVENTS), "/hook", within=60)
    broker.start()
    call(brokered, tmp_path, "router.pause")

    wait_until(paused(brokered), within=60, what="the pause")
    call(brokered, tmp_path, "router.resume")
    wait_until(lambda: not paused(brokered)(), within=30, what="the end of the pause")
    assert_all_arrived(brokered)


def test_a_lost_message_costs_a_command_alone(
    brokered: Scene, broker: StoreServer, tmp_path: Path
) -> None:
    """A task that never arrives leaves no trace, and events flow."""
    for worker in brokered.workers.alive:
        worker.kill()
    call(brokered, tmp_path, "router.pause")
    broker.flush()
    brokered.workers.start(2)
    brokered.push(EVENTS)

    assert_all_arrived(brokered)
    assert {} == brokered.eyes.holds()
