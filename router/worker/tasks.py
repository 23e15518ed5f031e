"""The operators' tasks: identifiers only, each may come twice or be lost.

============================  ==========================================================
task                          what it does
============================  ==========================================================
router.pause(name, reason)    hold a destination until it is resumed
router.resume(name)           end a destination's hold or pause
router.probe(name)            try a held destination now
router.replay(ids)            move dead letters back into their lanes
============================  ==========================================================

`celery -A router call router.pause --args '["hook", "vendor asked"]'`. What the command line
does it does by itself: these are for those who already have Celery at hand.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from router.store.holds import Hold
from router.store.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from router.config import Config
    from router.store.store import Store

OPERATOR = "operator"
LONGEST_REASON = 200

_log = logging.getLogger(__name__)


class Work(Protocol):
    """What a task does; returns how much it changed."""

    __name__: str

    async def __call__(self, store: Store, *args: Any) -> int:
        """Do it."""


async def pause(store: Store, name: str, reason: str = "") -> bool:
    """Hold a destination until it is resumed; a pause that is on keeps its beginning."""
    before = (await store.holds.all()).get(name)
    if before is not None and before.state == "paused":
        return False
    since = before.since if before else _now()
    hold = Hold("paused", reason[:LONGEST_REASON] or "paused", since, by=OPERATOR)
    return await store.holds.put(name, hold)


async def resume(store: Store, name: str) -> bool:
    """End whatever holds a destination."""
    return await store.holds.end(name, _now(), by=OPERATOR)


async def probe(store: Store, name: str) -> bool:
    """Try a held destination now; a pause stays."""
    hold = (await store.holds.all()).get(name)
    if hold is None or hold.state == "paused":
        return False
    return await store.holds.put(name, replace(hold, probe_at=_now(), by=OPERATOR))


async def replay(store: Store, ids: Sequence[str]) -> int:
    """Move dead letters back into their lanes; those that are gone are left out."""
    found = [await store.letters.get(str(each)) for each in ids]
    return await store.letters.replay([letter for letter in found if letter], _now())


def tasks(config: Config) -> dict[str, Callable[..., None]]:
    """Return the tasks by their Celery names."""
    works: tuple[Work, ...] = (pause, resume, probe, replay)
    return {f"router.{work.__name__}": _task(config, work) for work in works}


def _task(config: Config, work: Work) -> Callable[..., None]:
    def task(*args: Any) -> None:
        if work is not replay and args[0] not in config.destinations:
            _log.warning("%s: there is no such destination", work.__name__)
            return
        changed = asyncio.run(_done(config, work, args))
        _log.info("%s: %s", work.__name__, f"{int(changed)} changed" if changed else "no change")

    return task


async def _done(config: Config, work: Work, args: Sequence[Any]) -> int:
    async with open_store(config) as store:
        return await work(store, *args)


def _now() -> int:
    return time.time_ns() // 1_000_000
