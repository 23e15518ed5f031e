"""Waiting for a process to be gone: a child of ours, or of somebody who has left."""

from __future__ import annotations

import contextlib
import os
import signal
import time


def wait_gone(pid: int, within: float) -> None:
    """Return when the process has ended; kill it after so many seconds."""
    until = time.monotonic() + within
    while _exists(pid):
        if time.monotonic() >= until:
            with contextlib.suppress(ProcessLookupError):  # it may end just now
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)


def _exists(pid: int) -> bool:
    try:
        finished, _ = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        finished = 0
    if finished == pid:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, and there
        pass
    return True
