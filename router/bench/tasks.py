"""The reference: one Celery task per delivery, on the same store, by a real worker."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from celery import Celery

from router.store.embedded import EmbeddedStore
from router.worker.broker import broker_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from router.bench.scene import Scene

BROKER = "ROUTER_BENCH_BROKER"
WITHIN = 120.0

SETTINGS = {"task_acks_late": True, "task_default_queue": "bench", "task_ignore_result": True}

app = Celery("bench", broker=os.environ.get(BROKER, "memory://"))
app.conf.update(SETTINGS)


@app.task(name="bench.deliver")  # type: ignore[untyped-decorator]  # celery has no types
def deliver(body: str, seen: str) -> None:
    """Take a delivery as far as its payload, and send nothing; say when, if that is asked."""
    orjson.loads(body)
    if seen:
        with Path(seen).open("a") as file:
            file.write(f"{time.time_ns()}\n")


async def rate(scene: Scene, events: Iterator[bytes], count: int) -> float:
    """Return how many tasks a second one worker process executes while they are published."""
    async with _working(scene) as (publish, seen):
        began = time.time_ns()
        for number in range(count):
            publish(next(events), str(seen) if number == count - 1 else "")
        [ended] = await _lines(seen, 1)
        return count / ((ended - began) / 1e9)


async def latencies(scene: Scene, events: Iterator[bytes], count: int) -> list[float]:
    """Return the milliseconds from publishing a task to its start, when nothing else goes on."""
    async with _working(scene) as (publish, seen):
        began = []
        for number in range(count):
            began.append(time.time_ns())
            publish(next(events), str(seen))
            await _lines(seen, number + 1)
        ended = await _lines(seen, count)
        return [(end - start) / 1e6 for start, end in zip(began, ended, strict=True)]


@asynccontextmanager
async def _working(scene: Scene) -> AsyncIterator[tuple[Any, Path]]:
    """Start a worker, wait until it works, and give what publishes and where it says so."""
    embedded = EmbeddedStore(scene.config.data)
    url = broker_url(scene.config, embedded.attach())
    publisher = Celery("bench", broker=url, set_as_current=False)
    publisher.conf.update(SETTINGS)
    command = [sys.executable, "-m", "celery", "-A", "router.bench.tasks", "worker", "-P", "solo",
               "-Q", "bench", "-l", "CRITICAL", "--without-gossip", "--without-mingle"]  # fmt: skip
    environ = {**os.environ, BROKER: url}
    worker = await asyncio.create_subprocess_exec(
        *command, env=environ, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        with tempfile.TemporaryDirectory() as folder:
            ready, seen = Path(folder) / "ready", Path(folder) / "seen"

            def publish(body: bytes, told: str) -> None:
                publisher.send_task("bench.deliver", (body.decode(), told))

            publish(b"{}", str(ready))
            await _lines(ready, 1)
            yield publish, seen
    finally:
        worker.kill()
        await worker.wait()
        publisher.close()
        embedded.leave()


async def _lines(file: Path, count: int) -> list[int]:
    """Wait until a file has so many lines."""
    async with asyncio.timeout(WITHIN):
        while True:
            lines = _read(file)
            if len(lines) >= count:
                return lines
            await asyncio.sleep(0.002)


def _read(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().splitlines()] if file.exists() else []
