"""One run under fire: events flow in, workers and the store are killed, and all is judged."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.chaos.five import FAULTS, LATENCY, configure, landed, numbered
from tests.chaos.killing import Killer
from tests.chaos.oracle import Judgement, judge
from tests.chaos.plan import planned
from tests.chaos.producer import Producer
from tests.chaos.repetitions import causes
from tests.support.configuration import write
from tests.support.corpus import multiply
from tests.support.looking import Eyes
from tests.support.vendor import out_of_order
from tests.support.waiting import wait_until
from tests.support.workers import Workers

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

WORKERS = 3
IN_ORDER = ("/consented", "/flaky")
"""Where first arrivals must be in order: one event a request."""
REFUSALS = 5
"""Messages that a storm refuses at least."""


@dataclass(frozen=True, slots=True)
class Fire:
    """How hard a run is."""

    events: int
    users: int
    kills: int
    store_kills: int
    drain: float
    """Seconds after the last kill within which everything must have come to its end."""
    seed: int = 1
    freezes: int = 0
    """How often a worker is frozen until others own what was its, and thawed again."""
    storms: int = 0
    """How often vendors refuse everything for a while."""

    @property
    def strikes(self) -> list[str]:
        """What is done to workers and vendors, in the order of this run."""
        strikes = ["kill"] * self.kills + ["freeze"] * self.freezes + ["storm"] * self.storms
        random.Random(self.seed).shuffle(strikes)
        return strikes

    @property
    def store_turns(self) -> set[int]:
        """After which of the workers' kills the store is killed."""
        parts = self.store_kills + 1
        return {self.kills * part // parts for part in range(1, parts)}


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a run."""

    fire: Fire
    judgement: Judgement
    disordered: int
    kills: int
    busy: int
    seconds: float
    causes: Counter[str]
    """Why messages came again to vendors that were sent HTTP."""

    @property
    def faults(self) -> Counter[str]:
        """What went wrong in this run, by kind."""
        fire, vendors = self.fire, self.judgement.faults
        return Counter({"workers killed": self.kills, "stores killed": fire.store_kills,
                        "workers frozen": fire.freezes, "storms": fire.storms,
                        "failed attempts": vendors["retried"],
                        "unknown outcomes": vendors["unknown"]})  # fmt: skip

    def __str__(self) -> str:
        found = self.judgement
        again = ", ".join(f"{name} {times}" for name, times in found.again.items())
        return (
            f"{self.fire.events} events, {found.planned} deliveries, {self.kills} kills"
            f" ({self.busy} busy), {self.fire.store_kills} of the store: {count(found.lost)} lost,"
            f" {count(found.unplanned)} unplanned, {self.disordered} out of order, {found.dead}"
            f" dead, {found.duplicates:.1f} % duplicates ({again}), {self.seconds:.0f} s"
        )


def run(fire: Fire, server: StoreServer, vendor: Vendor, folder: Path) -> Report:
    """Let everything happen; the report says what came of it."""
    began = time.monotonic()
    consent = {"categories": ["Analytics", "Advertising", "Functional", "DataSharing"]}
    file = write(folder, server, configure(vendor, folder), worker={"lease": "2s"}, consent=consent)
    eyes = Eyes(file)
    events = list(numbered(multiply(fire.events, users=fire.users, seed=fire.seed)))
    app = "tests.chaos.faulty"  # every request names its worker
    with (
        Workers(file, folder, seconds=900, app=app) as workers,
        Producer(server, events) as producer,
    ):
        workers.start(WORKERS)
        killer = _under_fire(fire, server, vendor, producer=producer, eyes=eyes, workers=workers)
        producer.finish(within=fire.drain)
        eyes.wait_drained(within=fire.drain)
        assert all(end == 0 for end in ended(workers)), workers.output()[-3000:]
    judgement = judge(planned(eyes.config, events), landed(vendor, folder, events),
                      eyes.letters(), eyes.ledger())  # fmt: skip
    disordered = sum(len(out_of_order(vendor.arrivals(path))) for path in IN_ORDER)
    seconds = time.monotonic() - began
    return Report(fire, judgement, disordered, killer.kills, killer.busy, seconds,
                  causes(vendor.arrivals()))  # fmt: skip


def _under_fire(
    fire: Fire,
    server: StoreServer,
    vendor: Vendor,
    *,
    producer: Producer,
    eyes: Eyes,
    workers: Workers,
) -> Killer:
    """Strike as often as asked; before each strike a share of the events is let in."""
    strikes = fire.strikes
    with server.client() as client:
        killer = Killer(client, eyes, workers, random.Random(fire.seed))
        for number, strike in enumerate(strikes, 1):
            producer.allow(fire.events * number // (len(strikes) + 1))
            match strike:
                case "freeze":
                    thaw_after_takeover(killer)
                case "storm":
                    storm(vendor)
                case _:
                    killer.strike()
                    if killer.kills in fire.store_turns:
                        server.restart()
                        client.connection_pool.disconnect()
    return killer


def storm(vendor: Vendor) -> None:
    """Let two vendors refuse everything until they have refused something."""

    def refused() -> int:
        return sum(one.status in {429, 500} for one in vendor.arrivals())

    before = refused()
    vendor.behave("/flaky", latency=LATENCY, fail=1.0)
    vendor.behave("/mp/import", latency=LATENCY, throttle=1.0)
    wait_until(lambda: refused() >= before + REFUSALS, within=60, every=0.1, what="a storm")
    for path in ("/flaky", "/mp/import"):
        vendor.behave(path, latency=LATENCY, **FAULTS)


def thaw_after_takeover(killer: Killer) -> bool:
    """Freeze a worker until it owns nothing any more; tells whether it was at work."""
    frozen, at_work = killer.seize()
    wait_until(lambda: not killer.owns(frozen), within=30, what="a takeover")
    frozen.thaw()
    return at_work


def ended(workers: Workers) -> list[int]:
    """Ask all workers that still run to end; return their exit statuses."""
    running = workers.alive
    for worker in running:
        worker.terminate()
    return [worker.wait() for worker in running]


def count(found: dict[str, set[str]]) -> int:
    """Return how many messages were found in all."""
    return sum(map(len, found.values()))
