"""The operators' tasks: identifiers only, each may come twice or be lost.

============================  ==========================================================
task                          what it does
============================  ==========================================================
router.pause(name, reason)    hold a destination until it is resumed
router.resume(name, reason)   end a destination's hold or pause
router.probe(name, reason)    try a held destination now
router.reload(reason)         let every worker read its configuration again
router.replay(ids, reason)    send dead letters again, as far as they may go now
router.discard(ids, reason)   drop dead letters for good
============================  ==========================================================

`celery -A router call router.pause --args '["hook", "vendor asked"]'`. The command line does
the same deeds, in `router.operations`: these are for those who already have Celery at hand. Of
whoever calls, the audit knows the process that Celery names. Only `discard` wants a reason.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Protocol

from router.dead.replay import Replay
from router.operations import destinations, letters, reloading
from router.operations.letters import Ids
from router.operations.signature import Signature, now_ms
from router.store.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from router.config import Config
    from router.store.store import Store
    from router.worker.configured import Configured

_log = logging.getLogger(__name__)


class Called(Protocol):
    """The task as Celery binds it: its request says where the call came from."""

    request: Any


class Tasks:
    """The tasks, with the configuration of now; each is bound to its call."""

    def __init__(self, configured: Configured) -> None:
        self._configured = configured

    @property
    def _config(self) -> Config:
        return self._configured.config

    def pause(self, call: Called, name: str, reason: str = "") -> None:
        """Hold a destination until it is resumed."""
        self._on_destination("pause", destinations.pause, name, _signature(call, reason))

    def resume(self, call: Called, name: str, reason: str = "") -> None:
        """End whatever holds a destination."""
        self._on_destination("resume", destinations.resume, name, _signature(call, reason))

    def probe(self, call: Called, name: str, reason: str = "") -> None:
        """Try a held destination now."""
        self._on_destination("probe", destinations.probe, name, _signature(call, reason))

    def reload(self, call: Called, reason: str = "") -> None:
        """Let every worker read its configuration again."""
        signed = _signature(call, reason)

        async def done() -> None:
            async with open_store(self._config) as store:
                await reloading.reload(store, signed)

        asyncio.run(done())

    def replay(self, call: Called, ids: Sequence[str], reason: str = "") -> None:
        """Send dead letters again, as far as they may go now."""
        asyncio.run(self._replay(_ids(ids), _signature(call, reason)))

    def discard(self, call: Called, ids: Sequence[str], reason: str) -> None:
        """Drop dead letters for good."""
        asyncio.run(self._discard(_ids(ids), _signature(call, reason)))

    def _on_destination(
        self,
        task: str,
        deed: Callable[[Store, str, Signature], Awaitable[object]],
        name: str,
        signed: Signature,
    ) -> None:
        if name not in self._config.destinations:
            _log.warning("%s: there is no such destination", task)
            return

        async def done() -> object:
            async with open_store(self._config) as store:
                return await deed(store, name, signed)

        _log.info("%s: %s", task, "1 changed" if asyncio.run(done()) else "no change")

    async def _replay(self, wanted: Ids, signed: Signature) -> None:
        config = self._config
        by = letters.forecaster(config)
        async with open_store(config) as store:
            how = Replay(store, by, config.queue.stream, now_ms())
            tally = await letters.replay(how, wanted, signed)
        outcomes = (f"{times} {outcome}" for outcome, times in tally.by_forecast().items() if times)
        _log.info("replay: %s", ", ".join(outcomes) or "no change")

    async def _discard(self, wanted: Ids, signed: Signature) -> None:
        async with open_store(self._config) as store:
            gone = await letters.discard(store, wanted, signed)
        _log.info("discard: %s", f"{gone.total()} discarded" if gone.total() else "no change")


def tasks(configured: Configured) -> dict[str, Callable[..., None]]:
    """Return the tasks by their Celery names, to be registered with `bind`."""
    made = Tasks(configured)
    works = (made.pause, made.resume, made.probe, made.reload, made.replay, made.discard)
    return {f"router.{work.__name__}": _function(work) for work in works}


def _function(work: Callable[..., None]) -> Callable[..., None]:
    """Return a method as a function: Celery binds no method."""

    def task(call: Called, *args: Any, **named: Any) -> None:
        work(call, *args, **named)

    return task


def _signature(call: Called, reason: str) -> Signature:
    return Signature(f"celery {call.request.origin or 'unknown'}", reason)


def _ids(ids: Sequence[object]) -> Ids:
    return Ids(tuple(map(str, ids)))
