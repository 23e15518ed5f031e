"""One destination's trouble is no other destination's trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.configuration import NOT_REQUIRED, webhook
from tests.support.vendor import missing, out_of_order
from tests.system.scene import Scene, set_up, tracks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

pytestmark = pytest.mark.system

OTHERS = ("hook", "archive", "drill")
EVENTS = 300


def configure(vendor: Vendor, folder: Path) -> dict[str, Any]:
    """Return one destination that will hang among three that will not."""
    archive = {"path": str(folder / "archive.jsonl")}
    return {
        "stuck": webhook(vendor, "/stuck"),
        "hook": webhook(vendor, "/hook"),
        "archive": {"type": "file", "settings": archive, "consent": NOT_REQUIRED},
        "drill": {"type": "drill", "consent": NOT_REQUIRED},
    }


@pytest.fixture
def scene(own_store: StoreServer, vendor: Vendor, tmp_path: Path) -> Iterator[Scene]:
    """Give two workers and a destination that takes requests and never answers."""
    with set_up(own_store, vendor, tmp_path, configure(vendor, tmp_path)) as scene:
        vendor.behave("/stuck", hang=True)
        scene.workers.start(2)
        yield scene


def assert_only_stuck_waits(scene: Scene, count: int) -> None:
    """Look while the hang lasts: all of the stuck one waits, nothing of the others."""
    pending = scene.eyes.pending()

    assert {"stuck": count, "hook": 0, "archive": 0, "drill": 0} == pending
    assert any(scene.vendor.arrivals("/stuck"))
    assert not any(arrival.taken for arrival in scene.vendor.arrivals("/stuck"))


def test_a_hanging_destination_stops_no_other(scene: Scene) -> None:
    """While one destination hangs, the others finish all their events."""
    scene.push(tracks(EVENTS))

    scene.eyes.wait_drained(*OTHERS)

    assert_only_stuck_waits(scene, EVENTS)


def test_shares_move_while_a_destination_hangs(scene: Scene) -> None:
    """A worker that joins takes its share, and the others' events flow on meanwhile."""
    scene.push(tracks(EVENTS))
    scene.eyes.wait_drained(*OTHERS)
    [third] = scene.workers.start()
    scene.push(tracks(EVENTS, first=EVENTS))

    scene.eyes.wait_drained(*OTHERS)
    owners = {facts["pid"]: facts for facts in scene.eyes.members().values()}

    assert_only_stuck_waits(scene, 2 * EVENTS)
    assert third.pid in owners
    assert "lost the lease" not in scene.workers.output()


def test_a_destination_that_hung_catches_up(scene: Scene) -> None:
    """Once it answers again, the destination gets everything, in order."""
    events = tracks(EVENTS)
    scene.push(events)
    scene.eyes.wait_drained(*OTHERS)
    scene.vendor.behave("/stuck")

    scene.eyes.wait_drained()
    arrivals = scene.vendor.arrivals("/stuck")

    assert {} == missing({"/stuck": {event["messageId"] for event in events}}, arrivals)
    assert [] == out_of_order(arrivals)
    assert scene.eyes.ledger().holds
