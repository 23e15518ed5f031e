"""A shard that this process owns: has its lanes read, and settles what was attempted."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from router.engine.care.caution import Caution
from router.engine.deliver.reading import Reading
from router.engine.deliver.recovering import Recovering
from router.store.connection import UNREACHABLE, hiccups
from router.store.lanes import Settlement
from router.store.leases import LeaseLost

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from router.engine.deliver.recovering import Forgetful
    from router.engine.deliver.turn import Item
    from router.store.lanes import Try, Waiting
    from router.store.leases import Lease
    from router.store.store import Store

COALESCE = 0.003
"""Seconds that settlements are gathered before they are written."""


class Home:
    """One owned shard with its lanes.

    `alive` turns False when the lease is lost or given back: from then on nothing is started for
    it and nothing is written.
    """

    def __init__(
        self, store: Store, shard: int, lease: Lease, lanes: Mapping[str, Forgetful]
    ) -> None:
        self._store = store
        self.shard = shard
        self.lease = lease
        self._lanes = lanes
        self.alive = True
        self._flying = 0
        self._landed = asyncio.Event()
        self._landed.set()
        self.caution = Caution(store.suspects(lease, shard), lease)
        self._reading = Reading(self, shard, store.lanes, lanes, self.caution)
        self._recovering = Recovering(self, lanes)
        self._settlements: dict[str, Settlement] = {}
        self._wake_writer = asyncio.Event()
        self._writing = asyncio.Lock()

    @property
    def remaining(self) -> float:
        """Seconds for which nobody else can own it."""
        return self.lease.remaining if self.alive else 0.0

    def notice(self, lane: str | None = None) -> None:
        """Say that all lanes may hold something new, or that one lane's window has room again."""
        self._reading.notice(lane)

    async def fetch(self, lane: str, items: Sequence[Item[Home]]) -> list[bytes]:
        """Return bodies of which the window kept only the ids; empty for what is gone."""
        found = await self._store.lanes.fetch(self.shard, lane, [item.id for item in items])
        return [raw or b"" for raw in found]

    async def read_again(
        self, lane: str, after: bytes, most: int
    ) -> tuple[list[Waiting], dict[bytes, Try], set[bytes]]:
        """Return what stands behind an id, with its failures, and which of it has ended meanwhile.

        All that is known is written before, and nothing while it is read. Raises LeaseLost.
        """
        async with self._writing:
            await self._write_all()
            [found] = await self._store.lanes.read(self.shard, [(lane, after, most)])
            entries = self._reading.known(lane, found)
            tries = await self._store.lanes.tried(self.shard, lane, [one.id for one in entries])
            fresh = self._settlements.get(lane, Settlement())
            return entries, tries | fresh.tries, fresh.ended

    def settlement(self, lane: str) -> Settlement:
        """Return the lane's growing settlement; it is written within milliseconds."""
        self._wake_writer.set()
        return self._settlements.setdefault(lane, Settlement())

    async def read(self) -> None:
        """Fill the windows as long as the shard is ours; runs until cancelled."""
        await self._reading.run()

    @property
    def forgets(self) -> bool:
        """Whether some destination keeps no order, and forgets what it has no room for."""
        return self._recovering.needed

    async def recover(self) -> None:
        """Read what was forgotten once more when it is due; runs until cancelled."""
        await self._recovering.run()

    async def write(self) -> None:
        """Write settlements as long as the shard is ours; runs until cancelled.

        Raises LeaseLost when it is not ours any more.
        """
        while self.alive:
            await self._wake_writer.wait()
            await asyncio.sleep(COALESCE)
            self._wake_writer.clear()
            await self._flush()

    async def _flush(self) -> None:
        """Write what is known; what is being written already is waited for."""
        async with self._writing:
            await self._write_all()

    async def _write_all(self) -> None:
        """Write all lanes' settlements, again and again while the lease may still be ours."""
        while self._settlements:
            gathered = {lane: known for lane, known in self._settlements.items() if known}
            self._settlements = {}
            if not gathered:
                return
            try:
                await self._settle(gathered)
            except UNREACHABLE:
                async for asking in hiccups(within=max(1.0, self.remaining)):
                    with asking:
                        await self._settle(gathered)

    async def _settle(self, gathered: dict[str, Settlement]) -> None:
        now_ms = int(time.time() * 1000)
        await self._store.lanes.settle(self.lease, self.shard, gathered, now_ms)
        await self.caution.tell()

    def take_off(self) -> None:
        """Say that a batch of this shard is in flight."""
        self._flying += 1
        self._landed.clear()

    def land(self) -> None:
        """Say that a batch of this shard was judged."""
        self._flying -= 1
        if not self._flying:
            self._landed.set()

    def close(self) -> None:
        """Start nothing more; what is in flight may still be judged and written."""
        self._reading.end()
        self._recovering.end()
        for reader in self._lanes.values():
            reader.drop(self)

    async def landed(self) -> None:
        """Wait until nothing of this shard is in flight."""
        await self._landed.wait()

    async def release(self, *, forget: bool = False) -> None:
        """Let another worker have the shard at once; `forget` how earlier owners ended.

        What is still in flight is not held against it.
        """
        await self.caution.acquit()
        await self.lease.release(forget=forget)

    async def finish(self, within: float) -> None:
        """Write what is known, so that the next owner starts where this one stopped."""
        try:
            async with asyncio.timeout(within):
                await self._flush()
        except (TimeoutError, LeaseLost, *UNREACHABLE):
            return

    def abandon(self) -> None:
        """Stop being its owner: nothing more is started, read or written."""
        self.alive = False
        self.lease.forfeit()
        self._settlements.clear()
        for reader in self._lanes.values():
            reader.drop(self)
        self._reading.end()
        self._recovering.end()
        self._wake_writer.set()

    def __repr__(self) -> str:
        return f"<Home shard={self.shard} alive={self.alive}>"
