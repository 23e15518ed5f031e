"""One destination at work: takes turns from its window, attempts them, gives back the waiting."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from typing import TYPE_CHECKING

from router.engine.attempt import turns_of
from router.engine.exchange import NotStarted
from router.engine.judging import judge_attempt, judge_destination, settle_turn
from router.engine.settlement import Bury, Done, Moment
from router.engine.standing import Expired, Open, Probe, Standing, Wait, permission
from router.store.connection import UNREACHABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.engine.attempt import Attempt, Attempter, Homed
    from router.engine.home import Home
    from router.engine.settlement import Decision, Patience
    from router.engine.window import Window
    from router.store.holds import Hold, Holds

_log = logging.getLogger("router.engine")

NOT_STARTED_WAIT = 0.2
"""Seconds until what could not be started (rate, lease) is looked at again."""
PROBE_TAKEN_WAIT = 1.0
"""Seconds until a worker looks again whether somebody else's probe is over."""


class Dispatcher:
    """The engine's side of one destination: some workers over one window.

    `hold` is the state in the store as last seen: the dispatcher acts on it and on nothing else.
    """

    def __init__(  # noqa: PLR0913 - what one destination is made of
        self,
        name: str,
        lane: str,
        attempter: Attempter,
        *,
        window: Window[Home],
        holds: Holds,
        owner: str,
        patience: Patience,
        concurrency: int,
        gather: float,
    ) -> None:
        self.name = name
        self.lane = lane
        self.hold: Hold | None = None
        self.held_ms = 0
        self.in_flight = 0
        self.concurrency = concurrency
        self._attempter = attempter
        self._window = window
        self._holds = holds
        self._owner = owner
        self._patience = patience
        self._gather = gather
        self._standing = Standing()
        self._idle: deque[asyncio.Future[None]] = deque()
        self._homes: set[Home] = set()
        self._stopping = False

    @property
    def room(self) -> int:
        """How many more entries should be read."""
        return self._window.room

    def add(self, items: Sequence[Homed]) -> None:
        """Take entries of a home's lane, in order."""
        self._homes.add(items[0].home)
        self._window.add(items, time.monotonic(), int(time.time() * 1000))
        self._kick(1)

    def drop(self, home: Home) -> None:
        """Forget a home's entries; what is in flight is judged and thrown away."""
        self._homes.discard(home)
        self._window.drop(home)

    def set_hold(self, hold: Hold | None, held_ms: int) -> None:
        """Take note of the state in the store."""
        if hold is None and self.hold is not None:
            self._standing.clear()
        self.hold = hold
        self.held_ms = held_ms
        self._kick(self.concurrency)

    def stop(self) -> None:
        """Start nothing more."""
        self._stopping = True
        self._kick(len(self._idle))

    async def close(self) -> None:
        """Close what the adapter and its connections hold."""
        await self._attempter.close()

    async def work(self) -> None:
        """Be one worker: attempt batches until stopped."""
        while not self._stopping:
            now_ms = int(time.time() * 1000)
            match permission(self.hold, now_ms):
                case Open():
                    await self._deliver(self._attempter.batch.events, None)
                case Wait(seconds):
                    await self._sleep(seconds)
                case Probe():
                    await self._probe()
                case Expired():
                    await self._end_hold(now_ms)

    async def _deliver(self, most: int, probing: Hold | None) -> None:
        items = await self._take(most)
        if not items:
            await self._sleep(self._window.next_due(time.monotonic()))
            return
        if self._window.ready(time.monotonic()):
            self._kick(1)
        self.in_flight += 1
        homes = {item.home for item in items}
        for home in homes:
            home.take_off()
        try:
            attempt = await self._attempter.attempt(items)
        except NotStarted:
            self._give_back(items, NOT_STARTED_WAIT)
        except BaseException:
            self._abandon(items)
            raise
        else:
            await self._settle(attempt, probing)
        finally:
            self.in_flight -= 1
            for home in homes:
                home.land()
            for home in self._homes:
                home.notice(self.lane)

    async def _take(self, most: int) -> list[Homed]:
        shared = self._attempter.batch.in_order
        items = self._window.take(most, time.monotonic(), shared=shared)
        if self._gather and items and len(items) < most:
            await asyncio.sleep(self._gather)
            items += self._window.take(most - len(items), time.monotonic(), shared=shared)
        missing = [item for item in items if item.raw is None]
        for home in {item.home for item in missing}:
            theirs = [item for item in missing if item.home is home]
            for item, raw in zip(theirs, await home.fetch(self.lane, theirs), strict=True):
                self._window.restore(item, raw)
        return items

    async def _probe(self) -> None:
        """Try one delivery of a held destination, if nobody else is at it."""
        now = time.monotonic()
        if not self._window.ready(now):
            await self._sleep(self._window.next_due(now))
            return
        if not await self._holds.claim_probe(self.name, self._owner, self._attempter.longest):
            await self._sleep(PROBE_TAKEN_WAIT)
            return
        try:
            await self._deliver(1, self.hold)
        finally:
            await self._holds.end_probe(self.name)

    def _give_back(self, items: Sequence[Homed], wait: float) -> None:
        now = time.monotonic()
        for turn in turns_of(items):
            self._window.finish(turn, turn, now + wait, now)

    def _abandon(self, items: Sequence[Homed]) -> None:
        """Leave what is open where it is: nobody knows whether it arrived."""
        self._give_back(items, 0.0)
        for item in items:
            if item.home.alive:
                item.home.settlement(self.lane).count("unknown")

    async def _settle(self, attempt: Attempt, probing: Hold | None) -> None:
        now_ms = int(time.time() * 1000)
        decisions = judge_attempt(
            attempt, self._patience, Moment(now_ms, self.held_ms), probing=probing
        )
        hold = judge_destination(attempt, decisions, self._standing, probing or self.hold, now_ms)
        if hold is not None:
            self.hold = hold  # before turns are given back, or they would leave at once
        for turn in turns_of(attempt.items):
            self._finish(turn, decisions, now_ms)
        if hold is not None:
            await self._put(hold, before=probing)
        elif probing is not None and any(isinstance(d, Done | Bury) for d in decisions.values()):
            _log.warning("destination %s answers again", self.name)
            await self._end_hold(now_ms)

    def _finish(self, turn: list[Homed], decisions: dict[Homed, Decision], now_ms: int) -> None:
        home = turn[0].home
        now = time.monotonic()
        if not home.alive:
            self._window.finish(turn, [], now, now)
            return
        again = settle_turn(turn, decisions, home.settlement(self.lane))
        due_ms = max((item.tried.due_at for item in again if item.tried), default=now_ms)
        self._window.finish(turn, again, now + (due_ms - now_ms) / 1000, now)

    async def _put(self, hold: Hold, before: Hold | None) -> None:
        if before is None or before.reason != hold.reason:
            _log.warning("destination %s is %s: %s", self.name, hold.state, hold.reason)
        try:
            await self._holds.put(self.name, hold)
        except UNREACHABLE:
            _log.warning("the hold of %s could not be written yet", self.name)

    async def _end_hold(self, now_ms: int) -> None:
        hold, self.hold = self.hold, None
        self._standing.clear()
        self.held_ms += now_ms - hold.since if hold is not None else 0
        await self._holds.end(self.name, now_ms)
        self._kick(self.concurrency)

    def _kick(self, workers: int) -> None:
        """Let some idle workers look again."""
        while self._idle and workers > 0:
            future = self._idle.popleft()
            if not future.done():
                future.set_result(None)
                workers -= 1

    async def _sleep(self, seconds: float | None) -> None:
        """Wait until kicked, at the latest for so many seconds."""
        if self._stopping:
            return
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        self._idle.append(future)
        timer = None if seconds is None else loop.call_later(seconds, _resolve, future)
        try:
            await future
        finally:
            if timer is not None:
                timer.cancel()


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
