"""A worker that froze and woke finds that others took over, and harms nothing."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.chaos.driver import ended, thaw_after_takeover
from tests.chaos.killing import Killer
from tests.chaos.producer import Producer
from tests.support.configuration import webhook, write
from tests.support.corpus import multiply
from tests.support.looking import Eyes
from tests.support.vendor import duplicates, missing, out_of_order
from tests.support.workers import Workers

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor


@dataclass(frozen=True, slots=True)
class Frost:
    """How much is tried."""

    events: int
    users: int
    freezes: int
    within: float


SHORT = Frost(events=900, users=90, freezes=3, within=90)
LONG = Frost(events=10_000, users=800, freezes=20, within=300)


def assert_harmless(frost: Frost, store: StoreServer, vendor: Vendor, folder: Path) -> None:
    """Freeze workers at work until others own what was theirs, and thaw them again."""
    vendor.behave("/hook", latency=0.02)
    hook = webhook(vendor, "/hook", delivery={"timeout": "1s"})
    eyes = Eyes(write(folder, store, {"hook": hook}, worker={"lease": "2s"}))
    events = list(multiply(frost.events, users=frost.users))
    for event in events:
        event.pop("integrations", None)
    with (
        Workers(eyes.file, folder, seconds=600) as workers,
        Producer(store, events) as producer,
        store.client() as client,
    ):
        workers.start(2)
        killer, busy = Killer(client, eyes, workers, random.Random(frost.freezes)), 0
        for number in range(1, frost.freezes + 1):
            producer.allow(frost.events * number // frost.freezes)
            busy += thaw_after_takeover(killer)
        producer.finish(within=60)
        eyes.wait_drained(within=frost.within)
        assert [0, 0] == ended(workers)
    arrivals = vendor.arrivals("/hook")

    assert busy * 2 >= frost.freezes
    assert {} == missing({"/hook": {event["messageId"] for event in events}}, arrivals)
    assert [] == out_of_order(arrivals)
    assert all(one.same_key for one in duplicates(arrivals))
    assert eyes.ledger().holds
    assert len(events) == eyes.delivered()["hook"]


@pytest.mark.system
def test_frozen_workers_harm_nothing(
    own_store: StoreServer, vendor: Vendor, tmp_path: Path
) -> None:
    """Each event arrives, in order, under one key, and is counted once."""
    assert_harmless(SHORT, own_store, vendor, tmp_path)


@pytest.mark.chaos
@pytest.mark.timeout(600)
def test_many_frozen_workers_harm_nothing(
    own_store: StoreServer, vendor: Vendor, tmp_path: Path
) -> None:
    """Twenty frozen workers change nothing of that."""
    assert_harmless(LONG, own_store, vendor, tmp_path)
