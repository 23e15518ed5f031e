"""The lifeline: a worker that `router run` started ends when its parent is gone.

The parent holds the other end of the worker's standard input. However the parent dies, the
operating system closes it, and the worker stops as on SIGTERM.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading

VARIABLE = "ROUTER_LIFELINE"
"""Set by the parent: standard input is a lifeline."""

_log = logging.getLogger(__name__)


def hold() -> bool:
    """Watch the lifeline, if there is one; tells whether there is."""
    if not os.environ.get(VARIABLE):
        return False
    threading.Thread(target=_watch, name="lifeline", daemon=True).start()
    return True


def _watch() -> None:
    try:
        while os.read(sys.__stdin__.fileno() if sys.__stdin__ else 0, 1):
            pass
    except OSError:
        pass
    _log.warning("the process that started this worker is gone; stopping")
    os.kill(os.getpid(), signal.SIGTERM)
