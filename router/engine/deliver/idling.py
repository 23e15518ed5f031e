"""Workers that have nothing to do: each sleeps until somebody is wanted, or until its time."""

from __future__ import annotations

import asyncio
from collections import deque


class Idling:
    """The sleeping workers of one destination, the longest asleep first."""

    def __init__(self) -> None:
        self._sleepers: deque[asyncio.Future[None]] = deque()
        self._over = False

    def wake(self, workers: int) -> None:
        """Let some of them look again."""
        while self._sleepers and workers > 0:
            future = self._sleepers.popleft()
            if not future.done():
                future.set_result(None)
                workers -= 1

    def end(self) -> None:
        """Wake all, for good."""
        self._over = True
        self.wake(len(self._sleepers))

    async def sleep(self, seconds: float | None) -> None:
        """Wait until woken, at the latest for so many seconds."""
        if self._over:
            return
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        self._sleepers.append(future)
        timer = None if seconds is None else loop.call_later(seconds, _resolve, future)
        try:
            await future
        finally:
            if timer is not None:
                timer.cancel()


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
