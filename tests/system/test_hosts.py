"""Two hosts' worth of workers share one store, and one host takes over from the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.configuration import webhook
from tests.support.vendor import missing, out_of_order
from tests.support.waiting import wait_until
from tests.support.workers import Workers
from tests.system.scene import QUICK, TIMEOUT, Scene, set_up, tracks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

pytestmark = pytest.mark.system
EVENTS = tracks(400, users=40)


@pytest.fixture
def scene(own_store: StoreServer, vendor: Vendor, tmp_path: Path) -> Iterator[Scene]:
    """Give a webhook that takes its time, on a store that both hosts reach."""
    hook = webhook(vendor, "/hook", delivery=TIMEOUT)
    with set_up(own_store, vendor, tmp_path, {"hook": hook}, worker=QUICK) as scene:
        vendor.behave("/hook", latency=0.02)
        yield scene


@pytest.fixture
def hosts(scene: Scene, tmp_path: Path) -> Iterator[tuple[Workers, Workers]]:
    """Give two workers under one host name and one under another, each with a file of its own."""
    folders = [tmp_path / name for name in ("north", "south")]
    for folder in folders:
        folder.mkdir()
        (folder / "router.yaml").write_text(scene.eyes.file.read_text())
    with (
        Workers(folders[0] / "router.yaml", folders[0]) as north,
        Workers(folders[1] / "router.yaml", folders[1]) as south,
    ):
        north.host, south.host = "north.example", "south.example"
        north.start(2, ready=False)
        south.start(1, ready=False)
        for worker in (*north.started, *south.started):
            worker.wait_ready()
        yield north, south


def shards(scene: Scene, workers: Workers) -> list[int]:
    """Return the shards that a host's workers own."""
    pids = {worker.pid for worker in workers.alive}
    owners = [facts for facts in scene.eyes.members().values() if facts["pid"] in pids]
    return sorted(shard for facts in owners for shard in facts["shards"])


def test_a_host_takes_over_from_the_other(scene: Scene, hosts: tuple[Workers, Workers]) -> None:
    """Both own shards and work; when a whole host dies, the other does all that is left."""
    north, south = hosts
    every = list(range(scene.eyes.config.shards))
    wait_until(
        lambda: (
            shards(scene, north) and shards(scene, south)
            and sorted(shards(scene, north) + shards(scene, south)) == every
        ),
        within=30, every=0.2, what="both to own shards, and all to be owned",
    )  # fmt: skip
    scene.push(EVENTS)
    scene.vendor.wait_for(40, "/hook")

    for worker in north.alive:
        worker.kill()
    assert len(scene.vendor.arrivals("/hook")) < len(EVENTS)

    scene.eyes.wait_drained()
    wait_until(lambda: shards(scene, south) == every, within=30, every=0.2, what="one host to own")
    arrivals = scene.vendor.arrivals("/hook")
    assert {} == missing({"/hook": {one["messageId"] for one in EVENTS}}, arrivals)
    assert [] == out_of_order(arrivals)
    assert scene.eyes.ledger().holds
