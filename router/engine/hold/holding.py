"""The hold of one destination, as this process knows it: seen in the store, acted on, written back.

The engine acts on what stands here and on nothing else.
"""

from __future__ import annotations

import logging
import math
import time
from typing import TYPE_CHECKING

from router.engine.hold.standing import Standing, is_old_news
from router.observe.reasons import HoldReason
from router.store.connection import UNREACHABLE

if TYPE_CHECKING:
    from datetime import timedelta

    from router.store.holds import Hold, Holds
    from router.store.leases import Lease

_log = logging.getLogger("router.engine")


class Holding:
    """Whether a destination gets deliveries, and since when it does not."""

    def __init__(
        self, name: str, holds: Holds, owner: str, *, slow_after: float = math.inf
    ) -> None:
        self.hold: Hold | None = None
        self.ours: bool | None = None
        """Whether the hold is our own network's fault; None as long as nobody said.

        Once it was, and somebody found otherwise, it is not until it ends.
        """
        self.standing = Standing(slow_after)
        self._name = name
        self._holds = holds
        self._owner = owner
        self._ended_ms = 0
        self._unwritten: Hold | None = None
        self._written_at = -math.inf

    def see(self, hold: Hold | None, ended_ms: int, *, asked_at: float) -> None:
        """Take note of the state in the store; `ended_ms` is the length of all ended holds.

        What was asked for, at `asked_at` of the monotonic clock, before a hold that began here
        was written may not know of it, and must not end it.
        """
        if self._unwritten is not None or asked_at < self._written_at:
            return
        if hold is None and self.hold is not None:
            self.standing.clear()
        self._take(hold)
        self._ended_ms = ended_ms

    def held_ms(self, now_ms: int) -> int:
        """Return how long the destination was held, ever."""
        return self._ended_ms + (0 if self.hold is None else max(0, now_ms - self.hold.since))

    def begin(self, hold: Hold | None, probing: Hold | None) -> Hold | None:
        """Act on a hold from now on, if it says anything new; returns what is then to be written.

        To be called before turns are given back, or they would leave at once.
        """
        if hold is None or is_old_news(hold, self.hold, probed=probing is not None):
            return None
        self._take(hold)
        self._unwritten = hold
        return hold

    def _take(self, hold: Hold | None) -> None:
        self.hold = hold
        if hold is None:
            self.ours = None
        elif hold.reason == HoldReason.NETWORK:
            self.ours = True
        elif self.ours:
            self.ours = False

    async def write(self, hold: Hold, before: Hold | None) -> None:
        """Write a hold that began here; `before` is the one that it goes on from."""
        if before is None or before.reason != hold.reason:
            _log.warning("destination %s is %s: %s", self._name, hold.state, hold.reason)
        try:
            await self.tell()
        except UNREACHABLE:
            _log.warning("the hold of %s could not be written yet", self._name)

    async def tell(self) -> None:
        """Write the hold that began here and is not in the store yet, if there is one."""
        if (hold := self._unwritten) is None:
            return
        await self._holds.put(self._name, hold)
        self._written_at = time.monotonic()
        if self._unwritten is hold:
            self._unwritten = None

    async def end(self, hold: Hold | None, now_ms: int) -> None:
        """End a hold that is over; one that took its place meanwhile stays."""
        if await self._holds.end(self._name, now_ms, seen=hold):
            after = None
            self.standing.clear()
            self._ended_ms += now_ms - hold.since if hold is not None else 0
        else:
            after = (await self._holds.all()).get(self._name)
        if self.hold == hold:
            self._take(after)
            self._unwritten = None
            self._written_at = time.monotonic()

    def probe(self, length: timedelta) -> Lease:
        """Return the right to be the only one who probes, to be acquired."""
        return self._holds.probe(self._name, self._owner, length)
