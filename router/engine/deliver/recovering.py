"""Recovering: what was forgotten of a lane without order is read once more when it is due."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Protocol

from router.engine.deliver.reading import PAGE_BYTES, READ_AT_LEAST, READ_AT_ONCE, Reader, before
from router.engine.deliver.turn import Item, place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from router.engine.deliver.home import Home
    from router.engine.deliver.turn import Place
    from router.engine.deliver.unordered import Unordered

LOOK = 1.0
"""Seconds between two looks whether something is due."""


class Forgetful(Reader["Home"], Protocol):
    """A destination whose window may forget: a dispatcher."""

    @property
    def unordered(self) -> Unordered[Home] | None:
        """The window, where it keeps no order."""

    def wake(self) -> None:
        """Look at the window once more."""


class Recovering:
    """Looks after the forgotten entries of one home's lanes."""

    def __init__(self, home: Home, readers: Mapping[str, Forgetful]) -> None:
        self._home = home
        self._readers = {
            lane: (reader, reader.unordered) for lane, reader in readers.items() if reader.unordered
        }
        self._over = asyncio.Event()
        self._size = PAGE_BYTES // READ_AT_LEAST

    @property
    def needed(self) -> bool:
        """Whether anything can be forgotten."""
        return bool(self._readers)

    def end(self) -> None:
        """Read nothing more."""
        self._over.set()

    async def run(self) -> None:
        """Read again what is due, until ended; raises what the store raises, and LeaseLost."""
        while not self._over.is_set():
            for lane, (reader, window) in self._readers.items():
                while (at := window.missed(self._home, time.monotonic())) is not None:
                    await self._page(lane, window, at)
                    reader.wake()
                    if self._over.is_set():
                        return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), LOOK)

    async def _page(self, lane: str, window: Unordered[Home], at: Place) -> None:
        most = max(1, min(READ_AT_ONCE, PAGE_BYTES // self._size))
        entries, tries, ended = await self._home.read_again(lane, before(at), most)
        if entries:
            self._size = max(1, sum(len(entry.raw) for entry in entries) // len(entries))
        items = [
            Item(self._home, one.id, one.turn, one.raw, one.replays, tries.get(one.id))
            for one in entries
            if one.id not in ended
        ]
        behind = None
        if len(entries) == most:
            milliseconds, number = place(entries[-1].id)
            behind = (milliseconds, number + 1)
        now_ms = int(time.time() * 1000)
        window.recover(self._home, items, time.monotonic(), now_ms, behind=behind)
