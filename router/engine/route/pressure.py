"""Back-pressure: while the store is nearly full, nothing more is taken in; all else goes on.

What is in the queue stays there, what is in the lanes is delivered and makes room. The hold of the
intake stands among the others, so that `router status` and announcements show what workers act on.
"""

from __future__ import annotations

from router.observe.reasons import HoldReason
from router.store.holds import Hold

STOP_AT = 0.9
"""Share of the store's `maxmemory` from which nothing more is taken in."""
GO_ON_AT = 0.8
"""Share below which it is taken in again: apart, or the intake would flutter."""


def intake_hold(hold: Hold | None, fullness: float, now_ms: int) -> Hold | None:
    """Return what holds the intake from now on; an operator's pause stays as it is."""
    if hold is not None and hold.reason != HoldReason.STORE_FULL:
        return hold
    if fullness >= STOP_AT:
        return hold or Hold("held", HoldReason.STORE_FULL, now_ms)
    return hold if fullness > GO_ON_AT else None
