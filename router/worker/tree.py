"""The process tree of `router run`: the embedded store, if configured, and the workers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import IO, TYPE_CHECKING

from router.store.connection import UNREACHABLE, StoreError, connect
from router.store.embedded import EmbeddedStore, StoreUnavailable
from router.store.opening import open_store
from router.worker.broker import check_broker
from router.worker.child import Child
from router.worker.owner import give_back, marked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from router.config import Config

LOOK = 1.0
"""Seconds between two looks at the embedded store."""
READY = 0.2

_log = logging.getLogger("router.run")


class Tree:
    """Everything that `router run` starts. `ready` is called once all workers own and work."""

    def __init__(
        self,
        config: Config,
        file: Path,
        *,
        level: str = "INFO",
        ready: Callable[[], None] = lambda: None,
        output: IO[bytes] | None = None,
    ) -> None:
        self._config = config
        self._ready = ready
        self.store = config.redis
        self.children = [
            Child(f"w{number + 1}", file.absolute(), level, self._died, output)
            for number in range(config.worker.processes)
        ]

    async def run(self, stop: asyncio.Event) -> None:
        """Keep the store and the workers running until `stop` is set, then end them.

        Raises StoreUnavailable when the embedded store does not start, or TLS lacks a file, and
        ConfigError for a broker that no worker could speak to.
        """
        check_broker(self._config)
        embedded = EmbeddedStore(self._config.data) if self._config.redis == "embedded" else None
        if embedded:
            self.store = await asyncio.to_thread(embedded.attach)
        else:
            await connect(self.store).aclose()  # files of TLS are read here, not in each worker
        beside = [asyncio.create_task(self._announce())]
        if embedded:
            beside.append(asyncio.create_task(self._keep(embedded)))
        try:
            await asyncio.gather(*(child.keep(stop) for child in self.children))
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            if embedded:
                await asyncio.to_thread(embedded.leave)

    async def _keep(self, embedded: EmbeddedStore) -> None:
        while True:
            await asyncio.sleep(LOOK)
            try:
                if await asyncio.to_thread(embedded.revive):
                    _log.warning("the embedded store had ended; started it again")
            except StoreUnavailable as error:
                _log.error("%s; trying again", error)

    async def _announce(self) -> None:
        """Call `ready` once each worker has said in the store that it lives."""
        while True:
            with contextlib.suppress(*UNREACHABLE, StoreError):
                async with open_store(self._config) as store:
                    while not self._all_live(await store.members.all()):  # noqa: ASYNC110 - Redis says it
                        await asyncio.sleep(READY)
                    self._ready()
                    return
            await asyncio.sleep(LOOK)

    def _all_live(self, living: Iterable[str]) -> bool:
        return all(any(marked(name, child.mark) for name in living) for child in self.children)

    async def _died(self, mark: str) -> None:
        """Give back what a dead worker owned, so that nobody waits for its leases to end."""
        try:
            async with asyncio.timeout(LOOK * 5), open_store(self._config) as store:
                for name in await store.members.all():
                    if marked(name, mark):
                        await give_back(store, name, self._config.queue)
        except (StoreError, StoreUnavailable, OSError) as error:
            _log.warning("could not give back what it owned (%s)", type(error).__name__)
