"""A user who withdraws consent gets out of every queue: what waits, what failed, what is dead."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.configuration import webhook
from tests.support.vendor import accepted
from tests.support.waiting import wait_until
from tests.system.command import router
from tests.system.scene import QUICK, TIMEOUT, Scene, set_up, tracks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

pytestmark = pytest.mark.system

USERS = 10
GONE = {"u0", "u1"}
"""Those who withdraw their consent."""


def stamped(event: dict[str, Any], *, ads: bool) -> dict[str, Any]:
    """Return an event with its user's consent on it."""
    second = 1 if ads else 30
    return {**event, "context": {"consent": {"categoryPreferences": {"ads": ads}}},
            "timestamp": f"2020-01-01T00:00:{second:02d}Z"}  # fmt: skip


EVENTS = [stamped(event, ads=True) for event in tracks(60, users=USERS)]
WITHDRAWALS = [
    stamped({"type": "track", "event": "Segment Consent Preference Updated", "userId": user,
             "messageId": f"no-{user}"}, ads=False)
    for user in sorted(GONE)
]  # fmt: skip
OTHERS = {event["messageId"] for event in EVENTS if event["userId"] not in GONE}
THEIRS = len(EVENTS) - len(OTHERS)


@pytest.fixture
def scene(own_store: StoreServer, vendor: Vendor, tmp_path: Path) -> Iterator[Scene]:
    """Give a destination that is down, one that refuses all, one that needs no consent."""
    needs = {"consent": {"require": ["ads"]}, "delivery": TIMEOUT}
    destinations = {
        "down": webhook(vendor, "/down", **needs),
        "bad": webhook(vendor, "/bad", **needs),
        "free": webhook(vendor, "/free", delivery=TIMEOUT),
    }
    vendor.behave("/down", status=503)
    vendor.behave("/bad", status=422)
    with set_up(own_store, vendor, tmp_path, destinations, worker=QUICK) as scene:
        scene.workers.start(2)
        yield scene


def test_nothing_of_who_withdrew_is_sent(scene: Scene, tmp_path: Path) -> None:
    """Queued, retrying, held or dead: what a user denied since is filtered, others' arrives."""
    scene.push(EVENTS)
    scene.eyes.wait_held("down")
    wait_until(lambda: len(scene.eyes.letters()) == len(EVENTS), what="all to be dead")
    scene.push(WITHDRAWALS)
    scene.eyes.wait_routed()
    scene.vendor.forget()
    for path in ("/down", "/bad"):
        scene.vendor.behave(path)

    router(tmp_path, scene.eyes.file, "destinations", "resume", "down")
    replay = ("dead", "replay", "dest:bad", "--yes", "--json")
    forecast = json.loads(router(tmp_path, scene.eyes.file, *replay, "--dry-run"))
    done = json.loads(router(tmp_path, scene.eyes.file, *replay))
    scene.eyes.wait_drained()

    assert {"send": len(OTHERS), "filtered": THEIRS} == done["by_outcome"]
    assert {**forecast, "dry_run": False} == done
    took = accepted(scene.vendor.arrivals())
    assert {"/down": OTHERS, "/bad": OTHERS} == {path: took[path] for path in ("/down", "/bad")}
    assert GONE.isdisjoint({one.user for one in scene.vendor.arrivals("/down")})
    assert len(EVENTS) + len(WITHDRAWALS) == scene.eyes.delivered()["free"]
    ledger = scene.eyes.ledger()
    reasons = {"consent.withdrawn": THEIRS, "consent.category_denied": len(WITHDRAWALS)}
    assert {"down": reasons, "bad": reasons} == {
        name: ledger.lanes[f"{name}:webhook"].filtered for name in ("down", "bad")
    }
    assert ledger.holds
