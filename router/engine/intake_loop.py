"""The owner of one intake at work: peek, route, hand off, and wait for more."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.engine.routing import Router
    from router.store.intakes import Intake
    from router.store.leases import Lease
    from router.store.marks import MarkLimits

_log = logging.getLogger("router.engine")

WAIT_AT_MOST = 2.0
"""Seconds of one blocking wait; a stop interrupts it."""


class IntakeLoop:
    """Empties one intake into the lanes as long as its lease is ours."""

    def __init__(self, intake: Intake, lease: Lease, router: Router, marks: MarkLimits) -> None:
        self.lease = lease
        self._intake = intake
        self._router = router
        self._marks = marks
        self._generation = 0
        self._stopping = False

    def stop(self) -> None:
        """Hand off nothing more after the batch in hand."""
        self._stopping = True

    async def run(self) -> None:
        """Work until stopped. Raises LeaseLost, or what the store raises."""
        while not self._stopping and self.lease.remaining > 0:
            peek = await self._intake.peek()
            if not peek.count:
                await self._intake.wait(WAIT_AT_MOST)
                continue
            now_ms = int(time.time() * 1000)
            batch = self._router.route(peek.arrivals, now_ms)
            done = await self._intake.hand_off(
                self.lease,
                peek,
                self._router.lanes,
                batch.routed,
                shelved=[*peek.shelved, *batch.shelved],
                marks=self._marks,
                now_ms=now_ms,
            )
            if done.generation != self._generation:
                await self._turn_generation(done.generation)

    async def _turn_generation(self, generation: int) -> None:
        if self._generation:
            _log.info("de-duplication starts generation %d", generation)
            await self._intake.sweep(generation)
        self._generation = generation
