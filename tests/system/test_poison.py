"""An event that ends every worker that handles it is found, alone, and becomes a dead letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from router.worker.watchdog import STUCK
from tests.support.configuration import webhook
from tests.support.vendor import missing, out_of_order
from tests.support.waiting import wait_until
from tests.system.lethal import ENDLESS, ROUTED, SENT, STATUS, install
from tests.system.scene import QUICK, TIMEOUT, Scene, set_up, tracks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

pytestmark = pytest.mark.system

EVENTS = tracks(60, users=20)
POISON = 31


@pytest.fixture
def scene(own_store: StoreServer, vendor: Vendor, tmp_path: Path) -> Iterator[Scene]:
    """Give a destination of a lethal adapter and a harmless one, both over the same shards."""
    destinations = {
        "lethal": {**webhook(vendor, "/lethal", delivery=TIMEOUT), "type": "lethal"},
        "hook": webhook(vendor, "/hook", delivery=TIMEOUT),
    }
    environ = install(tmp_path)
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(tmp_path)
        with set_up(own_store, vendor, tmp_path, destinations, worker=QUICK) as scene:
            scene.workers.environ = environ
            scene.workers.app = "tests.system.lethal"
            yield scene


def marked(word: bytes) -> list[dict[str, Any]]:
    """Return the events, one of them with a word in it that ends whoever handles it."""
    events = [dict(event) for event in EVENTS]
    events[POISON]["event"] = word.decode()
    return events


def supervised(scene: Scene, over: Callable[[], bool], within: float) -> int:
    """Start a worker whenever the last has ended, until it is over; returns how many died."""

    def look() -> bool:
        if not scene.workers.alive:
            scene.workers.start(1, ready=False)
        return over()

    wait_until(look, within=within, every=0.1, what="the poison to be found")
    ended = [worker.wait() for worker in scene.workers.started if not worker.alive]
    assert {STATUS} == set(ended)
    return len(ended)


def test_a_lethal_delivery_becomes_a_dead_letter(scene: Scene) -> None:
    """It dies as `poison` after three workers that had it alone; all others are delivered."""
    scene.push(marked(SENT))
    deaths = supervised(scene, lambda: len(scene.eyes.letters()) > 0, within=100)
    scene.eyes.wait_drained()

    [letter] = scene.eyes.letters()
    assert ("lethal", "poison") == (letter.destination, letter.reason)
    assert letter.entry is not None
    assert f"m{POISON}" == letter.entry.message_id
    assert 3 < deaths < 8
    every = {event["messageId"] for event in EVENTS}
    wanted = {"/hook": every, "/lethal": every - {f"m{POISON}"}}
    arrivals = scene.vendor.arrivals("/hook") + scene.vendor.arrivals("/lethal")
    assert {} == missing(wanted, arrivals)
    assert [] == out_of_order(arrivals)
    assert scene.eyes.ledger().holds


@pytest.mark.chaos
def test_a_lethal_arrival_is_shelved(scene: Scene) -> None:
    """It is shelved as `poison`; what came before and after it is routed and delivered."""
    scene.push(marked(ROUTED))
    deaths = supervised(scene, lambda: len(scene.eyes.shelf()) > 0, within=100)
    scene.eyes.wait_drained()

    [item] = scene.eyes.shelf()
    assert "poison" == item.reason
    assert ROUTED in item.raw
    assert 3 < deaths < 8
    every = {event["messageId"] for event in EVENTS} - {f"m{POISON}"}
    arrivals = scene.vendor.arrivals("/hook") + scene.vendor.arrivals("/lethal")
    assert {} == missing({"/hook": every, "/lethal": every}, arrivals)
    assert scene.eyes.ledger().holds


def test_an_adapter_that_never_returns_ends_its_worker(scene: Scene) -> None:
    """A process that stands still ends by itself and says so; no value of the event is told."""
    scene.workers.start(1)
    scene.push(marked(ENDLESS))
    [worker] = scene.workers.alive

    assert worker.wait(within=90) == STUCK
    told = worker.output()
    assert "has stood still" in told
    assert "lethal.py" in told, "where it stood"
    assert ENDLESS.decode() not in told
