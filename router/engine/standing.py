"""Where a destination stands: open, waiting out a hold, or to be probed; and what puts it there.

Pure: outcomes and times come in, a `Hold` to write or a `Permission` comes out.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TypeAlias

from router.engine.backoff import probe_wait
from router.observe.reasons import HoldReason
from router.store.holds import Hold

DOWN_AFTER = 10
"""Failed attempts in a row, of at least `DOWN_USERS` users, after which it counts as down."""
DOWN_USERS = 3
REFUSED_USERS = 3
"""Users in a row whose 403 or 404 say that not the event but the destination is wrong."""
REFUSING = frozenset({403, 404})
DOWN = HoldReason.UNAVAILABLE.value


@dataclass(frozen=True, slots=True)
class Open:
    """It takes deliveries."""


@dataclass(frozen=True, slots=True)
class Wait:
    """It takes none for so many seconds; None waits for somebody to say otherwise."""

    seconds: float | None


@dataclass(frozen=True, slots=True)
class Probe:
    """One delivery may be tried, by whoever claims the probe."""


@dataclass(frozen=True, slots=True)
class Expired:
    """A throttling is over; the hold is to be ended."""


Permission: TypeAlias = Open | Wait | Probe | Expired


def permission(hold: Hold | None, now_ms: int) -> Permission:
    """Return what a hold permits now."""
    if hold is None:
        return Open()
    if hold.probe_at is None or hold.state == "paused":
        return Wait(None)
    if now_ms < hold.probe_at:
        return Wait((hold.probe_at - now_ms) / 1000)
    return Expired() if hold.state == "throttled" else Probe()


@dataclass(slots=True)
class Standing:
    """What this process saw of a destination lately."""

    failures: int = 0
    failing: set[bytes] = field(default_factory=set)
    refused: set[bytes] = field(default_factory=set)

    def saw(self, turn: bytes, status: int | None) -> str | None:
        """Take note of one answer; returns the reason to hold the destination, or None."""
        if status not in REFUSING:
            self.refused.clear()
            return None
        self.refused.add(turn)
        return f"http_{status}" if len(self.refused) >= REFUSED_USERS else None

    def ended(self, failing: set[bytes], *, delivered: bool) -> bool:
        """Take note of one attempt, whose batch counts once; tells whether it is down."""
        if delivered:
            self.failures = 0
            self.failing.clear()
        if delivered or not failing:
            return False
        self.failures += 1
        self.failing |= failing
        return self.failures >= DOWN_AFTER and len(self.failing) >= DOWN_USERS

    def clear(self) -> None:
        """Start afresh after a hold ended."""
        self.failures = 0
        self.failing.clear()
        self.refused.clear()


def held(before: Hold | None, reason: str, now_ms: int) -> Hold:
    """Return the hold that a refusal or an outage means; a failed probe waits longer."""
    probes = before.probes + 1 if before is not None and before.state == "held" else 0
    since = before.since if before is not None else now_ms
    return Hold(
        "held", reason, since, now_ms + int(probe_wait(probes, random.random) * 1000), probes
    )


def throttled(before: Hold | None, reason: str, wait: float, now_ms: int) -> Hold:
    """Return the hold of a throttling: never shorter than asked, never shorter than before."""
    until = now_ms + int(wait * 1000 * (1 + random.random() / 10)) + 1  # noqa: S311 - jitter
    since = before.since if before is not None else now_ms
    if before is not None and before.state == "throttled" and before.probe_at is not None:
        until = max(until, before.probe_at)
    return Hold("throttled", reason, since, until)


def is_old_news(hold: Hold, known: Hold | None, *, probed: bool) -> bool:
    """Tell whether a hold says nothing new: what was open when the known one began fails late."""
    if known is None or known.state == "throttled":
        return False
    return known.state == "paused" or (not probed and hold.state == "held")
