"""`router run`: one process tree that nothing brings down but its operator."""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING

import pytest

from tests.support.waiting import wait_until
from tests.worker.conftest import Run, command, push, wait_gone

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.vendor import Vendor

pytestmark = pytest.mark.system

BOUND = 25.0
"""Seconds; a stop takes at most ten, a busy machine is given time."""


def test_run_delivers_until_it_is_interrupted(embedded: Path, vendor: Vendor) -> None:
    """One command routes and delivers; Ctrl-C ends it and everything it started, with status 0."""
    run = Run(embedded, "run")
    workers = run.ready()["workers"]
    push(embedded, "m1", "m2", "m3")
    vendor.wait_for(3, "/hook")

    run.process.send(signal.SIGINT)

    assert 0 == run.process.wait(within=BOUND)
    for pid in workers.values():
        wait_gone(pid)
    assert not (embedded.parent / "data" / "store.json").exists()


def test_a_second_run_is_refused_while_other_commands_attach(embedded: Path) -> None:
    """Two runs on one folder would be a mistake; status beside a run is none."""
    run = Run(embedded, "run")
    run.ready()

    second = command(embedded, "router", "run")
    status = command(embedded, "router", "status", "--json")

    assert 5 == second.returncode
    assert 1 == len(second.stderr.strip().splitlines())
    assert 0 == status.returncode, status.stderr
    run.process.terminate()
    assert 0 == run.process.wait(within=BOUND)


def test_a_killed_run_leaves_nothing_in_the_way(embedded: Path, vendor: Vendor) -> None:
    """After kill -9 the workers end by themselves, and the next run delivers at once."""
    first = Run(embedded, "first")
    workers = first.ready()["workers"]

    first.process.kill()
    second = Run(embedded, "second")
    second.ready()
    push(embedded, "m1", "m2")

    vendor.wait_for(2, "/hook")
    for pid in workers.values():
        wait_gone(pid)
    second.process.terminate()
    assert 0 == second.process.wait(within=BOUND)


def test_a_killed_worker_is_replaced_and_its_share_taken_over(
    embedded: Path, vendor: Vendor
) -> None:
    """What a dead worker owned is served without waiting for its leases, and it comes back."""
    run = Run(embedded, "run")
    workers = run.ready()["workers"]

    os.kill(workers["w1"], signal.SIGKILL)
    push(embedded, *(f"m{number}" for number in range(30)))

    vendor.wait_for(30, "/hook")
    run.process.wait_for("worker w1 was ended by SIGKILL")

    def living() -> list[int]:
        said = json.loads(command(embedded, "router", "status", "--json").stdout)
        pids = [worker["pid"] for worker in said["workers"]]
        return pids if len(pids) == 2 and workers["w1"] not in pids else []

    wait_until(living, within=30, every=0.5, what="the replacement")
    run.process.terminate()
    assert 0 == run.process.wait(within=BOUND)


def test_a_killed_store_is_started_again(embedded: Path, vendor: Vendor) -> None:
    """The embedded store comes back on its socket with what it had, and events flow on."""
    run = Run(embedded, "run")
    run.ready()
    push(embedded, "m1")
    vendor.wait_for(1, "/hook")
    record = embedded.parent / "data" / "store.json"

    os.kill(json.loads(record.read_text())["pid"], signal.SIGKILL)
    run.process.wait_for("started it again")
    push(embedded, "m2")

    vendor.wait_for(2, "/hook", within=60)
    check = command(embedded, "router", "status", "--check")
    assert 0 == check.returncode, check.stdout
    run.process.terminate()
    assert 0 == run.process.wait(within=BOUND)
