"""The owner of one intake at work: peek, route, hand off, and wait for more."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from router.engine.care.caution import Caution
from router.engine.route.careful import Careful
from router.engine.route.queues import refused
from router.store.preferences import Overtaken

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from router.engine.care.solitude import Solitude
    from router.engine.deliver.latest import Latest
    from router.engine.route.queues import Queues
    from router.engine.route.routing import RoutedBatch, Router
    from router.store.handoff import HandedOff
    from router.store.intakes import Intake, Peek
    from router.store.leases import Lease
    from router.store.marks import MarkLimits

T = TypeVar("T")

_log = logging.getLogger("router.engine")

WAIT_AT_MOST = 2.0
"""Seconds of one blocking wait; a stop interrupts it."""


class IntakeLoop:
    """Empties one intake into the lanes as long as its lease is ours."""

    def __init__(  # noqa: PLR0913 - what an intake is emptied with
        self,
        intake: Intake,
        lease: Lease,
        router: Router,
        marks: MarkLimits,
        latest: Latest,
        *,
        queues: Queues,
        solitude: Solitude,
    ) -> None:
        self.lease = lease
        self._intake = intake
        self._router = router
        self._marks = marks
        self._latest = latest
        self._queues = queues
        self._solitude = solitude
        self._careful = Careful(intake, Caution(intake.suspects(lease), lease), solitude)
        self._generation = 0
        self._stopping = False

    def stop(self) -> None:
        """Hand off nothing more after the batch in hand."""
        self._stopping = True

    async def run(self) -> None:
        """Work until stopped, or until a queue is full that the intake waits for.

        Raises LeaseLost, or what the store raises.

        While the store hands off one batch, the next is being routed: what lies behind a batch is
        asked for before its hand-off begins. Not so after an owner's end: see `careful`.
        """
        await self._careful.begin()
        while self._going and self._careful.needed:
            if not await self._careful.step(self._move, WAIT_AT_MOST):
                return
        ahead: asyncio.Task[Peek] | None = None
        handing: asyncio.Task[None] | None = None
        try:
            while self._going:
                peek = await (ahead or self._intake.peek())
                ahead = None
                if not peek.count:
                    await _finished(handing)
                    handing = None
                    await self._intake.wait(WAIT_AT_MOST)
                    continue
                if self._intake.kind == "stream":
                    ahead = await _begun(self._intake.peek(behind=peek))
                await self._solitude.over()
                batch = self._router.route(peek.arrivals, int(time.time() * 1000))
                await _finished(handing)
                handing = None
                bounded = await self._bounded(peek, batch)
                if bounded is None:
                    return  # the intake is held: what was routed is read again
                handing = await _begun(self._hand_off(peek, bounded))
                if ahead is None:
                    await _finished(handing)
                    handing = None
            await _finished(handing)
        finally:
            await _dropped(ahead, handing)

    @property
    def _going(self) -> bool:
        return not self._stopping and self.lease.remaining > 0

    async def _move(self, peek: Peek, batch: RoutedBatch | None = None) -> bool:
        """Route and hand off one batch; False when a queue is full that the intake waits for."""
        if batch is None:
            batch = self._router.route(peek.arrivals, int(time.time() * 1000))
        bounded = await self._bounded(peek, batch)
        if bounded is not None:
            await self._hand_off(peek, bounded)
        return bounded is not None

    async def _bounded(self, peek: Peek, batch: RoutedBatch) -> RoutedBatch | None:
        """Return what of a batch the queues take, or None when one is full that is waited for."""
        if not self._queues.near(peek.count):
            return batch
        full = await self._queues.look(peek.count)
        return None if full is None else replace(batch, routed=refused(batch.routed, full))

    async def _hand_off(self, peek: Peek, batch: RoutedBatch) -> None:
        now_ms = batch.now_ms
        done: HandedOff | None = None
        while done is None:
            changes = (
                await self._latest.changes(batch.stated, batch.linked)
                if batch.stated or batch.linked
                else ()
            )
            with contextlib.suppress(Overtaken):  # by another intake: made of older preferences
                done = await self._intake.hand_off(
                    self.lease,
                    peek,
                    self._router.lanes,
                    batch.routed,
                    shelved=[*peek.shelved, *batch.shelved],
                    marks=self._marks,
                    now_ms=now_ms,
                    changes=changes,
                )
        if batch.oddities and done.generation:
            await self._intake.oddities.note(batch.oddities, now_ms)
        if done.generation and done.generation != self._generation:
            await self._turn_generation(done.generation)

    async def _turn_generation(self, generation: int) -> None:
        if self._generation:
            _log.info("de-duplication starts generation %d", generation)
            await self._intake.sweep(generation)
        self._generation = generation


async def _begun(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Start some work, and let it reach the store before anything else is done."""
    task = asyncio.create_task(work)
    await asyncio.sleep(0)
    return task


async def _finished(handing: asyncio.Task[None] | None) -> None:
    """Wait for a hand-off, if one is going on; raises what it raised."""
    if handing is not None:
        await handing


async def _dropped(*tasks: asyncio.Task[Any] | None) -> None:
    """Let go of what is still going on: a hand-off that was sent is done or not, at once.

    On a Cluster some of it may be done; whoever owns the intake next goes on from there.
    """
    going = [task for task in tasks if task is not None]
    for task in going:
        task.cancel()
    await asyncio.gather(*going, return_exceptions=True)
