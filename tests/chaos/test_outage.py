"""One destination is down for long: its queue waits in little memory, and drains in order."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

import router.cli.demo
from router.engine.hold.standing import DOWN_AFTER
from tests.chaos.producer import Producer
from tests.support.configuration import NOT_REQUIRED, webhook, write
from tests.support.corpus import multiply
from tests.support.looking import Eyes
from tests.support.vendor import Vendor, missing, out_of_order
from tests.support.waiting import wait_until
from tests.support.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.store.holds import Hold
    from router.store.store import Store
    from tests.support.stores import StoreServer
    from tests.support.vendor import Arrival

DEMO = Path(router.cli.demo.__file__).with_name("events.jsonl")
"""The events that the benchmarks multiply as well: 1.3 KB on average."""
OTHERS = ("array", "lines", "archive", "nothing")
WORKERS = 2
CONCURRENCY = 2
BATCH = 25
AT_ONCE = WORKERS * (DOWN_AFTER + CONCURRENCY) * BATCH
"""Deliveries that may have failed, once each, when all workers know that it is down."""


@dataclass(frozen=True, slots=True)
class Outage:
    """How much queues, and how long it may take to queue and to drain, in seconds."""

    events: int
    users: int
    within: float
    most: int
    """Bytes that each event in the queue may take on average, with what is remembered of those
    that failed, and with the dictionaries that were learned from them (decision 0018)."""


SHORT = Outage(events=5_000, users=500, within=90, most=450)
"""So short that most are packed before a dictionary was learned, which weighs as well."""
LONG = Outage(events=200_000, users=5_000, within=600, most=300)


def configure(down: Vendor, up: Vendor, folder: Path, store: StoreServer) -> Eyes:
    """Write a configuration of five destinations of several kinds, one with a vendor of its own."""
    delivery = {"concurrency": CONCURRENCY, "batch": {"events": BATCH}}
    destinations: dict[str, Any] = {
        "down": webhook(down, "/down", delivery=delivery),
        "array": webhook(up, "/array", delivery=delivery),
        "lines": webhook(up, "/lines", delivery=delivery),
        "archive": {"type": "file", "settings": {"path": str(folder / "archive.jsonl")}},
        "nothing": {"type": "drill", "settings": {"batch": 500}},
    }
    for name, form in (("down", "array"), ("array", "array"), ("lines", "lines")):
        destinations[name]["settings"]["format"] = form
    for name in ("archive", "nothing"):
        destinations[name]["consent"] = NOT_REQUIRED
    return Eyes(write(folder, store, destinations))


def events(size: Outage) -> Iterator[Any]:
    """Yield events of many users as the benchmarks have them."""
    templates = []
    for line in DEMO.read_bytes().splitlines():
        with contextlib.suppress(orjson.JSONDecodeError):
            template = orjson.loads(line)
            template.pop("integrations", None)
            templates.append(template)
    return multiply(size.events, users=size.users, templates=templates)


def used(store: StoreServer) -> int:
    """Return how much memory the store has in use, in bytes."""
    with store.client() as client:
        return int(client.info("memory")["used_memory"])


def resident(workers: Workers) -> str:
    """Return how much memory each worker has, where the system says it."""
    files = [Path(f"/proc/{worker.pid}/status") for worker in workers.alive]
    lines = [file.read_text().splitlines() for file in files if file.exists()]
    sizes = [int(line.split()[1]) for each in lines for line in each if line.startswith("VmRSS")]
    return ", ".join(f"{size / 1024:.0f} MB" for size in sizes)


def burned(eyes: Eyes) -> int:
    """Return how many failed attempts are remembered of all that waits for it."""

    async def count(store: Store) -> int:
        tries = [await store.lanes.tries(shard, "down:webhook") for shard in range(store.shards)]
        return sum(one.attempts for each in tries for one in each.values())

    return eyes.ask(count)


def assert_outage(size: Outage, store: StoreServer, up: Vendor, folder: Path) -> str:
    """Let a destination be down while events queue, let it come back, and judge; return figures."""
    own = folder / "down"
    own.mkdir()
    with Vendor(own) as down:
        eyes = configure(down, up, folder, store)
        down.shut()
        with (
            Workers(eyes.file, folder, seconds=1800) as workers,
            Producer(store, events(size)) as producer,
        ):
            workers.start(WORKERS)
            began = time.monotonic()
            producer.finish(within=size.within)
            eyes.wait_drained(*OTHERS, within=size.within)
            queued = time.monotonic() - began
            hold = _probed(eyes, 1)
            tried, full, memory = burned(eyes), used(store), resident(workers)
            assert eyes.pending() == {"down": size.events} | dict.fromkeys(OTHERS, 0)
            down.behave("/down", status=503)
            down.open()
            _wait_refused(down)
            assert burned(eyes) == tried
            down.behave("/down")
            wait_until(lambda: not eyes.holds(), within=120, what="the hold to end")
            began = time.monotonic()
            eyes.wait_drained(within=size.within)
            drained = time.monotonic() - began
            weight = (full - used(store)) / size.events
        arrivals = down.arrivals("/down")

    assert hold.state == "held"
    assert tried <= AT_ONCE
    assert weight <= size.most
    assert [] == out_of_order(arrivals)
    _assert_whole(size, arrivals, eyes)
    return (
        f"{size.events} events queued in {queued:.0f} s, {weight:.0f} bytes each; workers {memory};"
        f" {tried} attempts before the hold; others delivered {4 * size.events / queued:.0f}/s,"
        f" the queue drained at {size.events / drained:.0f}/s"
    )


def _assert_whole(size: Outage, arrivals: list[Arrival], eyes: Eyes) -> None:
    ids = {event["messageId"] for event in events(size)}

    assert {} == missing({"/down": ids}, arrivals)
    assert [] == eyes.letters()
    assert eyes.ledger().holds


def _probed(eyes: Eyes, times: int) -> Hold:
    """Wait until so many probes have failed: all that was open before is known by then."""

    def probed() -> Hold | None:
        hold = eyes.holds().get("down")
        return hold if hold is not None and hold.probes >= times else None

    return wait_until(probed, within=120, what="a probe to fail")


def _wait_refused(vendor: Vendor) -> None:
    """Wait until a probe was refused with a status."""

    def refused() -> bool:
        return any(arrival.status == 503 for arrival in vendor.arrivals("/down"))

    wait_until(refused, within=90, what="a probe to be refused")


@pytest.mark.system
@pytest.mark.timeout(240)
def test_an_outage_costs_little(own_store: StoreServer, vendor: Vendor, tmp_path: Path) -> None:
    """A destination that is down queues in little memory, burns nothing and drains in order."""
    assert_outage(SHORT, own_store, vendor, tmp_path)


@pytest.mark.chaos
@pytest.mark.timeout(1800)
def test_a_long_outage_costs_little(
    own_store: StoreServer, vendor: Vendor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same holds for hundreds of thousands of events; the figures are printed."""
    figures = assert_outage(LONG, own_store, vendor, tmp_path)

    with capsys.disabled():
        print(f"\n{figures}")  # noqa: T201 - the figures are wanted
