"""One run under fire: events flow in, workers and the store are killed, and all is judged."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.chaos.five import configure, landed, numbered
from tests.chaos.killing import Killer
from tests.chaos.oracle import Judgement, judge
from tests.chaos.plan import planned
from tests.chaos.producer import Producer
from tests.support.configuration import write
from tests.support.corpus import multiply
from tests.support.looking import Eyes
from tests.support.vendor import out_of_order
from tests.support.workers import Workers

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

WORKERS = 3
IN_ORDER = ("/consented", "/flaky")
"""Where first arrivals must be in order: one event a request."""


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
    with Workers(file, folder, seconds=900) as workers, Producer(server, events) as producer:
        workers.start(WORKERS)
        killer = _under_fire(fire, server, producer, eyes, workers)
        producer.finish(within=fire.drain)
        eyes.wait_drained(within=fire.drain)
        assert all(end == 0 for end in ended(workers)), workers.output()[-3000:]
    judgement = judge(planned(eyes.config, events), landed(vendor, folder, events),
                      eyes.letters(), eyes.ledger())  # fmt: skip
    disordered = sum(len(out_of_order(vendor.arrivals(path))) for path in IN_ORDER)
    seconds = time.monotonic() - began
    return Report(fire, judgement, disordered, killer.kills, killer.busy, seconds)


def _under_fire(
    fire: Fire, server: StoreServer, producer: Producer, eyes: Eyes, workers: Workers
) -> Killer:
    """Kill as often as asked; before each kill a share of the events is let in."""
    with server.client() as client:
        killer = Killer(client, eyes, workers, random.Random(fire.seed))
        while killer.kills < fire.kills:
            producer.allow(fire.events * (killer.kills + 1) // (fire.kills + 1))
            killer.strike()
            if killer.kills in fire.store_turns:
                server.restart()
                client.connection_pool.disconnect()
    return killer


def ended(workers: Workers) -> list[int]:
    """Ask all workers that still run to end; return their exit statuses."""
    running = workers.alive
    for worker in running:
        worker.terminate()
    return [worker.wait() for worker in running]


def count(found: dict[str, set[str]]) -> int:
    """Return how many messages were found in all."""
    return sum(map(len, found.values()))
