"""Which tests may run beside which: the schedule of parallel runs.

Files whose tests start many processes share one of the parallel workers, so that they never
compete with each other for the machine; every other file goes where there is room.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("mark.system", "mark.chaos")


class Schedule(LoadScopeScheduling):  # type: ignore[misc] # xdist publishes no types
    """Gives files to workers, all the heavy ones to the same."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid.partition("::")[0])


@cache
def scope_of(file: str) -> str:
    """Return the name under which all of a file's tests stay together."""
    source = ROOT / file
    text = source.read_text("utf-8") if source.is_file() else ""
    return "heavy" if any(mark in text for mark in HEAVY) else file
