"""Careful routing: while an owner of the intake ended of late, it is known what is being routed."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Protocol

from router.engine.care.suspicion import Alone, Poison
from router.engine.deliver.exchange import NotStarted
from router.engine.route.routing import RoutedBatch, shelved
from router.observe.reasons import ShelfReason

if TYPE_CHECKING:
    from router.engine.care.caution import Caution
    from router.engine.care.solitude import Solitude
    from router.store.intakes import Intake, Peek

LOOKS_AGAIN = 0.2
"""Seconds until a stop is seen while a suspect has to wait."""

_log = logging.getLogger("router.engine")


class Moves(Protocol):
    """Moves what was peeked into the lanes."""

    async def __call__(self, peek: Peek, batch: RoutedBatch | None = None) -> bool:
        """Route it, unless it is given routed; tells whether the intake may go on."""


class Careful:
    """Routes what lies behind an owner's end: batches before the first suspect, then one by one."""

    def __init__(self, intake: Intake, caution: Caution, solitude: Solitude) -> None:
        self._intake = intake
        self._caution = caution
        self._solitude = solitude

    async def begin(self) -> None:
        """Learn what is suspected."""
        await self._caution.begin(self._intake.present)

    @property
    def needed(self) -> bool:
        """Whether an owner ended of late."""
        return self._caution.wary

    async def step(self, move: Moves, wait: float) -> bool:
        """Move what may go now; wait for arrivals if there are none. Tells whether to go on."""
        peek = await self._intake.peek()
        if not peek.count:
            for suspect in self._caution.suspects:
                self._caution.forget(suspect)  # a producer trimmed it
            await self._caution.tell()
            await self._intake.wait(wait)
            return True
        suspects = self._caution.suspects
        innocent = next((n for n, name in enumerate(peek.names) if name in suspects), peek.count)
        if innocent < peek.count:
            peek = await self._intake.peek(most=innocent or 1)
        names = peek.names
        if not names or (len(names) > 1 and not suspects.keys().isdisjoint(names)):
            return True  # a producer trimmed it meanwhile
        match await self._caution.manner(names[0]):
            case Poison():
                goes_on = await move(peek, _shelved(peek))
                if goes_on:
                    self._caution.forget(names[0])
                    _log.error("an arrival of %s ended workers: it is shelved", self._intake.name)
                return goes_on
            case Alone(seconds) if seconds:
                await asyncio.sleep(min(seconds, LOOKS_AGAIN))
                return True
            case found:
                company = self._caution.company(found, self._solitude)
        try:
            async with company, self._caution.flight(names):
                return await move(peek)
        except NotStarted as reason:  # another is alone, or the lease is lost, which ends the loop
            await asyncio.sleep(min(reason.wait, LOOKS_AGAIN))
            return True


def _shelved(peek: Peek) -> RoutedBatch:
    batch = RoutedBatch(int(time.time() * 1000))
    batch.shelved.extend(shelved(arrival, ShelfReason.POISON) for arrival in peek.arrivals)
    return batch
