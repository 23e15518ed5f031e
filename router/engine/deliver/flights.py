"""Flights: what leaves together for one destination: in company, apart from it, or alone."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from router.engine.care.suspicion import Alone, Poison
from router.engine.deliver.attempt import Attempt
from router.engine.deliver.exchange import NotStarted
from router.engine.deliver.reading import named
from router.engine.judge.settlement import Bury
from router.observe.reasons import DeadReason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from router.engine.care.solitude import Solitude
    from router.engine.deliver.attempt import Homed
    from router.engine.deliver.home import Home
    from router.engine.deliver.window import Window

Attempting: TypeAlias = "Callable[[list[Homed]], Awaitable[Attempt]]"
APART = 10
"""Suspects that are tried together at most: each may have to be tried alone next."""

_log = logging.getLogger("router.engine")


@dataclass(slots=True, eq=False)
class Flight:
    """Some entries that leave together, `most` if more come in time; suspects in a `trial`."""

    items: list[Homed]
    most: int
    trial: bool = False
    homes: set[Home] = field(default_factory=set)


class Flights:
    """What leaves of one destination's window."""

    def __init__(
        self, lane: str, window: Window[Home], solitude: Solitude, *, gather: float, in_order: bool
    ) -> None:
        self._lane = lane
        self._window = window
        self._solitude = solitude
        self._gather = gather
        self._in_order = in_order
        self._trying = False

    def take(self, most: int) -> Flight | None:
        """Take what may go; suspects first, of which no more are under way. None if nothing may."""
        now = time.monotonic()
        items: list[Homed] = []
        if self._window.departures.apart and not self._trying:
            items = self._window.take(min(most, APART), now, shared=False, apart=True)
            self._trying = bool(items)
        flight = Flight([], most, trial=bool(items))
        items = items or self._window.take(most, now, shared=self._in_order)
        if not items:
            return None
        self._board(flight, items)
        return flight

    def _board(self, flight: Flight, items: list[Homed]) -> None:
        """Add entries; their homes are in flight from now on."""
        flight.items += items
        for item in items:
            if item.home not in flight.homes:
                item.home.take_off()
                flight.homes.add(item.home)

    def land(self, flight: Flight) -> None:
        """Say that it is over."""
        if flight.trial:
            self._trying = False
        for home in flight.homes:
            home.land()

    async def fly(self, flight: Flight, attempt: Attempting, joined: Callable[[], None]) -> Attempt:
        """Attempt its entries in the company that they may have; what is proven is not attempted.

        `joined` is called when more entries came in time. Raises NotStarted, and what `attempt`
        raises.
        """
        if flight.trial:
            return await self._try(flight, attempt)
        if self._solitude.kept:
            await self._solitude.over()
        self._solitude.enter()
        try:
            if self._gather and len(flight.items) < flight.most:
                await self._gathered(flight)
                joined()
            for item in flight.items:
                if item.raw is None:
                    await self._fetched(flight.items)
                    break
            for home in flight.homes:
                if home.caution.wary:
                    return await self._noted(flight, attempt)
            return await attempt(flight.items)
        finally:
            self._solitude.leave()

    async def _noted(self, flight: Flight, attempt: Attempting) -> Attempt:
        """Attempt entries that are suspected if this process ends meanwhile."""
        async with AsyncExitStack() as noted:
            for home in flight.homes:
                if home.caution.wary:
                    names = [named(self._lane, i.id) for i in flight.items if i.home is home]
                    await noted.enter_async_context(home.caution.flight(names))
            return await attempt(flight.items)

    async def _try(self, flight: Flight, attempt: Attempting) -> Attempt:
        """Attempt suspects; who comes through is suspected no more."""
        first = flight.items[0]
        name = named(self._lane, first.id)
        match await first.home.caution.manner(name):
            case Poison():
                return self._proven(first, name)
            case Alone(wait) if wait:
                raise NotStarted("not yet alone", wait)
            case found:
                company = first.home.caution.company(found, self._solitude)
        async with company:
            await self._fetched(flight.items)
            done = await self._noted(flight, attempt)
        for item in flight.items:
            item.deaths = 0
        return done

    def _proven(self, item: Homed, name: str) -> Attempt:
        _log.error("an entry of %s ended workers: it is a dead letter", self._lane)
        item.home.caution.forget(name)
        attempts = (item.tried.attempts if item.tried else 0) + item.deaths
        return Attempt([item], early={item: Bury(DeadReason.POISON, None, attempts, None)})

    async def _gathered(self, flight: Flight) -> None:
        """Wait for a fuller batch."""
        await asyncio.sleep(self._gather)
        room = flight.most - len(flight.items)
        more = self._window.take(room, time.monotonic(), shared=self._in_order)
        self._board(flight, more)

    async def _fetched(self, items: list[Homed]) -> None:
        """Fetch bodies that were not kept."""
        missing = [item for item in items if item.raw is None]
        for home in {item.home for item in missing}:
            theirs = [item for item in missing if item.home is home]
            for item, raw in zip(theirs, await home.fetch(self._lane, theirs), strict=True):
                self._window.restore(item, raw)
