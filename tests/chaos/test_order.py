"""Each user's events arrive in order, whatever fails in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.chaos.plan import planned
from tests.chaos.producer import Producer
from tests.support.configuration import webhook, write
from tests.support.corpus import multiply
from tests.support.looking import Eyes
from tests.support.vendor import missing, out_of_order
from tests.support.workers import Workers

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

FAULTS = {"fail": 0.3, "reset": 0.1, "swallow": 0.05, "throttle": 0.02, "retry_after": "0"}
PATHS = ("/strict", "/batched", "/single")


@dataclass(frozen=True, slots=True)
class Disorder:
    """How much is tried."""

    events: int
    users: int
    failing: float
    """Share of the deliveries after which nothing fails any more: backoff grows and grows."""
    within: float


SHORT = Disorder(events=400, users=60, failing=0.6, within=90)
LONG = Disorder(events=6_000, users=600, failing=0.9, within=600)


def configure(vendor: Vendor, folder: Path, store: StoreServer) -> Path:
    """Write a configuration of a strict, a batching and a plain destination, all failing."""
    array = {"format": "array"}
    strict, batched = webhook(vendor, "/strict"), webhook(vendor, "/batched")
    strict["settings"] |= array
    batched["settings"] |= array
    strict["delivery"] = {"ordering": "strict", "batch": {"events": 10}}
    batched["delivery"] = {"batch": {"events": 10}}
    destinations = {"strict": strict, "batched": batched, "single": webhook(vendor, "/single")}
    for path in PATHS:
        vendor.behave(path, **FAULTS)
    return write(folder, store, destinations)


def assert_order(size: Disorder, store: StoreServer, vendor: Vendor, folder: Path) -> None:
    """Deliver everything through failures, and look at what arrived first of each event."""
    eyes = Eyes(configure(vendor, folder, store))
    events = list(multiply(size.events, users=size.users))
    sends = planned(eyes.config, events).sends
    failing = int(sum(map(len, sends.values())) * size.failing)
    with Workers(eyes.file, folder, seconds=900) as workers, Producer(store, events) as producer:
        workers.start(2)
        producer.finish(within=60)
        vendor.wait_for(failing, within=size.within)
        for path in PATHS:
            vendor.behave(path)
        eyes.wait_drained(within=size.within)
    arrivals = vendor.arrivals()

    assert {} == missing({f"/{name}": ids for name, ids in sends.items()}, arrivals)
    assert [] == out_of_order(arrivals)
    assert all(lane.other["retried"] for lane in eyes.ledger().lanes.values())
    assert eyes.ledger().holds


@pytest.mark.system
def test_first_arrivals_are_in_order(
    own_store: StoreServer, vendor: Vendor, tmp_path: Path
) -> None:
    """Per user and destination, events arrive first in the order they were queued in."""
    assert_order(SHORT, own_store, vendor, tmp_path)


@pytest.mark.chaos
@pytest.mark.timeout(900)
def test_many_first_arrivals_are_in_order(
    own_store: StoreServer, vendor: Vendor, tmp_path: Path
) -> None:
    """The same holds for thousands of events."""
    assert_order(LONG, own_store, vendor, tmp_path)
