"""The engine in a thread of its own, with an event loop of its own, beside Celery's main thread."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING, Any

import uvloop

from router.engine.engine import Engine
from router.store.connection import UNREACHABLE, StoreError
from router.store.embedded import StoreUnavailable
from router.store.opening import WrongFormat, open_store
from router.store.rights import check_rights
from router.store.trouble import trouble
from router.worker.owner import give_back, owner
from router.worker.watchdog import watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.config import Config
    from router.store.store import Store
    from router.worker.configured import Configured

ASK_AGAIN = 1.0
"""Seconds between two attempts to reach a store that does not answer."""

STILL_AT_LEAST = 15.0
"""Seconds that an engine may stand still, whatever its lease: two leases, but no less."""

_log = logging.getLogger(__name__)


async def run_engine(
    configured: Configured, stop: asyncio.Event, started: Callable[[Engine], None] = lambda _: None
) -> None:
    """Open the store, as soon as it answers, and run engines until `stop` is set.

    One after the other: an engine ends when its configuration is outdated, the next goes on.
    Raises StoreUnavailable, WrongFormat, and what is a bug.
    """
    async with AsyncExitStack() as stack:
        store = await _opened(configured.config, stop, stack)
        if store is None:
            return
        while not stop.is_set():
            config = configured.config
            engine = Engine(config, store, owner(), watch=configured)
            _log.info("works with configuration %s", config.digest)
            started(engine)
            try:
                await engine.run(stop)
            finally:
                with suppress(*UNREACHABLE):
                    await give_back(store, engine.owner, config.queue)


async def _opened(config: Config, stop: asyncio.Event, stack: AsyncExitStack) -> Store | None:
    while not stop.is_set():
        try:
            store = await stack.enter_async_context(open_store(config))
            await check_rights(store.scripts, (config.queue.stream, config.queue.list))
        except (*UNREACHABLE, StoreError) as error:  # it may be mended, or be another one soon
            _log.warning("the store %s; asking again", trouble(error, config.redis))
            await stack.aclose()
        else:
            return store
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), ASK_AGAIN)
    return None


class EngineThread:
    """An engine's life: `start`, `stop` (from any thread or signal handler), `join`.

    `died` is called, in the thread, when the engine ends without having been asked to.
    """

    def __init__(self, configured: Configured, died: Callable[[], None]) -> None:
        self._configured = configured
        self._died = died
        self._thread = threading.Thread(target=self._main, name="engine", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._told = False
        self._engine: Engine | None = None

    def start(self) -> None:
        """Start it; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Ask it to start nothing new, to wait for what is open, and to give all back."""
        self._told = True
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: it has ended
                self._loop.call_soon_threadsafe(self._stop.set)

    def join(self, within: float) -> bool:
        """Wait until it has ended; tells whether it has."""
        self._thread.join(within)
        return not self._thread.is_alive()

    def facts(self, within: float = 1.0) -> dict[str, Any]:
        """Return what the engine says of itself, asked in its own thread."""
        engine, loop = self._engine, self._loop
        if engine is None or loop is None or not self._thread.is_alive():
            return {"state": "starting" if self._thread.is_alive() else "ended"}

        async def ask() -> dict[str, Any]:
            return engine.facts()

        answer = asyncio.run_coroutine_threadsafe(ask(), loop)
        return answer.result(within)

    def _main(self) -> None:
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(self._run())
        except (StoreUnavailable, WrongFormat) as error:
            _log.critical("%s", error)
        except BaseException:  # noqa: BLE001 - whatever it was, the process must not live on idle
            _log.critical("the engine failed", exc_info=True)
        if not self._told:
            self._died()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        if self._told:
            self._stop.set()
        lease = self._configured.config.worker.lease.total_seconds()
        watch(self._loop, max(2 * lease, STILL_AT_LEAST))
        await run_engine(self._configured, self._stop, self._started)

    def _started(self, engine: Engine) -> None:
        self._engine = engine
