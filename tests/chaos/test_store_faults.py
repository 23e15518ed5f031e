"""A store whose disk is full, that stands still, or that cuts its replies short, loses nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Self

import pytest

from tests.chaos.cutting import Cutter
from tests.chaos.driver import ended
from tests.chaos.producer import Producer
from tests.support.configuration import webhook, write
from tests.support.corpus import multiply
from tests.support.looking import Eyes
from tests.support.stores import StoreServer
from tests.support.vendor import duplicates, missing, out_of_order
from tests.support.waiting import wait_until
from tests.support.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.vendor import Vendor

linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of others are set on Linux")


class Scene:
    """Workers on one store, events that flow through it, and what must be true in the end."""

    def __init__(
        self, store: StoreServer, vendor: Vendor, folder: Path, *, count: int = 600, **more: Any
    ) -> None:
        vendor.behave("/hook", latency=0.005)
        hook = webhook(vendor, "/hook", delivery={"timeout": "1s", "concurrency": 4})
        self.store, self.vendor = store, vendor
        self.eyes = Eyes(write(folder, store, {"hook": hook}, worker={"lease": "2s"}, **more))
        self.events = list(multiply(count, users=60))
        for event in self.events:
            event.pop("integrations", None)
        self.workers = Workers(self.eyes.file, folder, seconds=300)
        self.producer = Producer(store, self.events)

    def __enter__(self) -> Self:
        self.workers.__enter__()
        self.producer.__enter__()
        self.workers.start(1)
        return self

    def __exit__(self, *_: object) -> None:
        self.producer.__exit__()
        self.workers.__exit__()

    def flow(self, share: float) -> None:
        """Let a share of the events in, and wait until some of them arrived."""
        before = self.vendor.count()
        self.producer.allow(int(len(self.events) * share))
        wait_until(lambda: self.vendor.count() > before + 20, within=60, what="events to flow")

    def hold_to_account(self) -> None:
        """Let all the rest through; nothing is lost, disordered or counted wrongly."""
        self.producer.finish(within=60)
        self.eyes.wait_drained(within=90)
        assert [0] == ended(self.workers), self.workers.output()[-3000:]
        arrivals = self.vendor.arrivals("/hook")
        assert {} == missing({"/hook": {event["messageId"] for event in self.events}}, arrivals)
        assert [] == out_of_order(arrivals)
        assert all(one.same_key for one in duplicates(arrivals))
        assert self.eyes.ledger().holds
        assert {"hook": len(self.events)} == self.eyes.delivered()


@pytest.fixture
def everysec(short_path: Path) -> Iterator[StoreServer]:
    """Give a store that writes to disk every second: a full disk makes it refuse writes."""
    server = StoreServer(short_path, fsync="everysec").start()
    yield server
    server.kill()


@linux
@pytest.mark.chaos
def test_a_full_disk_holds_and_loses_nothing(
    everysec: StoreServer, vendor: Vendor, tmp_path: Path
) -> None:
    """While the store refuses writes all waits, and goes on by itself when there is room again."""
    with Scene(everysec, vendor, tmp_path) as scene, everysec.client() as eyes:
        scene.flow(0.3)
        everysec.fill_disk()
        scene.producer.allow(len(scene.events) // 2)

        def refuses() -> bool:
            return str(eyes.info("persistence")["aof_last_write_status"]) != "ok"

        wait_until(refuses, within=30, what="the store to refuse writes")
        wait_until(lambda: "DiskRefuses" in scene.workers.output(), within=30,
                   what="the worker to say so")  # fmt: skip
        everysec.free_disk()
        wait_until(lambda: not refuses(), within=30, what="the store to take writes")
        scene.hold_to_account()


@linux
@pytest.mark.chaos
def test_a_full_disk_that_ends_the_store_loses_nothing(
    own_store: StoreServer, vendor: Vendor, tmp_path: Path
) -> None:
    """A store that must have each write on disk ends when it is full; started again, it has all."""
    with Scene(own_store, vendor, tmp_path) as scene:
        scene.flow(0.3)
        own_store.fill_disk()
        scene.producer.allow(len(scene.events) // 2)
        process = own_store.process
        assert process is not None
        wait_until(lambda: not process.alive, within=30, what="the store to end")
        own_store.restart()
        scene.hold_to_account()


def cut_replies(store: StoreServer, vendor: Vendor, folder: Path, *, cuts: int, count: int) -> None:
    """Cut the worker's connections in the middle of replies until that happened so often."""
    with Cutter(store.socket) as cutter:
        scene = Scene(store, vendor, folder, count=count, redis=cutter.url)
        with scene:
            scene.flow(0.1)
            cutter.most = 4_000
            scene.producer.allow(count)
            wait_until(lambda: cutter.cuts >= cuts, within=60, what="replies to be cut")
            cutter.most = 0
            scene.hold_to_account()


@pytest.mark.chaos
def test_replies_cut_short_lose_nothing(
    own_store: StoreServer, vendor: Vendor, tmp_path: Path
) -> None:
    """What the store did, and the worker never heard of, is done once."""
    cut_replies(own_store, vendor, tmp_path, cuts=25, count=600)


@pytest.mark.chaos
def test_a_store_that_stands_still_loses_nothing(
    own_store: StoreServer, vendor: Vendor, tmp_path: Path
) -> None:
    """A store that is frozen until leases are over goes on as if nothing had been."""
    with Scene(own_store, vendor, tmp_path) as scene:
        scene.flow(0.3)
        own_store.freeze()
        scene.producer.allow(len(scene.events))
        wait_until(lambda: "TimeoutError" in scene.workers.output(), within=40,
                   what="the worker to miss the store")  # fmt: skip
        own_store.thaw()
        scene.hold_to_account()


@pytest.mark.chaos
@pytest.mark.timeout(600)
def test_many_replies_cut_short_lose_nothing(
    own_store: StoreServer, vendor: Vendor, tmp_path: Path
) -> None:
    """Five hundred cuts change nothing of that."""
    cut_replies(own_store, vendor, tmp_path, cuts=500, count=10_000)
