"""No orphans: a pool's children end when the worker that forked them has died."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from typing import Any

from billiard import active_children  # type: ignore[import-untyped]  # it has no types

LOOK = 0.5


def end_with_parent(**_: Any) -> None:
    """Watch, in a child of a pool, whether the parent still lives."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def kill_children() -> None:
    """Kill this process's pool, just before this process ends by force."""
    for child in active_children():
        with suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
