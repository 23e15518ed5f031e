"""What one destination's trouble, or its long queue, costs the others.

Two workers with a store each do the same at the same time, over and over: one whose fifth
destination is well, one whose fifth is in trouble. What the machine does beside falls on both.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from router.bench.figure import Figure, percentile
from router.bench.process import processes
from router.bench.scene import Scene, multiplied, staged
from router.bench.sink import sink, times

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OTHERS = ("one", "two", "three", "four")
TROUBLES = {
    "hangs": "http://127.0.0.1:PORT/hang",
    "takes a second": "http://127.0.0.1:PORT/slow",
    "resets connections": "http://127.0.0.1:PORT/reset",
    "answers 429": "http://127.0.0.1:PORT/limited",
    "hangs in TLS": "https://127.0.0.1:PORT/",
}
WELL = "http://127.0.0.1:PORT/fifth"
ROUNDS, FEW = 6, 2
IN_FULL = 300
"""Events of one burst from which on every trouble is tried."""
WARM_UP = 100
PACE = 0.02
"""Seconds between two events whose way is timed."""
LOOK_EVERY = 0.05
WITHIN = 120.0
COSTS_AT_MOST = 5.0
"""Percent of the others' throughput, and of their p99."""


class Turn(NamedTuple):
    """What a worker did in one turn: events a second, and how long each took, in ms."""

    rate: float
    waits: list[float]


class Worker:
    """A worker over five destinations, of which the fifth is at `url`."""

    def __init__(self, scene: Scene, port: int, events: Iterator[bytes], name: str) -> None:
        self._scene = scene
        self._port = port
        self._events = events
        self._name = name
        self._pushed = 0

    async def push(self, count: int) -> None:
        """Queue events and wait until the others have them."""
        self._pushed += count
        await self._scene.push(self._events, count)
        async with asyncio.timeout(WITHIN):
            while not await self._others_have_all():  # noqa: ASYNC110 - the store says it
                await asyncio.sleep(LOOK_EVERY)

    async def turn(self, count: int, paced: int) -> Turn:
        """Measure a burst of `count` events, then `paced` single ones."""
        began = time.time_ns()
        await self.push(count)
        rate = count / ((max(await self._came()) - began) / 1e9)
        pushed = []
        for _ in range(paced):
            pushed.append(time.time_ns())
            self._pushed += 1
            await self._scene.push(self._events, 1)
            await asyncio.sleep(PACE)
        await self.push(0)
        waits = [
            (came - at) / 1e6
            for name in OTHERS
            for at, came in zip(pushed, (await self._came(name))[-paced:], strict=True)
        ]
        return Turn(rate, waits)

    async def _came(self, other: str = "") -> list[int]:
        return await times(self._port, f"/{self._name}/{other}")

    async def _others_have_all(self) -> bool:
        lanes = (await self._scene.store.ledger()).lanes
        return all(lanes[f"{name}:webhook"].delivered == self._pushed for name in OTHERS)


async def isolation(lines: Sequence[bytes], count: int) -> list[Figure]:
    """Measure what each kind of trouble costs the other four; the short form tries the first."""
    if count < IN_FULL:
        return await _cost("hangs", lines, count, FEW)
    return [figure for name in TROUBLES for figure in await _cost(name, lines, count, ROUNDS)]


async def _cost(trouble: str, lines: Sequence[bytes], count: int, rounds: int) -> list[Figure]:
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(sink())
        workers = {}
        for name, url in (("well", WELL), ("ill", TROUBLES[trouble])):
            scene = await stack.enter_async_context(staged(_five(name, url), port))
            await stack.enter_async_context(processes(scene, 1))
            workers[name] = Worker(scene, port, multiplied(lines), name)
            await workers[name].push(WARM_UP)
        turns = [
            await asyncio.gather(*(worker.turn(count, count // 2) for worker in workers.values()))
            for _ in range(rounds)
        ]
    return _figures(f"a fifth destination {trouble}", *zip(*turns, strict=True))


def _figures(what: str, well: Sequence[Turn], ill: Sequence[Turn]) -> list[Figure]:
    share = median(b.rate / a.rate for a, b in zip(well, ill, strict=True))
    late = {
        name: percentile([wait for turn in turns for wait in turn.waits], 0.99)
        for name, turns in (("well", well), ("ill", ill))
    }
    return [
        Figure(
            "isolation", f"{what}: the others' throughput", 100 * share, "%",
            "with the fifth well", 100.0, 100 - COSTS_AT_MOST,
            details={"well_per_second": median(turn.rate for turn in well)},
        ),
        Figure(
            "isolation", f"{what}: the others' p99", late["ill"], "ms",
            "with the fifth well", late["well"], None, lower_is_better=True,
        ),
    ]  # fmt: skip


def _five(name: str, url: str) -> str:
    places = {other: f"http://127.0.0.1:PORT/{name}/{other}" for other in OTHERS}
    hooks = [
        f"  {each}: {{type: webhook, settings: {{url: '{place}'}}}}\n"
        for each, place in {**places, "fifth": url}.items()
    ]
    return "".join(["destinations:\n", *hooks])
