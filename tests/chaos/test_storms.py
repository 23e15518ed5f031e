"""Vendors that storm, reset, trickle and answer nonsense cost nothing but time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from router.engine.hold.standing import DOWN_AFTER
from tests.chaos.five import Landed
from tests.chaos.oracle import judge
from tests.chaos.plan import planned
from tests.chaos.producer import Producer
from tests.support.configuration import NOT_REQUIRED, webhook, write
from tests.support.corpus import multiply
from tests.support.looking import Eyes
from tests.support.vendor import out_of_order
from tests.support.vendor.malformed import KINDS
from tests.support.waiting import wait_until
from tests.support.workers import Workers

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Arrival, Vendor

STORMS: dict[str, dict[str, Any]] = {
    "fail": {"fail": 1.0},
    "busy": {"throttle": 1.0, "retry_after": "1"},
    "busy_silent": {"throttle": 1.0, "retry_after": ""},
    "reset": {"reset": 0.5},
    "swallow": {"swallow": 0.5},
    "hang": {"hang": True},
}
"""Weathers of a vendor, by the name of the destination that stands in them."""
NONSENSE = {f"nonsense_{kind}": {"malformed": kind, "malform": 0.5}
            for kind in KINDS if kind != "wrong_items"}  # fmt: skip
"""Every kind of nonsense, as the answer to half of what was accepted."""
IMPORTS = {f"import_{kind}": {"malformed": kind, "malform": 1.0}
           for kind in ("half_json", "wrong_items", "drip")}  # fmt: skip
"""Nonsense from a vendor that answers for each item of a batch."""
SELDOM = {"busy": 1, "busy_silent": 1, "fail": DOWN_AFTER, "hang": DOWN_AFTER}
"""Who is throttled or down gets one request at a time, with minutes between them."""
TRACKED = 'type = "track"'
ALL = STORMS | NONSENSE | IMPORTS


@dataclass(frozen=True, slots=True)
class Weather:
    """How much is tried."""

    events: int
    users: int
    faults: int
    """How often each vendor must misbehave before the weather turns."""
    within: float


SHORT = Weather(events=40, users=20, faults=3, within=90)
LONG = Weather(events=1_500, users=300, faults=40, within=600)


def configure(vendor: Vendor) -> dict[str, Any]:
    """Return a destination for each weather, and let the weather begin."""
    quick = {"timeout": "1s"}
    destinations = {}
    for name, behaviour in ALL.items():
        vendor.behave(f"/{name}", **behaviour)
        if name in IMPORTS:
            settings = {"token": "t", "endpoint": f"{vendor.url}/{name}"}
            batched = {**quick, "batch": {"events": 4}}
            destinations[name] = {"type": "mixpanel", "settings": settings, "events": TRACKED,
                                  "consent": NOT_REQUIRED, "delivery": batched}  # fmt: skip
        else:
            destinations[name] = webhook(vendor, f"/{name}", delivery=quick)
    return destinations


def faulty(arrivals: list[Arrival], name: str) -> int:
    """Count how often a vendor has misbehaved."""
    return len({one.request for one in arrivals
                if one.path.split("/")[1] == name and one.status != 200})  # fmt: skip


def weather(size: Weather, store: StoreServer, vendor: Vendor, folder: Path) -> None:
    """Let the storms rage until each was met, and all go by; then everything is where it should."""
    eyes = Eyes(write(folder, store, configure(vendor), worker={"lease": "2s"}))
    events = list(multiply(size.events, users=size.users))
    for event in events:
        event.pop("integrations", None)
    with Workers(eyes.file, folder, seconds=900) as workers, Producer(store, events) as producer:
        workers.start(1)
        producer.finish(within=60)
        for name in ALL:
            least = min(size.faults, SELDOM.get(name, size.faults))
            wait_until(lambda: faulty(vendor.arrivals(), name) >= least, within=size.within,  # noqa: B023 - called at once
                       every=0.1, what=f"{name} to misbehave")  # fmt: skip
        for name in ALL:
            vendor.behave(f"/{name}")
        eyes.wait_drained(within=size.within)
    arrivals = vendor.arrivals()
    landed = {name: [Landed(one.message_id, one.key) for one in arrivals
                     if one.taken and one.path.split("/")[1] == name] for name in ALL}  # fmt: skip
    ledger = eyes.ledger()
    judgement = judge(planned(eyes.config, events), landed, eyes.letters(), ledger)

    assert judgement.faultless, judgement
    reasons = {(letter.destination, letter.reason) for letter in eyes.letters()}
    assert {("import_wrong_items", "refused")} == reasons, "only a refusal kills"
    assert [] == out_of_order(one for one in arrivals if not one.path.startswith("/import"))
    for name in ("busy", "busy_silent"):
        assert "retried" not in ledger.lanes[f"{name}:webhook"].other, "throttling burned attempts"


@pytest.mark.system
def test_storms_lose_nothing(own_store: StoreServer, vendor: Vendor, tmp_path: Path) -> None:
    """Everything arrives in the end, under one key, nothing dies, and throttling burns nothing."""
    weather(SHORT, own_store, vendor, tmp_path)


@pytest.mark.chaos
@pytest.mark.timeout(1200)
def test_long_storms_lose_nothing(own_store: StoreServer, vendor: Vendor, tmp_path: Path) -> None:
    """The same holds when the weather lasts."""
    weather(LONG, own_store, vendor, tmp_path)
