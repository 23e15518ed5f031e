"""Workers started by the documented command do their work and end when told to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support import configuration
from tests.support.vendor import missing
from tests.support.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

pytestmark = pytest.mark.system


@pytest.fixture
def workers(store_server: StoreServer, vendor: Vendor, tmp_path: Path) -> Iterator[Workers]:
    """Give workers with one webhook, none of them started."""
    hook = configuration.webhook(vendor, "/hook", delivery={"timeout": "1s"})
    short = {"lease": "2s"}
    file = configuration.write(tmp_path, store_server, {"hook": hook}, worker=short)
    with Workers(file, tmp_path, seconds=120) as workers:
        yield workers


def push(store: StoreServer, count: int) -> set[str]:
    """Queue small events of a few users; return their message ids."""
    ids = {f"m{number}" for number in range(count)}
    with store.client() as client:
        for message_id in sorted(ids):
            event = {"type": "track", "event": "Seen", "messageId": message_id, "userId": "ada"}
            client.xadd("events", {"event": json.dumps(event)})
    return ids


def test_a_worker_delivers_what_is_queued(
    workers: Workers, store_server: StoreServer, vendor: Vendor
) -> None:
    """One worker on either kind of store delivers every event of the queue."""
    workers.start()

    ids = push(store_server, 50)

    vendor.wait_for(50, "/hook")
    assert {} == missing({"/hook": ids}, vendor.arrivals())


def test_a_killed_worker_leaves_its_work_to_the_next(
    workers: Workers, store_server: StoreServer, vendor: Vendor
) -> None:
    """What a worker had begun when it was killed is delivered by another."""
    vendor.behave("/hook", latency=0.05)
    [first] = workers.start()
    ids = push(store_server, 60)
    vendor.wait_for(1, "/hook")

    first.kill()
    workers.start()

    vendor.wait_for(60, "/hook", within=60)
    assert {} == missing({"/hook": ids}, vendor.arrivals())


def test_a_worker_ends_within_ten_seconds(workers: Workers) -> None:
    """SIGTERM ends a worker with status 0 in the time that the documents promise."""
    [worker] = workers.start()

    worker.terminate()

    assert 0 == worker.wait(within=10)
