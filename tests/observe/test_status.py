"""What the status says, as a function of what was read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from router.observe.readings import Queue, Readings
from router.observe.status import gather
from router.store.holds import Hold
from router.store.ledger import LaneLedger, Ledger

NOW = 1_800_000_000_000
QUIET = Readings(
    now=NOW,
    configured=("hook:webhook", "crm:drill"),
    digest="this",
    ledger=Ledger(),
    recent=(),
    recent_since=NOW - 3_600_000,
    holds={},
    members={"w1": {"host": "here", "pid": 7, "config": "this", "intakes": ["stream"],
                    "shards": [0, 1]}},
    queues=(Queue("stream", "events", 0),),
    shelf=0,
    oldest={},
    failing={},
)  # fmt: skip


def with_lane(**counts: Any) -> Ledger:
    """Return a ledger in which one lane has these counts."""
    ledger = Ledger()
    ledger.lanes["hook:webhook"] = LaneLedger(**counts)
    return ledger


def test_destinations_stand_in_the_order_of_the_configuration() -> None:
    """Every configured destination has its line, even before its first event."""
    found = gather(QUIET).destinations

    assert [("hook", "webhook", "healthy"), ("crm", "drill", "healthy")] == [
        (one.name, one.type, one.state) for one in found
    ]


def test_worker_with_another_configuration_is_stale() -> None:
    """A worker is stale when its configuration's digest is another than the file's."""
    members = {**QUIET.members, "w2": {"host": "there", "pid": 8, "config": "old"}}

    workers = gather(replace(QUIET, members=members)).workers

    assert [("here", False), ("there", True)] == [(one.host, one.stale) for one in workers]
    assert ("stream", "0", "1") == workers[0].owns


def test_parked_turns_are_summed_over_workers() -> None:
    """How many users' queues are too long for memory is said by each worker for its shards."""
    members = {
        "w1": {"parked": {"hook": 2}},
        "w2": {"parked": {"hook": 1, "gone": 5}},
        "w3": {},
    }

    found = gather(replace(QUIET, members=members)).destinations

    assert {"hook": 3, "crm": 0} == {one.name: one.parked for one in found}


def test_recent_counts_are_summed_over_hours() -> None:
    """What counts as recent is the sum of the hours that were read."""
    hours = (with_lane(delivered=3, dead=1), with_lane(delivered=4))

    recent = gather(replace(QUIET, recent=hours)).destinations[0].recent

    assert (7, 0, 1) == (recent.delivered, recent.filtered, recent.dead)


def test_surplus_is_missing_with_a_minus() -> None:
    """A delivery too many is as wrong as one that is lost."""
    ledger = with_lane(configured=1, delivered=2)

    [missing] = gather(replace(QUIET, ledger=ledger)).missing

    assert ("hook:webhook", -1, 0) == (missing.lane, missing.deliveries, missing.letters)


def test_intake_is_checked_too() -> None:
    """What was read and is neither accepted, a duplicate nor on the shelf is missing."""
    ledger = Ledger(intake={"read": 5, "accepted": 3, "duplicate": 1})

    [missing] = gather(replace(QUIET, ledger=ledger)).missing

    assert ("intake", 1) == (missing.lane, missing.deliveries)


def test_who_holds_the_intake_is_named() -> None:
    """A full queue names its destination; a full store, or one that left, nobody."""
    held = {
        reason: gather(replace(QUIET, holds={"intake": Hold("held", reason, NOW)})).holds_intake
        for reason in ("queue_full.crm", "queue_full.gone", "store_full")
    }

    assert {"queue_full.crm": "crm", "queue_full.gone": None, "store_full": None} == {
        reason: one and one.name for reason, one in held.items()
    }
    assert gather(QUIET).holds_intake is None


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        ({}, None),
        ({"shelf": 1}, "router dead list dest:shelf"),
        ({"ledger": with_lane(configured=2, dead=2, letters=2), "shelf": 1},
         "router dead list dest:hook"),
        ({"holds": {"crm": Hold("paused", "asked", NOW)}}, "router destinations resume crm"),
        ({"holds": {"crm": Hold("held", "http_401", NOW)}}, "router destinations show crm"),
        ({"holds": {"intake": Hold("held", "queue_full.crm", NOW)}},
         "router destinations show crm: its queue is at its bound"),
        ({"holds": {"intake": Hold("held", "store_full", NOW)}},
         "router destinations list: the store is nearly full, see what fills it"),
        ({"members": {}, "queues": (Queue("stream", "events", 9),)}, "router run"),
        ({"members": {}, "ledger": with_lane(configured=1)}, "router status --check --json"),
    ],
)  # fmt: skip
def test_advice_is_for_the_worst(changes: dict[str, Any], advice: str | None) -> None:
    """Of all that is the matter, the advice is for the worst; none when all is well."""
    assert advice == gather(replace(QUIET, **changes)).advice
