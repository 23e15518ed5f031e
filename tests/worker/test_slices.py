"""`worker: {hosting: slices}`: the same engine in tasks, for teams on prefork."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.workers import Worker
from tests.worker.conftest import push, wait_gone

if TYPE_CHECKING:
    from tests.support.vendor import Vendor
    from tests.worker.conftest import Write

pytestmark = pytest.mark.system


def children(pid: int) -> list[int]:
    """Return the processes that this one forked."""
    text = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in text.read_text().split()] if text.exists() else []


def test_slices_deliver_on_a_prefork_pool_and_end_in_time(
    write: Write, vendor: Vendor, tmp_path: Path
) -> None:
    """Events flow through two prefork workers, and SIGTERM ends the one that is told."""
    config = write(worker={"hosting": "slices"})
    options = ["-P", "prefork", "-c", "2"]
    workers = [Worker(n, config, tmp_path / n, options=options, seconds=100) for n in ("w1", "w2")]
    for worker in workers:
        worker.wait_ready()
    push(config, *(f"m{number}" for number in range(40)))
    vendor.wait_for(40, "/hook")

    workers[0].terminate()

    assert 0 == workers[0].wait(within=20)
    push(config, *(f"n{number}" for number in range(40)))
    vendor.wait_for(80, "/hook", within=40)


def test_a_killed_prefork_worker_leaves_no_children(write: Write, tmp_path: Path) -> None:
    """After kill -9 of the parent alone, its pool ends by itself."""
    config = write(worker={"hosting": "slices"})
    worker = Worker("w1", config, tmp_path / "w1", options=["-c", "2"], seconds=100)
    worker.wait_ready()
    forked = children(worker.pid)

    worker.send(signal.SIGKILL)

    for pid in forked:
        wait_gone(pid)
