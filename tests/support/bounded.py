"""Become another program that cannot outlive its time or the process that started it.

Run as `python bounded.py SECONDS PROGRAM ARGUMENT...`. The alarm survives the exec and ends the
program when its time is up; on Linux the kernel also kills it when its parent dies, so that a
test run which is killed leaves nothing behind.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Set both bounds, then become the program."""
    seconds, program = int(sys.argv[1]), sys.argv[2:]
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            raise SystemExit("the process that started this one is gone")
    signal.alarm(seconds)
    os.execvp(program[0], program)


if __name__ == "__main__":
    main()
