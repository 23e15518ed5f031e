"""One destination at work: while nothing holds it, what may go of its window is attempted."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from router.engine.care.solitude import Solitude
from router.engine.deliver.exchange import NOT_STARTED_WAIT, NotStarted
from router.engine.deliver.flights import Flights
from router.engine.deliver.idling import Idling
from router.engine.deliver.settling import Settling
from router.engine.deliver.unordered import Unordered
from router.engine.hold.standing import Expired, Open, Probe, Wait, permission
from router.store.connection import UNREACHABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.engine.deliver.attempt import Attempter, Homed
    from router.engine.deliver.home import Home
    from router.engine.deliver.turn import Place
    from router.engine.deliver.window import Window
    from router.engine.hold.holding import Holding
    from router.engine.hold.learning import Learner
    from router.engine.judge.settlement import Patience
    from router.store.holds import Hold

PROBE_TAKEN_WAIT = 1.0
"""Seconds until a worker looks again whether somebody else's probe is over."""


class Dispatcher:
    """The engine's side of one destination: some workers over one window."""

    def __init__(  # noqa: PLR0913 - what one destination is made of
        self,
        name: str,
        lane: str,
        attempter: Attempter,
        *,
        window: Window[Home],
        learner: Learner,
        holding: Holding,
        patience: Patience,
        concurrency: int,
        gather: float,
        solitude: Solitude | None = None,
    ) -> None:
        self.name = name
        self.lane = lane
        self.in_flight = 0
        self.concurrency = concurrency
        self._attempter = attempter
        self._window = window
        self.unordered = window if isinstance(window, Unordered) else None
        self._learner = learner
        self._holding = holding
        self._settling = Settling(name, lane, window, holding, patience)
        self._flights = Flights(
            lane, window, solitude or Solitude(), gather=gather, in_order=attempter.batch.in_order
        )
        self._idle = Idling()
        self._homes: set[Home] = set()
        self._stopping = False

    @property
    def hold(self) -> Hold | None:
        """Why the destination gets nothing, if so."""
        return self._holding.hold

    @property
    def parked(self) -> int:
        """How many turns are so long that not all of what was read of them is in memory."""
        return self._window.parked

    @property
    def stuck(self) -> int:
        """How many entries wait for one of their user that failed, or are it."""
        return self._window.stuck

    @property
    def room(self) -> int:
        """How many more entries should be read."""
        return self._window.room

    def add(self, items: Sequence[Homed]) -> None:
        """Take entries of a home's lane, in order."""
        self._homes.add(items[0].home)
        self._window.add(items, time.monotonic(), int(time.time() * 1000))
        self._idle.wake(1)

    def gap(self, home: Home) -> Place | None:
        """Return from where on a home's lane is wanted once more, for turns that were parked."""
        return self._window.gap(home)

    def fill(self, home: Home, items: Sequence[Homed], *, after: Place, whole: bool) -> None:
        """Take what was read once more, behind `after`."""
        now_ms = int(time.time() * 1000)
        self._window.fill(home, items, time.monotonic(), now_ms, after=after, whole=whole)
        self._idle.wake(1)

    def drop(self, home: Home) -> None:
        """Forget a home's entries; what is in flight is judged and thrown away."""
        self._homes.discard(home)
        self._window.drop(home)
        self._notice_room()

    def wake(self) -> None:
        """Look at the window once more."""
        self._idle.wake(self.concurrency)

    def set_hold(self, hold: Hold | None, ended_ms: int, *, asked_at: float) -> None:
        """Take note of the state in the store, as `Holding.see` takes it."""
        self._holding.see(hold, ended_ms, asked_at=asked_at)
        self._idle.wake(self.concurrency)

    async def tell_hold(self) -> None:
        """Write the hold that began here, if the store was away when it did."""
        await self._holding.tell()

    def stop(self) -> None:
        """Start nothing more."""
        self._stopping = True
        self._idle.end()

    async def close(self) -> None:
        """Close what the adapter and its connections hold."""
        await self._attempter.close()

    async def work(self) -> None:
        """Be one worker: attempt batches until stopped."""
        while not self._stopping:
            hold, now_ms = self.hold, int(time.time() * 1000)
            match permission(hold, now_ms):
                case Open() if self._learner.is_full(self.in_flight):
                    await self._idle.sleep(None)
                case Open():
                    if not await self._deliver(self._attempter.batch.events, None):
                        await self._idle.sleep(self._window.departures.next_due(time.monotonic()))
                case Wait(seconds):
                    await self._idle.sleep(seconds)
                case Probe():
                    await self._probe()
                case Expired():
                    await self._end_hold(hold, now_ms)

    async def _deliver(self, most: int, probing: Hold | None) -> bool:
        """Attempt what may go; tells whether there was anything."""
        flight = self._flights.take(most)
        if flight is None:
            return False
        self._wake_another()
        self.in_flight += 1
        try:
            ours = self._holding.ours
            attempt = partial(self._learner.attempt, in_flight=self.in_flight, ours=ours)
            done = await self._flights.fly(flight, attempt, self._wake_another)
        except NotStarted as reason:
            self._settling.give_back(flight.items, reason.wait)
        except UNREACHABLE:
            self._settling.give_back(flight.items, NOT_STARTED_WAIT)
            raise
        except BaseException:
            self._settling.abandon(flight.items)
            raise
        else:
            if await self._settling.settle(done, probing):
                self._idle.wake(self.concurrency)
        finally:
            self.in_flight -= 1
            self._flights.land(flight)
            self._notice_room()
        return True

    def _wake_another(self) -> None:
        """Let another worker take what else may go."""
        if self._window.ready(time.monotonic()):
            self._idle.wake(1)

    def _notice_room(self) -> None:
        for home in self._homes:
            home.notice(self.lane)

    async def _probe(self) -> None:
        """Try one delivery of a held destination, if nobody else is at it."""
        now = time.monotonic()
        if not self._window.ready(now):
            await self._idle.sleep(self._window.departures.next_due(now))
            return
        probe = self._holding.probe(self._attempter.longest)
        if not await probe.acquire():
            await self._idle.sleep(PROBE_TAKEN_WAIT)
            return
        tried = True
        try:
            if isinstance(permission(self.hold, int(time.time() * 1000)), Probe):
                tried = await self._deliver(1, self.hold)
        finally:
            await probe.release()
        if not tried:  # a trial of suspects is going on
            await self._idle.sleep(PROBE_TAKEN_WAIT)

    async def _end_hold(self, hold: Hold | None, now_ms: int) -> None:
        await self._holding.end(hold, now_ms)
        self._idle.wake(self.concurrency)
