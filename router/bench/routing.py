"""How fast events are routed into five lanes, and what a backlog weighs."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import orjson

from router.bench.figure import Figure
from router.bench.scene import FIVE, TRUST, Scene, multiplied, staged
from router.engine.assembly import assemble
from router.engine.intake_loop import IntakeLoop

if TYPE_CHECKING:
    from collections.abc import Sequence

WARM_UP = 300
LANES = 5
SCRATCH = "bench:bare"
AT_ONCE = 100


async def route(lines: Sequence[bytes], count: int) -> list[Figure]:
    """Measure decode, decide, policy and hand-off for five destinations, in one process."""
    return [
        await _route("source events into five lanes", FIVE, lines, count, 10_000),
        await _route("the same, personal data detected", TRUST + FIVE, lines, count, None),
    ]


async def _route(
    what: str, destinations: str, lines: Sequence[bytes], count: int, reach: float | None
) -> Figure:
    events = multiplied(lines)
    async with staged(destinations) as scene:
        await scene.push(events, WARM_UP)
        await _emptied(scene)
        await scene.push(events, count)
        before, cpu = await scene.store.usage(), time.process_time()
        took = await _emptied(scene)
        cpu, after = time.process_time() - cpu, await scene.store.usage()
        bare = await _bare(scene, lines, count)
    return Figure(
        "route", what, count / took, "events/s",
        "parse, serialise five times, store: nothing else", count / bare, reach,
        details={
            "router_us_per_event": 1e6 * cpu / count,
            "store_us_per_event": 1e6 * (after.cpu - before.cpu) / count,
        },
    )  # fmt: skip


async def memory(lines: Sequence[bytes], count: int) -> list[Figure]:
    """Measure what the store needs for each event and destination that waits."""
    events = multiplied(lines)
    async with staged(FIVE) as scene:
        await scene.push(events, WARM_UP)
        await _emptied(scene)
        before = await scene.store.usage()
        await scene.push(events, count)
        await _emptied(scene)
        after = await scene.store.usage()
        await _bare(scene, lines, count)
        bare = await scene.store.usage()
    deliveries = count * LANES
    figure = Figure(
        "memory", "backlog, for each event and destination",
        (after.memory - before.memory) / deliveries, "bytes",
        "the same as plain JSON in a stream", (bare.memory - after.memory) / deliveries, 300,
        lower_is_better=True,
    )  # fmt: skip
    return [figure]


async def _emptied(scene: Scene) -> float:
    """Route until nothing is queued any more, as the owner of the intake does; returns seconds."""
    parts = assemble(scene.config, scene.store, "bench")
    intake = scene.store.intake("stream", scene.config.queue.stream)
    lease = scene.store.lease("stream", "bench", timedelta(minutes=10))
    await lease.acquire()
    loop = IntakeLoop(intake, lease, parts.router, parts.marks, parts.latest)
    began = time.perf_counter()
    work = asyncio.create_task(loop.run())
    while await intake.length():
        await asyncio.wait([work], timeout=0.01)
        if work.done():
            work.result()
    took = time.perf_counter() - began
    loop.stop()
    work.cancel()
    await asyncio.wait([work])
    await lease.release()
    await parts.close()
    return took


async def _bare(scene: Scene, lines: Sequence[bytes], count: int) -> float:
    """Parse each event, serialise it for each lane, store it; returns the seconds it took."""
    events = multiplied(lines)
    raws = [next(events) for _ in range(count)]
    began = time.perf_counter()
    for start in range(0, count, AT_ONCE):
        decoded = [orjson.loads(raw) for raw in raws[start : start + AT_ONCE]]
        bodies = [orjson.dumps(event) for event in decoded for _ in range(LANES)]
        await scene.store.push(SCRATCH, [{"event": body} for body in bodies])
    return time.perf_counter() - began
