"""Beat and Flower beside the worker, as Celery's users have them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.support.stores import free_port
from tests.support.waiting import wait_until
from tests.support.workers import Worker
from tests.worker.conftest import started

if TYPE_CHECKING:
    from pathlib import Path

    from tests.worker.conftest import Write

pytestmark = pytest.mark.system


def test_beat_starts(write: Write, tmp_path: Path) -> None:
    """`celery -A router beat` starts, and has nothing to complain of."""
    schedule = ["--schedule", str(tmp_path / "schedule")]
    beat = started(
        write(), tmp_path / "beat.log", "celery", "-A", "router", "beat", "-l", "INFO", *schedule
    )

    output = beat.wait_for("beat: Starting")

    assert "ERROR" not in output
    assert "Traceback" not in output
    beat.terminate()
    beat.wait()


def test_flower_lists_the_worker(write: Write, tmp_path: Path) -> None:
    """`celery -A router flower` starts on loopback and knows the worker."""
    config = write()
    Worker("w1", config, tmp_path / "w1.log", seconds=100).wait_ready()
    port = free_port()
    flower = started(
        config, tmp_path / "flower.log", "celery", "-A", "router", "flower",
        "--address=127.0.0.1", f"--port={port}",
    )  # fmt: skip

    def listed() -> dict[str, Any]:
        try:
            with urlopen(f"http://127.0.0.1:{port}/workers?json=1", timeout=5) as answer:
                found: dict[str, Any] = json.loads(answer.read())
        except (URLError, OSError, ValueError):
            return {}
        return found if "w1@" in json.dumps(found) else {}

    assert wait_until(listed, within=40, every=0.5, what="the worker in Flower")
    flower.kill()
