"""Let a worker die at one fault point after the other while events flow; judge what came of it."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from tests.chaos.driver import IN_ORDER
from tests.chaos.five import FAULTS, LATENCY, configure, landed, numbered
from tests.chaos.oracle import Judgement, judge
from tests.chaos.plan import planned
from tests.chaos.producer import BATCH, Producer
from tests.chaos.repetitions import causes
from tests.support.configuration import write
from tests.support.corpus import multiply
from tests.support.looking import Eyes
from tests.support.processes import Process
from tests.support.vendor import out_of_order
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.support.corpus import JSON
    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

MOST_EVENTS = 200_000
THROTTLED = 0.05
"""Share of the requests to one vendor that it throttles: its holds begin and end all the time."""


@dataclass(frozen=True, slots=True)
class Lives:
    """What came of it."""

    ended: dict[str, list[int]]
    """How each life ended (0, or minus the signal), by its point."""
    hits: Counter[str]
    """How often each point was really passed by a process that died of it."""
    judgement: Judgement
    disordered: int
    causes: Counter[str]


def live_through(
    points: Sequence[tuple[str, int]], store: StoreServer, vendor: Vendor, folder: Path,
    *, celery: bool = False, within: float = 90.0,
) -> Lives:  # fmt: skip
    """Live a life for each (point, occurrence), then drain all, with vendors that behave."""
    eyes = Eyes(_configure(vendor, folder, store))
    proof, told = folder / "proof", folder / "kennel.json"
    proof.touch()
    told.write_bytes(orjson.dumps({"config": str(eyes.file), "proof": str(proof),
                                   "lives": [*((*point, []) for point in points), ("", 0, [])],
                                   "celery": celery}))  # fmt: skip
    events: list[JSON] = []
    command = [sys.executable, "-m", "tests.chaos.kennel", str(told)]
    kennel = Process(command, log=folder / "kennel.log", seconds=int(within) + 120)
    try:
        with Producer(store, _recorded(events, len(points))) as producer:
            _feed(store, producer, kennel, len(points), within)
        for path in ("/flaky", "/mp/import"):
            vendor.behave(path)
        eyes.wait_drained(within=within)
    finally:
        kennel.terminate()
        kennel.wait()
    arrivals = vendor.arrivals()
    judgement = judge(planned(eyes.config, events), landed(vendor, folder, events),
                      eyes.letters(), eyes.ledger())  # fmt: skip
    disordered = sum(len(out_of_order(vendor.arrivals(path))) for path in IN_ORDER)
    hits = Counter(proof.read_text("utf-8").split())
    return Lives(_ended(kennel), hits, judgement, disordered, causes(arrivals))


def _configure(vendor: Vendor, folder: Path, store: StoreServer) -> Path:
    """Write five destinations of which one has a rate, and one is throttled now and then."""
    destinations = configure(vendor, folder)
    destinations["consented"]["delivery"]["rate"] = "100000/s"
    vendor.behave("/flaky", latency=LATENCY, throttle=THROTTLED, retry_after="0", **FAULTS)
    consent = {"categories": ["Analytics", "Advertising", "Functional", "DataSharing"]}
    return write(folder, store, destinations, worker={"lease": "2s"}, consent=consent)


def _recorded(events: list[JSON], seed: int) -> Iterator[JSON]:
    for event in numbered(multiply(MOST_EVENTS, users=200, seed=seed)):
        events.append(event)
        yield event


def _feed(
    store: StoreServer, producer: Producer, kennel: Process, lives: int, within: float
) -> None:
    """Let a little more in whenever little waits, until the last life has begun."""
    with store.client() as client:

        def lived() -> bool:
            assert kennel.alive, kennel.output()[-3000:]
            if client.xlen("events") + client.llen("events-list") < BATCH:
                producer.allow(producer.pushed + 1)
            return len(_lines(kennel)) >= lives

        wait_until(lived, within=within, what="all lives to end")


def _lines(kennel: Process) -> list[list[str]]:
    lines = (line.split(" ") for line in kennel.output().splitlines())
    return [line for line in lines if len(line) == 2 and line[1].lstrip("-").isdigit()]


def _ended(kennel: Process) -> dict[str, list[int]]:
    ended: dict[str, list[int]] = {}
    for point, status in _lines(kennel):
        ended.setdefault(point, []).append(int(status))
    return ended
