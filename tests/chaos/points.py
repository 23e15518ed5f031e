"""The named fault points: every step boundary at which a process may die, in the order of work.

Those of the store are read from its scripts, so that none is forgotten when one is added.
"""

from __future__ import annotations

from pathlib import Path

import router.store

STORE = sorted(file.stem for file in (Path(router.store.__file__).parent / "scripts").glob("*.lua"))
"""The store's atomic steps."""

MOMENTS = ("before", "cut", "after")
"""Before a step is asked for; when it was asked for and no reply was read; when it is done."""

LEAVING = frozenset({"release", "evict"})
"""What a worker does when it is told to end."""

BY_OPERATORS = {
    "abandon": "drop what waits for a destination that left",
    "discard": "drop dead letters",
    "drop": "drop what lies on the shelf",
    "jot": "write down what was done",
    "ledger": "look at the status",
    "replay": "send dead letters again",
    "requeue": "route again what lies on the shelf",
    "reroute": "decide anew about dead letters",
}
"""What only a command does, and which one."""

OUTSIDE = ("attempt.before", "request.before", "request.cut", "request.after",
           "send.before", "send.after", "attempt.after")  # fmt: skip
"""The steps of an attempt: the request to a vendor, or an adapter's own sending."""

AT_WORK = (
    *(f"{step}.{moment}" for step in STORE if step not in BY_OPERATORS and step not in LEAVING
      for moment in MOMENTS),
    *OUTSIDE,
    *(f"{step}.{moment}" for step in sorted(LEAVING) for moment in MOMENTS),
)  # fmt: skip
"""All fault points that a worker passes; leaving comes last."""

BY_COMMAND = tuple(f"{step}.{moment}" for step in BY_OPERATORS for moment in MOMENTS)
"""All fault points that only commands pass."""


def step_of(point: str) -> str:
    """Return the step whose boundary a point is."""
    return point.partition(".")[0]
