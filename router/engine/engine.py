"""The engine of one worker process: owns intakes and shards, routes and delivers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import time
from typing import TYPE_CHECKING, Any, Protocol

from router.engine.assembly import assemble
from router.engine.hold.intake import intake_is_held
from router.engine.holdings import DRAIN, Holdings, cancelled
from router.engine.ownership import INTAKES, assigned
from router.engine.persisting import persistently
from router.observe.reserved import INTAKE
from router.store import keys
from router.store.dictionaries import FORMAT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx

    from router.config.sections.whole import Config
    from router.store.holds import Hold
    from router.store.store import Store

_log = logging.getLogger("router.engine")


class Watch(Protocol):
    """Knows whether the configuration is still the one that the operator wants."""

    problem: str
    """Why it is not, if so."""

    def outdated(self, reloads: int) -> bool:
        """Look again if more reloads were asked for than before; tells whether it changed."""


class Engine:
    """Everything that one worker process does, on one event loop, with one configuration."""

    def __init__(
        self,
        config: Config,
        store: Store,
        owner: str,
        *,
        transport: Callable[[str], httpx.AsyncBaseTransport] | None = None,
        watch: Watch | None = None,
    ) -> None:
        self.owner = owner
        self._watch = watch
        self._outdated = asyncio.Event()
        self._hold_news = asyncio.Event()
        self._config = config
        self._store = store
        self._lease = config.worker.lease
        self._parts = assemble(config, store, owner, transport)
        self._tick_now = asyncio.Event()
        self._holdings = Holdings(config, store, owner, self._parts, ended=self._tick_now.set)
        self._announces = False
        self._stopping = False

    def facts(self) -> dict[str, Any]:
        """Return what this process is and owns: for `status` and `celery inspect engine`."""
        return {
            "owner": self.owner,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "config": self._config.digest,
            "lanes": self._config.lanes,
            "format": FORMAT,
            "problem": self._watch.problem if self._watch else "",
            "intakes": sorted(self._holdings.intakes),
            "shards": sorted(int(name) for name in self._holdings.homes),
            "in_flight": {part.name: part.in_flight for part in self._parts.dispatchers},
            "parked": {part.name: part.parked for part in self._parts.dispatchers if part.parked},
            "stuck": self._parts.stuck(),
        }

    async def run(self, stop: asyncio.Event) -> None:
        """Own and work until `stop` is set, or the configuration is outdated.

        Then drain, give everything back, and return.
        """
        steps = (self._keep_owning, self._listen, self._announce, self._follow, self._learn)
        keeping = [asyncio.create_task(self._persistently(step)) for step in steps]
        working = [
            asyncio.create_task(self._persistently(part.work))
            for part in self._parts.dispatchers
            for _ in range(part.concurrency)
        ]
        ends = [asyncio.create_task(stop.wait()), asyncio.create_task(self._outdated.wait())]
        try:
            tasks = [*ends, *keeping, *working]
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done.difference(ends):
                task.result()
        finally:
            for end in ends:
                end.cancel()
            await self._stop(keeping, working)

    async def _persistently(self, step: Callable[[], Awaitable[None]]) -> None:
        await persistently(step, self._store, stopping=lambda: self._stopping)

    # Ownership -------------------------------------------------------------------------------

    async def _keep_owning(self) -> None:
        """Say that we live, prolong what we own, take and give back, four times a lease.

        Whatever news got lost meanwhile, holds and lanes are looked at as well.
        """
        if policy := await self._store.evicts():
            _log.warning(
                "the store drops keys when full (%s): set maxmemory-policy noeviction", policy
            )
        while not self._stopping:
            self._tick_now.clear()
            if await self._is_outdated():
                return
            living = await self._store.members.heartbeat(self.owner, self._lease, self.facts())
            wanted = assigned(self.owner, living, self._store.shards)
            self._announces = "stream" in wanted  # held or not: a full store is news, too
            await self._holdings.renew()
            holds = await self._look_at_holds()
            self._holdings.notice()
            if await intake_is_held(self._store, self._parts.queues, holds.get(INTAKE)):
                wanted = [name for name in wanted if name not in INTAKES]
            await self._holdings.take(wanted)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._holdings.pause):
                    await self._tick_now.wait()

    # News ------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        """Pass on what the store's scripts announce; what is missed, the next tick makes up."""
        async with self._store.redis.pubsub() as announcements:
            await announcements.subscribe(keys.WAKE)
            self._holdings.notice()
            while not self._stopping:
                message = await announcements.get_message(
                    ignore_subscribe_messages=True, timeout=1.0
                )
                if message is not None:
                    await self._announced(message["data"].decode())

    async def _announced(self, news: str) -> None:
        if news == "holds":
            await self._look_at_holds()
        elif news in ("owners", "reload"):
            self._tick_now.set()
        else:
            self._holdings.notice(news.split(","))

    async def _is_outdated(self) -> bool:
        if self._watch and self._watch.outdated(await self._store.members.reloads()):
            _log.warning("the configuration has changed: ending what is open, then going on")
            self._outdated.set()
        return self._outdated.is_set()

    async def _announce(self) -> None:
        """Announce what is new about holds, if that is this process's share; look at each news."""
        while not self._stopping:
            await self._hold_news.wait()
            self._hold_news.clear()
            if self._parts.announcer is not None and self._announces:
                await self._parts.announcer.look(int(time.time() * 1000))

    async def _follow(self) -> None:
        """Pack what is routed as all workers do."""
        await self._parts.packing.follow(self._store)

    async def _learn(self) -> None:
        """Pack what is routed better with time."""
        await self._parts.packing.learn(self._store)

    async def _look_at_holds(self) -> dict[str, Hold]:
        """Let every destination know its hold; returns all holds."""
        for part in self._parts.dispatchers:
            await part.tell_hold()
        asked_at = time.monotonic()
        holds = await self._store.holds.all()
        held_ms = await self._store.holds.held_ms()
        for part in self._parts.dispatchers:
            part.set_hold(holds.get(part.name), held_ms.get(part.name, 0), asked_at=asked_at)
        self._hold_news.set()
        return holds

    # Stopping --------------------------------------------------------------------------------

    async def _stop(
        self, keeping: list[asyncio.Task[None]], working: list[asyncio.Task[None]]
    ) -> None:
        self._stopping = True
        for part in self._parts.dispatchers:
            part.stop()
        await cancelled(*keeping)
        self._holdings.give_all_back()
        await asyncio.wait(working, timeout=DRAIN)
        await cancelled(*working)
        await self._holdings.gone()
        await self._parts.close()
