"""How fast events are routed into five lanes, and what a backlog weighs."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import orjson

from router.bench.figure import Figure
from router.bench.scene import FIVE, TRUST, Scene, multiplied, staged
from router.engine.assembly import assemble
from router.engine.route.collecting import looking_seldom
from router.engine.route.intake_loop import IntakeLoop
from router.engine.route.packing import SAMPLES
from router.store import keys
from router.store.dictionary import SHIPPED
from router.store.holds import Hold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from router.engine.assembly import Parts

LANES = 5
SCRATCH = "bench:bare"
BARE = "parse, serialise five times, store: nothing else"
LOOK_EVERY = 0.02
"""Seconds between two looks at the queue: asking costs CPU that is not the router's."""
LEARNED_WITHIN = 60.0
AT_ONCE = 100
HELD = Hold("paused", "benchmark", 0, by="bench")


class Cost(NamedTuple):
    """Seconds that some work took: by the clock, and of this process's CPU."""

    clock: float
    cpu: float


async def route(lines: Sequence[bytes], count: int) -> list[Figure]:
    """Measure decode, decide, policy and hand-off for five destinations, in one process.

    Per core: by the CPU time of the router's process. By the clock it shares the machine with the
    store, which works at the same time on another core, if there is one.
    """
    with looking_seldom():
        return [
            *await _route("source events into five lanes", FIVE, lines, count, 15_000),
            *await _route("the same, personal data detected", TRUST + FIVE, lines, count, None),
        ]


async def _route(
    what: str, destinations: str, lines: Sequence[bytes], count: int, reach: float | None
) -> list[Figure]:
    events = multiplied(lines)
    async with staged(destinations) as scene:
        await _warmed_up(scene, events)
        await scene.push(events, count)
        before = await scene.store.usage()
        took = await _emptied(scene)
        after = await scene.store.usage()
        bare = await _bare(scene, lines, count)
    details = {
        "router_us_per_event": 1e6 * took.cpu / count,
        "store_us_per_event": 1e6 * (after.cpu - before.cpu) / count,
        "reference_us_per_event": 1e6 * bare.cpu / count,
    }
    return [
        Figure(
            "route", f"{what}, per core of the router", count / took.cpu, "events/s",
            BARE, count / bare.cpu, reach, details=details,
        ),
        Figure(
            "route", f"{what}, by the clock", count / took.clock, "events/s",
            BARE, count / bare.clock, None,
        ),
    ]  # fmt: skip


async def memory(lines: Sequence[bytes], count: int) -> list[Figure]:
    """Measure what the store needs for each event and destination that waits.

    What goes to a held destination is packed patiently. Marks of seen events are no part of it,
    nor are the dictionaries: some hundred kilobytes, whatever waits.
    """
    events = multiplied(lines)
    async with staged(FIVE) as scene:
        weights = []
        await _warmed_up(scene, events)
        await _weight(scene)
        for hold in (None, HELD):
            await scene.push(events, count)
            await _emptied(scene, hold)
            weights.append(await _weight(scene))
        before = await scene.store.usage()
        await _bare(scene, lines, count)
        bare = await scene.store.usage()
    plain = (bare.memory - before.memory) / (count * LANES)
    return [
        Figure(
            "memory", what, weight, "bytes", "the same as plain JSON in a stream", plain, 300,
            lower_is_better=True,
        )
        for what, weight in zip(
            ("backlog, for each event and destination", "the same, the destinations held"),
            weights, strict=True,
        )
    ]  # fmt: skip


async def _weight(scene: Scene) -> float:
    """Empty all lanes, and return how many bytes each entry of them had taken."""
    store = scene.store
    lanes = [keys.lane(shard, lane) for shard in range(store.shards)
             for lane in await store.lanes.known()]  # fmt: skip
    full = await store.usage()
    gone = 0
    for lane in lanes:
        gone += int(await store.redis.xtrim(lane, maxlen=0, approximate=False))
    empty = await store.usage()
    return (full.memory - empty.memory) / gone


async def _warmed_up(scene: Scene, events: Iterator[bytes]) -> None:
    """Route the first events of a store: its dictionary is learned from them."""
    await scene.push(events, SAMPLES)
    parts = assemble(scene.config, scene.store, "bench")
    learning = asyncio.create_task(parts.packing.learn(scene.store))
    await asyncio.sleep(0)  # it asks for samples
    await _routed(scene, parts)
    async with asyncio.timeout(LEARNED_WITHIN):
        while parts.packing.dictionary is SHIPPED:
            await asyncio.wait([learning], timeout=LOOK_EVERY)
    learning.cancel()
    await asyncio.wait([learning])


async def _emptied(scene: Scene, hold: Hold | None = None) -> Cost:
    """Route until nothing is queued any more; what goes to destinations waits for `hold`."""
    parts = assemble(scene.config, scene.store, "bench")
    await parts.packing.look(scene.store)
    for dispatcher in parts.dispatchers:
        dispatcher.set_hold(hold, 0, asked_at=time.monotonic())
    return await _routed(scene, parts)


async def _routed(scene: Scene, parts: Parts) -> Cost:
    """Route until nothing is queued any more, as the owner of the intake does."""
    intake = scene.store.intake("stream", scene.config.queue.stream)
    lease = intake.lease("bench", timedelta(minutes=10))
    await lease.acquire()
    loop = IntakeLoop(intake, lease, parts.router, parts.marks, parts.latest, queues=parts.queues,
                      solitude=parts.solitude)  # fmt: skip
    began = _now()
    work = asyncio.create_task(loop.run())
    while await intake.length():
        await asyncio.wait([work], timeout=LOOK_EVERY)
        if work.done():
            work.result()
    took = _since(began)
    loop.stop()
    work.cancel()
    await asyncio.wait([work])
    await lease.release()
    await parts.close()
    return took


async def _bare(scene: Scene, lines: Sequence[bytes], count: int) -> Cost:
    """Parse each event, serialise it for each lane, store it."""
    events = multiplied(lines)
    raws = [next(events) for _ in range(count)]
    began = _now()
    for start in range(0, count, AT_ONCE):
        decoded = [orjson.loads(raw) for raw in raws[start : start + AT_ONCE]]
        bodies = [orjson.dumps(event) for event in decoded for _ in range(LANES)]
        await scene.store.push(SCRATCH, [{"event": body} for body in bodies])
    return _since(began)


def _now() -> Cost:
    return Cost(time.perf_counter(), time.process_time())


def _since(began: Cost) -> Cost:
    now = _now()
    return Cost(now.clock - began.clock, now.cpu - began.cpu)
