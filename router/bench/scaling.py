"""What more worker processes bring: the same events with one, with two, up to the cores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.bench.delivering import cores, pace
from router.bench.figure import Figure
from router.bench.scene import DRILLS, multiplied, staged

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDS = 2
"""Rounds over all numbers; the better of each counts: other work on the machine only slows."""
SHORT = 1_000
"""So few events show that it works, and are gone through once."""


async def scaling(lines: Sequence[bytes], count: int) -> list[Figure]:
    """Measure events per second with each number of processes; the reference is one of them.

    The destinations take one event a call and are no processes of their own; the store is one, and
    an intake has one owner: so the ratio stays below the number of processes.
    """
    most = max(2, cores())
    numbers = range(1, most + 1)
    times = 1 if count <= SHORT else ROUNDS
    rounds = [[await _pace(lines, count, number) for number in numbers] for _ in range(times)]
    paces = [min(each) for each in zip(*rounds, strict=True)]
    rates = [count / took for took, _ in paces]
    busy = {f"cores_busy_with_{number}": cpu / took for number, (took, cpu) in enumerate(paces, 1)}
    return [
        Figure(
            "scaling", f"queue to 4 destinations, {most} processes, {cores()} cores",
            rates[-1], "source events/s", "the same with one process", rates[0], None,
            details={f"with_{number}": rate for number, rate in enumerate(rates, 1)} | busy,
        )
    ]  # fmt: skip


async def _pace(lines: Sequence[bytes], count: int, workers: int) -> tuple[float, float]:
    async with staged(DRILLS) as scene:
        return await pace(scene, multiplied(lines), count, workers)
