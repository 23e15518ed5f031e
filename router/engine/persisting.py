"""Persisting: work that the store's absence interrupts is begun again when the store is back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from router.store.connection import REFUSING, UNREACHABLE, hiccups
from router.store.trouble import trouble

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from router.store.store import Store

_log = logging.getLogger("router.engine")

REFUSED_WAIT = 1.0
"""Seconds until a store that answers and takes nothing (it is full) is asked again."""


async def persistently(
    step: Callable[[], Awaitable[None]], store: Store, *, stopping: Callable[[], bool]
) -> None:
    """Do a step, and again after the store was away; return when it returns, or at a stop."""
    while True:
        try:
            await step()
        except UNREACHABLE as error:
            if stopping():
                return
            _log.warning("the store %s; waiting", trouble(error))
            if isinstance(error, REFUSING):
                await asyncio.sleep(REFUSED_WAIT)
            await _back(store, stopping)
        else:
            return


async def _back(store: Store, stopping: Callable[[], bool]) -> None:
    while not stopping():
        with contextlib.suppress(*UNREACHABLE):
            async for asking in hiccups(within=5.0):
                with asking:
                    await store.ping()
                    return
