"""The wall clock of a process that a test sets: it jumps by hours, as a machine's own may."""

from __future__ import annotations

import mmap
import struct
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VARIABLE = "ROUTER_FAULT_CLOCK"
_SECONDS = struct.Struct("d")


class Clock:
    """How far the clocks of some processes are ahead: a file that all of them look into."""

    def __init__(self, file: Path) -> None:
        self.environ = {VARIABLE: str(file)}
        self._file = file
        self.jump(0)

    def jump(self, hours: float) -> None:
        """Let the clocks be so many hours ahead of the true time from now on."""
        with self._file.open("r+b" if self._file.exists() else "w+b") as file:
            file.write(_SECONDS.pack(hours * 3600))


def bend(environ: Mapping[str, str]) -> None:
    """Let this process tell the time of a `Clock`, if the environment names one."""
    if VARIABLE not in environ:
        return
    true = time.time
    with open(environ[VARIABLE], "rb") as file:  # noqa: PTH123 - mapped, and closed
        ahead = mmap.mmap(file.fileno(), _SECONDS.size, access=mmap.ACCESS_READ)

    def bent() -> float:
        return true() + float(_SECONDS.unpack_from(ahead)[0])

    time.time = bent
