"""What this process owns: takes its share of intakes and shards, prolongs it, gives it back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any

from router.engine.aside import Aside
from router.engine.deliver.home import Home
from router.engine.ownership import INTAKES
from router.engine.route.intake_loop import IntakeLoop
from router.store import keys
from router.store.connection import REFUSING, UNREACHABLE
from router.store.leases import LeaseLost
from router.store.refusal import StrangeKey
from router.store.trouble import trouble

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from router.config.sections.whole import Config
    from router.engine.assembly import Parts
    from router.store.leases import Lease
    from router.store.store import Store

_log = logging.getLogger("router.engine")

DRAIN = 8.0
"""Seconds that what is in flight may take when it is given back, or when the engine stops."""
FINISHES_WITHIN = 1.0
"""Seconds for writing what is known of a shard that is given back."""
LEAVES_WITHIN = 1.5
"""Seconds for giving back what is left after the drain: a stop takes less than ten in all."""


class Holdings:
    """The intakes and shards of one process, each with the tasks that work on it.

    `ended` is called when some work ended by itself, so that it is taken up again.
    """

    def __init__(
        self, config: Config, store: Store, owner: str, parts: Parts, ended: Callable[[], None]
    ) -> None:
        self._owner = owner
        self._config = config
        self._store = store
        self._parts = parts
        self._ended = ended
        self.pause = config.worker.lease.total_seconds() / 4
        """Seconds between two renewals."""
        self._lanes = {part.lane: part for part in parts.dispatchers}
        self.homes: dict[str, tuple[Home, list[asyncio.Task[None]]]] = {}
        self.intakes: dict[str, tuple[IntakeLoop, asyncio.Task[None]]] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        self._forget = False
        self._aside = Aside()

    @property
    def names(self) -> list[str]:
        """What is owned, the intakes first: nothing more comes in while shards are given back."""
        return [*self.intakes, *self.homes]

    def notice(self, names: list[str] | None = None) -> None:
        """Say that some shards, or all, may hold something new."""
        for name, (home, _) in self.homes.items():
            if names is None or name in names:
                home.notice()

    async def renew(self) -> None:
        """Prolong what is owned; let go of what is lost, or has stopped."""
        for name, (home, tasks) in list(self.homes.items()):
            if not await self._renewed(home.lease) or any(task.done() for task in tasks):
                await self._forget_home(name)
        for name, (loop, task) in list(self.intakes.items()):
            if not await self._renewed(loop.lease) or task.done():
                await self._forget_intake(name)

    async def _renewed(self, lease: Lease) -> bool:
        try:
            await lease.renew()
        except LeaseLost:
            _log.warning("lost the lease on %s", lease.name)
            return False
        return True

    async def take(self, wanted: list[str]) -> None:
        """Own what is wanted and free, and nothing else.

        What is given back is finished beside the caller, who has leases to prolong meanwhile.
        """
        for name in self.names:
            if name not in wanted:
                self._let_go(name)
        for name in wanted:
            if name not in self.homes and name not in self.intakes:
                if name in INTAKES:
                    await self._take_intake(name)
                else:
                    await self._take_home(name)

    def give_all_back(self) -> None:
        """Begin to give back everything: a shard as soon as nothing of it is in flight.

        This process ends in good order, so how earlier owners ended counts no more; slices end
        every few seconds, which says nothing.
        """
        self._forget = self._config.worker.hosting != "slices"
        for name in self.names:
            self._let_go(name)

    async def gone(self) -> None:
        """Wait until everything is given back; what takes too long is left to its lease."""
        if self._leaving:
            _, late = await asyncio.wait(self._leaving, timeout=LEAVES_WITHIN)
            await cancelled(*late)

    async def _take_intake(self, name: str) -> None:
        public = self._config.queue.stream if name == "stream" else self._config.queue.list
        intake = self._store.intake(name, public)
        lease = intake.lease(self._owner, self._config.worker.lease)
        if not await lease.acquire():
            return
        parts = self._parts
        loop = IntakeLoop(
            intake,
            lease,
            parts.router,
            parts.marks,
            parts.latest,
            queues=parts.queues,
            solitude=parts.solitude,
        )
        self.intakes[name] = (loop, asyncio.create_task(self._guarded(loop.run())))

    async def _take_home(self, name: str) -> None:
        try:
            await self._store.lanes.look(int(name), self._lanes)
        except StrangeKey as error:
            self._aside.leave(name, trouble(error))
            return
        self._aside.take(name)
        lease = self._store.lease(int(name), self._owner, self._config.worker.lease)
        if not await lease.acquire():
            return
        home = Home(self._store, int(name), lease, self._lanes)
        tasks = [
            asyncio.create_task(self._guarded(home.read())),
            asyncio.create_task(self._guarded(home.write())),
        ]
        if home.forgets:
            tasks.append(asyncio.create_task(self._guarded(home.recover())))
        self.homes[name] = (home, tasks)

    async def _guarded(self, work: Awaitable[None]) -> None:
        """Do the work of something owned; when it ends badly, a later tick takes it up again."""
        try:
            await work
        except LeaseLost:
            _log.warning("another worker took over what this one owned")
        except UNREACHABLE as error:
            _log.warning("the store %s", trouble(error))
            if isinstance(error, REFUSING):
                return  # as below: it would refuse again at once
        except Exception as error:  # noqa: BLE001 - one share's trouble never stops the others
            _log.error("what this worker owned failed with %s", type(error).__name__)
            return  # without haste: the next tick takes it up again
        self._ended()

    def _let_go(self, name: str) -> None:
        """Finish what is in hand, then let another worker have it at once."""
        if name in self.intakes:
            work = self._leave_intake(*self.intakes.pop(name))
        else:
            work = self._leave_home(*self.homes.pop(name))
        leaving = asyncio.create_task(self._left(work))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def _left(self, work: Awaitable[None]) -> None:
        try:
            await work
            await self._store.redis.publish(keys.WAKE, "owners")
        except UNREACHABLE as error:
            _log.warning("could not give back what was owned (%s)", type(error).__name__)

    async def _leave_intake(self, loop: IntakeLoop, task: asyncio.Task[None]) -> None:
        loop.stop()
        await cancelled(task)
        await loop.lease.release(forget=self._forget)

    async def _leave_home(self, home: Home, tasks: list[asyncio.Task[None]]) -> None:
        home.close()
        try:
            with contextlib.suppress(TimeoutError, LeaseLost):
                async with asyncio.timeout(DRAIN + FINISHES_WITHIN):
                    await self._landed(home)
            await home.finish(within=FINISHES_WITHIN)
        finally:
            home.abandon()
            await cancelled(*tasks)
        await home.release(forget=self._forget)

    async def _landed(self, home: Home) -> None:
        """Wait until nothing is in flight; prolong the lease, or what is in flight comes again.

        Raises LeaseLost.
        """
        landed = asyncio.create_task(home.landed())
        try:
            while not (await asyncio.wait([landed], timeout=self.pause))[0]:
                with contextlib.suppress(*UNREACHABLE):
                    await home.lease.renew()
        finally:
            landed.cancel()

    async def _forget_home(self, name: str) -> None:
        home, tasks = self.homes.pop(name)
        home.abandon()
        await cancelled(*tasks)
        with contextlib.suppress(*UNREACHABLE):
            await home.release()

    async def _forget_intake(self, name: str) -> None:
        loop, task = self.intakes.pop(name)
        await cancelled(task)
        with contextlib.suppress(*UNREACHABLE):
            await loop.lease.release()


async def cancelled(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait until they are gone, whatever they end with.

    Who waits here can be cancelled as well: awaiting a task would take the one for the other.
    """
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
    for task in tasks:
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, (LeaseLost, *UNREACHABLE)):
            _log.error("what was being ended failed with %s", type(error).__name__)
