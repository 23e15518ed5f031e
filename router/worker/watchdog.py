"""The watchdog: a process whose event loop stands still ends, so that others take up its work.

An adapter that never returns holds every destination of its process, and nobody is told. What it
was at is then in flight in a process that died: see `router.engine.care`.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

STUCK = 71
"""The exit status of a process that stood still: whoever supervises it starts it again."""
LOOKS = 15
"""So many looks in a row find the loop where it was, at least, before the process ends."""

_log = logging.getLogger(__name__)


def watch(
    loop: asyncio.AbstractEventLoop,
    patience: float,
    *,
    end: Callable[[], None] = lambda: os._exit(STUCK),
) -> threading.Thread:
    """Call `end` when the loop has not come to what it was asked for `patience` seconds.

    It looks more often than that, in a thread of its own: a process that was frozen as a whole
    misses one look, not all. Ends with the loop.
    """
    thread = threading.Thread(target=_watch, args=(loop, patience, end), daemon=True)
    thread.name = "watchdog"
    thread.start()
    return thread


def _watch(loop: asyncio.AbstractEventLoop, patience: float, end: Callable[[], None]) -> None:
    came = threading.Event()
    missed = 0
    while missed < LOOKS:
        try:
            loop.call_soon_threadsafe(came.set)
        except RuntimeError:  # the loop is closed
            return
        time.sleep(patience / LOOKS)
        missed = 0 if came.is_set() else missed + 1
        came.clear()
    _log.critical("the engine has stood still for %g s: this worker ends", patience)
    faulthandler.dump_traceback()
    end()
