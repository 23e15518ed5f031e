"""The deadline of a stop: whatever hangs, a process that was asked to end does end."""

from __future__ import annotations

import logging
import os
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

DRAIN = 8.5
"""Seconds that the engine has: it waits up to 8 s for open requests, then settles."""
END = 9.3
"""Seconds after which the process ends whatever it is doing."""

_log = logging.getLogger(__name__)
_armed = threading.Event()


def arm(status: int, before: Callable[[], None] | None = None) -> None:
    """End this process within `END` seconds with an exit status; the first call counts.

    `before` is called just before that: children of a pool must not be left behind.
    """
    if _armed.is_set():
        return
    _armed.set()
    timer = threading.Timer(END, _end, (status, before))
    timer.name = "deadline"
    timer.daemon = True
    timer.start()


def ignore_more() -> None:
    """Let further SIGTERMs pass: Python gives signals back their deadly default before it ends."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _end(status: int, before: Callable[[], None] | None) -> None:
    try:
        _log.warning("this worker did not stop by itself in %g s; ending it", END)
        if before:
            before()
    finally:
        os._exit(status)
