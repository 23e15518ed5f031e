"""How much later ten fresh events arrive while another destination has a long queue."""

from __future__ import annotations

import asyncio
import itertools
import time
from statistics import median
from typing import TYPE_CHECKING

import orjson

from router.bench.figure import Figure
from router.bench.process import processes
from router.bench.scene import Scene, multiplied, staged
from router.bench.sink import sink, times

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FRESH = 10
TRIALS = 8
PACE = 0.1
"""Seconds between two times that ten events are pushed."""
LOOK_EVERY = 0.02
WITHIN = 600.0
TWO = """
destinations:
  long:
    type: webhook
    settings: {url: "http://127.0.0.1:PORT/slow"}
    events: 'event != "fresh"'
  short:
    type: webhook
    settings: {url: "http://127.0.0.1:PORT/short"}
    events: 'event = "fresh"'
"""


async def backlog(lines: Sequence[bytes], count: int) -> list[Figure]:
    """Measure ten events for one destination, before and while `count` wait for another."""
    async with sink() as port, staged(TWO, port) as scene, processes(scene, 1):
        fresh = _fresh()
        await _trials(scene, port, fresh, 2)  # the first connections
        alone = await _trials(scene, port, fresh, TRIALS)
        await scene.push(multiplied(lines), count)
        await _routed(scene)
        beside = await _trials(scene, port, fresh, TRIALS)
        waiting = (await scene.store.ledger()).lanes["long:webhook"].pending
    return [
        Figure(
            "backlog", f"ten events beside {count:,} of another destination", median(beside), "ms",
            "with an empty queue", median(alone), None, lower_is_better=True,
            details={"still_waiting": waiting, "slowest_ms": max(beside)},
        )
    ]  # fmt: skip


def _fresh() -> Iterator[bytes]:
    for number in itertools.count():
        yield orjson.dumps(
            {"type": "track", "event": "fresh", "userId": f"u{number}", "messageId": f"f{number}"}
        )


async def _trials(scene: Scene, port: int, events: Iterator[bytes], count: int) -> list[float]:
    """Return how long each ten took until the last of them was there, in milliseconds."""
    took = []
    for _ in range(count):
        before = len(await times(port, "/short"))
        began = time.time_ns()
        await scene.push(events, FRESH)
        async with asyncio.timeout(WITHIN):
            while len(came := await times(port, "/short")) < before + FRESH:  # noqa: ASYNC110 - the sink says it
                await asyncio.sleep(LOOK_EVERY)
        took.append((max(came) - began) / 1e6)
        await asyncio.sleep(PACE)
    return took


async def _routed(scene: Scene) -> None:
    """Wait until all that was pushed is in its lane."""
    async with asyncio.timeout(WITHIN):
        while await scene.store.intake("stream", scene.config.queue.stream).length():  # noqa: ASYNC110 - the store says it
            await asyncio.sleep(LOOK_EVERY)
