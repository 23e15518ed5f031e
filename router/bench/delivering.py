"""How fast events are delivered by worker processes, and how soon when nothing else goes on."""

from __future__ import annotations

import asyncio
import os
import random
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from router.bench import tasks
from router.bench.figure import Figure, percentile
from router.bench.process import processes
from router.bench.scene import FIVE, ONE, Scene, multiplied, staged
from router.bench.sink import sink, times
from router.engine.engine import Engine
from router.engine.route.collecting import looking_seldom

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

WARM_UP = 200
TASK = "one Celery task per delivery, which sends nothing"
TASKS_PER_EVENT = 10
"""Of the events that a benchmark delivers, one in so many goes through the reference."""
MOST_PROCESSES = 8
PAUSES = (0.01, 0.06)
"""Seconds between two events when idle, at least and at most."""


async def delivery(lines: Sequence[bytes], count: int) -> list[Figure]:
    """Measure from the queue to five destinations that take batches."""
    return await _rate("delivery", FIVE, lines, count, 5_000)


async def webhook(lines: Sequence[bytes], count: int) -> list[Figure]:
    """Measure from the queue to a webhook that gets one event a request."""
    return await _rate("webhook", ONE, lines, count, 3_000)


async def latency(lines: Sequence[bytes], count: int) -> list[Figure]:
    """Measure from the queue to the socket, one event at a time."""
    events = multiplied(lines)
    chance = random.Random(1)  # noqa: S311 - pauses, no secrets
    async with sink() as port, staged(ONE, port) as scene:
        async with _running(scene):
            await scene.push(events, WARM_UP)
            await scene.drained(WARM_UP)
            began = []
            for number in range(count):
                await asyncio.sleep(chance.uniform(*PAUSES))
                began.append(time.time_ns())
                await scene.push(events, 1)
                await scene.drained(WARM_UP + number + 1)
            came = (await times(port))[WARM_UP:]
        reference = await tasks.latencies(scene, events, max(10, count // 5))
    waited = [(end - start) / 1e6 for start, end in zip(began, came, strict=True)]
    return [
        Figure(
            "latency", f"queue to socket, idle, p{percent}", percentile(waited, percent / 100),
            "ms", "publishing a Celery task until it starts",
            percentile(reference, percent / 100), reach, lower_is_better=True,
        )
        for percent, reach in ((50, 20), (99, 100))
    ]  # fmt: skip


def cores() -> int:
    """Return how many worker processes this machine has room for."""
    return min(os.cpu_count() or 1, MOST_PROCESSES)


async def pace(
    scene: Scene, events: Iterator[bytes], count: int, workers: int
) -> tuple[float, float]:
    """Return the seconds, and those of the workers' CPU, for events that are queued all at once."""
    async with processes(scene, workers) as working:
        await scene.push(events, WARM_UP)
        await scene.drained(WARM_UP)
        await scene.keep(events, count)
        began, worked = time.perf_counter(), await working.cpu()
        await scene.release()
        await scene.drained(WARM_UP + count)
        return time.perf_counter() - began, await working.cpu() - worked


async def _rate(
    name: str, destinations: str, lines: Sequence[bytes], count: int, reach: float
) -> list[Figure]:
    """Measure per core, by the CPU time of the workers, and by the clock.

    By the clock they share the machine with the store and with the other end of the wire.
    """
    events = multiplied(lines)
    async with sink() as port, staged(destinations, port) as scene:
        took, cpu = await pace(scene, events, count, cores())
        ledger = await scene.store.ledger()
        lanes = len(scene.config.destinations)
        made = await tasks.rate(scene, events, max(100, count * lanes // TASKS_PER_EVENT))
    delivered = sum(lane.delivered for lane in ledger.lanes.values())
    unit = "requests/s" if lanes == 1 else "source events/s"
    what = f"queue to {lanes} destination{'s' if lanes > 1 else ''}"
    details = {
        "worker_us_per_event": 1e6 * cpu / count,
        "deliveries_per_second": (delivered - WARM_UP * lanes) / took,
        "conservation_holds": float(ledger.holds),
    }
    return [
        Figure(
            name, f"{what}, per core of the workers", count / cpu, unit,
            TASK, made / lanes, reach, details=details,
        ),
        Figure(
            name, f"{what}, {cores()} processes, {cores()} cores", count / took, unit,
            TASK, made / lanes, None,
        ),
    ]  # fmt: skip


@asynccontextmanager
async def _running(scene: Scene) -> AsyncIterator[None]:
    """Run an engine meanwhile."""
    stop = asyncio.Event()
    engine = asyncio.create_task(Engine(scene.config, scene.store, "bench").run(stop))
    try:
        with looking_seldom():
            yield
    finally:
        stop.set()
        await engine
