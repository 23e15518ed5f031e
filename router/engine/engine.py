"""The engine of one worker process: owns intakes and shards, routes and delivers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import time
from typing import TYPE_CHECKING, Any

from router.engine.assembly import assemble
from router.engine.home import Home
from router.engine.intake_loop import IntakeLoop
from router.engine.ownership import INTAKES, assigned
from router.store import keys
from router.store.connection import UNREACHABLE, hiccups
from router.store.leases import LeaseLost

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx

    from router.config.model import Config
    from router.store.leases import Lease
    from router.store.store import Store

_log = logging.getLogger("router.engine")

DRAIN = 8.0
"""Seconds that a stop waits for what is in flight; the rest is abandoned as unknown."""


class Engine:
    """Everything that one worker process does, on one event loop."""

    def __init__(
        self,
        config: Config,
        store: Store,
        owner: str,
        *,
        transport: Callable[[str], httpx.AsyncBaseTransport] | None = None,
    ) -> None:
        self.owner = owner
        self._config = config
        self._store = store
        self._lease = config.worker.lease
        self._parts = assemble(config, store, owner, transport)
        self._lanes = {part.lane: part for part in self._parts.dispatchers}
        self._homes: dict[str, tuple[Home, list[asyncio.Task[None]]]] = {}
        self._intakes: dict[str, tuple[IntakeLoop, asyncio.Task[None]]] = {}
        self._tick_now = asyncio.Event()
        self._stopping = False

    def facts(self) -> dict[str, Any]:
        """Return what this process is and owns: for `status` and `celery inspect engine`."""
        return {
            "owner": self.owner,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "config": self._config.digest,
            "intakes": sorted(self._intakes),
            "shards": sorted(int(name) for name in self._homes),
            "in_flight": {part.name: part.in_flight for part in self._parts.dispatchers},
        }

    async def run(self, stop: asyncio.Event) -> None:
        """Own and work until `stop` is set, then drain, give everything back, and return."""
        tasks = [
            asyncio.create_task(self._forever(self._keep_owning)),
            asyncio.create_task(self._forever(self._listen)),
            *(
                asyncio.create_task(self._forever(part.work))
                for part in self._parts.dispatchers
                for _ in range(part.concurrency)
            ),
        ]
        stopped = asyncio.create_task(stop.wait())
        try:
            done, _ = await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
            for task in done - {stopped}:
                task.result()
        finally:
            stopped.cancel()
            await self._stop(tasks)

    async def _forever(self, step: Callable[[], Awaitable[None]]) -> None:
        """Run a part again after the store was away; return when it returns."""
        while True:
            try:
                await step()
            except UNREACHABLE as error:
                if self._stopping:
                    return
                _log.warning("the store does not answer (%s); waiting", type(error).__name__)
                await self._reachable()
            else:
                return

    async def _reachable(self) -> None:
        while not self._stopping:
            with contextlib.suppress(*UNREACHABLE):
                async for asking in hiccups(within=5.0):
                    with asking:
                        await self._store.ping()
                        return

    # Ownership -------------------------------------------------------------------------------

    async def _keep_owning(self) -> None:
        """Say that we live, prolong what we own, take and give back, four times a lease."""
        pause = self._lease.total_seconds() / 4
        while not self._stopping:
            self._tick_now.clear()
            living = await self._store.members.heartbeat(self.owner, self._lease, self.facts())
            await self._renew()
            await self._look_at_holds()
            await self._take_share(assigned(self.owner, living, self._store.shards))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._tick_now.wait()

    async def _renew(self) -> None:
        for name, (home, tasks) in list(self._homes.items()):
            if not await self._renewed(home.lease) or any(task.done() for task in tasks):
                await self._forget_home(name)
        for name, (loop, task) in list(self._intakes.items()):
            if not await self._renewed(loop.lease) or task.done():
                await self._forget_intake(name)

    async def _renewed(self, lease: Lease) -> bool:
        try:
            await lease.renew()
        except LeaseLost:
            _log.warning("lost the lease on %s", lease.name)
            return False
        return True

    async def _take_share(self, wanted: list[str]) -> None:
        given = [name for name in (*self._intakes, *self._homes) if name not in wanted]
        for name in given:
            await self._give_back(name)
        for name in wanted:
            if name not in self._homes and name not in self._intakes and not self._stopping:
                lease = self._store.lease(name, self.owner, self._lease)
                if await lease.acquire():
                    self._begin(name, lease)

    def _begin(self, name: str, lease: Lease) -> None:
        if name in INTAKES:
            public = self._config.queue.stream if name == "stream" else self._config.queue.list
            loop = IntakeLoop(
                self._store.intake(name, public), lease, self._parts.router, self._parts.marks
            )
            task = asyncio.create_task(self._guarded(loop.run()))
            self._intakes[name] = (loop, task)
            return
        home = Home(self._store, int(name), lease, self._lanes)
        tasks = [
            asyncio.create_task(self._guarded(home.read())),
            asyncio.create_task(self._guarded(home.write())),
        ]
        self._homes[name] = (home, tasks)

    async def _guarded(self, work: Awaitable[None]) -> None:
        """Do the work of something owned; when it ends badly, the next tick takes it up again."""
        try:
            await work
        except LeaseLost:
            _log.warning("another worker took over what this one owned")
        except UNREACHABLE as error:
            _log.warning("the store does not answer (%s)", type(error).__name__)
        self._tick_now.set()

    async def _give_back(self, name: str) -> None:
        """Finish what is in hand, then let another worker have it at once."""
        if name in self._intakes:
            loop, task = self._intakes.pop(name)
            loop.stop()
            await _cancelled(task)
            await loop.lease.release()
            return
        home, tasks = self._homes.pop(name)
        home.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN):
                await home.landed()
        await home.finish(within=2.0)
        home.abandon()
        for task in tasks:
            await _cancelled(task)
        await home.release()
        await self._store.redis.publish(keys.WAKE, "owners")

    async def _forget_home(self, name: str) -> None:
        home, tasks = self._homes.pop(name)
        home.abandon()
        for task in tasks:
            await _cancelled(task)
        with contextlib.suppress(*UNREACHABLE):
            await home.release()

    async def _forget_intake(self, name: str) -> None:
        loop, task = self._intakes.pop(name)
        await _cancelled(task)
        with contextlib.suppress(*UNREACHABLE):
            await loop.lease.release()

    # News ------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        """Pass on what the store's scripts announce; what is missed, the next tick makes up."""
        async with self._store.redis.pubsub() as announcements:
            await announcements.subscribe(keys.WAKE)
            self._notice_all()
            while not self._stopping:
                message = await announcements.get_message(
                    ignore_subscribe_messages=True, timeout=1.0
                )
                if message is not None:
                    await self._announced(message["data"].decode())

    async def _announced(self, news: str) -> None:
        if news == "holds":
            await self._look_at_holds()
        elif news == "owners":
            self._tick_now.set()
        else:
            for name in news.split(","):
                if name in self._homes:
                    self._homes[name][0].notice()

    def _notice_all(self) -> None:
        for home, _ in self._homes.values():
            home.notice()

    async def _look_at_holds(self) -> None:
        holds = await self._store.holds.all()
        held_ms = await self._store.holds.held_ms()
        now_ms = int(time.time() * 1000)
        for part in self._parts.dispatchers:
            hold = holds.get(part.name)
            ended = held_ms.get(part.name, 0)
            part.set_hold(hold, ended + (now_ms - hold.since if hold else 0))

    # Stopping --------------------------------------------------------------------------------

    async def _stop(self, tasks: list[asyncio.Task[None]]) -> None:
        self._stopping = True
        for part in self._parts.dispatchers:
            part.stop()
        for loop, _ in self._intakes.values():
            loop.stop()
        owning, listening, *workers = tasks
        await _cancelled(owning)
        await _cancelled(listening)
        _, late = await asyncio.wait(workers, timeout=DRAIN)
        for task in late:
            await _cancelled(task)
        for name in [*self._intakes, *self._homes]:
            with contextlib.suppress(LeaseLost, *UNREACHABLE):
                await self._give_back(name)
        await self._parts.close()


async def _cancelled(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait until it is gone."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError, LeaseLost, *UNREACHABLE):
        await task
