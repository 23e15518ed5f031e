"""A wall clock that jumps by hours, forward or back, costs no event and delays none for hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.chaos.clock import Clock
from tests.chaos.driver import ended
from tests.chaos.producer import Producer
from tests.support.configuration import webhook, write
from tests.support.corpus import multiply
from tests.support.looking import Eyes
from tests.support.vendor import duplicates, missing, out_of_order
from tests.support.waiting import wait_until
from tests.support.workers import Workers

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

EVENTS = 300
PATHS = ("/plain", "/failing", "/busy")


@pytest.mark.chaos
@pytest.mark.parametrize("jumps", [(7, 0), (-7, 0)], ids=["forward", "back"])
def test_jumps_of_the_clock_cost_nothing(
    own_store: StoreServer, vendor: Vendor, tmp_path: Path, jumps: tuple[float, float]
) -> None:
    """What failed, what is throttled and what is plain all arrive, though the clock went wild."""
    vendor.behave("/failing", fail=0.4)
    vendor.behave("/busy", throttle=1.0, retry_after="1")
    names = {path[1:]: webhook(vendor, path, delivery={"timeout": "1s"}) for path in PATHS}
    eyes = Eyes(write(tmp_path, own_store, names, worker={"lease": "2s"}))
    events = list(multiply(EVENTS, users=60))
    for event in events:
        event.pop("integrations", None)
    clock = Clock(tmp_path / "clock")
    with (
        Workers(eyes.file, tmp_path, app="tests.chaos.faulty", environ=clock.environ) as workers,
        Producer(own_store, events) as producer,
    ):
        workers.start(2)
        for number, hours in enumerate(jumps, 1):
            producer.allow(EVENTS * number // (len(jumps) + 1))
            wait_until(lambda: eyes.failing()["failing"] and "busy" in eyes.holds(), within=30,
                       what="something to fail, and something to be throttled")  # fmt: skip
            clock.jump(hours)
            workers.kill_one()
            workers.start(1)
        vendor.behave("/failing")
        vendor.behave("/busy")
        producer.finish(within=60)
        eyes.wait_drained(within=60)
        assert [0, 0] == ended(workers)
    arrivals = vendor.arrivals()

    wanted = {event["messageId"] for event in events}
    assert {} == missing(dict.fromkeys(PATHS, wanted), arrivals)
    assert [] == out_of_order(arrivals)
    assert all(one.same_key for one in duplicates(arrivals))
    assert eyes.ledger().holds
    assert [] == eyes.letters()
