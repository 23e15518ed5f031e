"""Back-pressure: while the store or a queue is full, nothing more is taken in; all else goes on.

What is in the public queue stays there, what is in the lanes is delivered and makes room. The hold
of the intake stands among the others, so that `router status` and announcements show what workers
act on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.observe.reasons import HoldReason
from router.store.holds import Hold

if TYPE_CHECKING:
    from collections.abc import Mapping

STOP_AT = 0.9
"""Share of the store's `maxmemory` from which nothing more is taken in."""
GO_ON_AT = 0.8
"""Share below which it is taken in again: apart, or the intake would flutter."""


def intake_hold(
    hold: Hold | None, fullness: float, fills: Mapping[str, float], now_ms: int
) -> Hold | None:
    """Return what holds the intake from now on; an operator's pause stays as it is.

    `fills` is, by destination, the share of its bound that a queue has which the intake waits for.
    """
    if hold is not None and hold.state == "paused":
        return hold
    reason = _reason(hold.reason if hold else "", fullness, fills)
    if hold is not None and hold.reason == reason:
        return hold
    return Hold("held", reason, now_ms) if reason else None


def _reason(before: str, fullness: float, fills: Mapping[str, float]) -> str | None:
    """Return why to hold; a reason that was there stays until there is room again."""
    if fullness >= STOP_AT or (before == HoldReason.STORE_FULL and fullness > GO_ON_AT):
        return HoldReason.STORE_FULL.value
    full = {f"{HoldReason.QUEUE_FULL}.{name}": fill for name, fill in fills.items()}
    if full.get(before, 0.0) > GO_ON_AT:
        return before
    return next((reason for reason, fill in full.items() if fill >= 1), None)
