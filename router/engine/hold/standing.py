"""Where a destination stands: open, waiting out a hold, or to be probed; and what puts it there.

Outcomes and times come in, a `Hold` to write or a `Permission` comes out; the only chance in it
is the jitter of waits.
"""

from __future__ import annotations

import math
import random
from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from router.engine.judge.backoff import LONGEST_PROBE_WAIT, probe_wait
from router.observe.reasons import HoldReason
from router.store.holds import Hold

DOWN_AFTER = 10
"""Failed attempts in a row, of at least `DOWN_USERS` users, after which it counts as down."""
DOWN_USERS = 3
REFUSED_USERS = 3
"""Users in a row whose 403 or 404 say that not the event but the destination is wrong."""
REFUSING = frozenset({403, 404})
RECENT = 50
"""Attempts that are looked back upon."""
MOST = 0.8
"""Share of the recent attempts that failed, or were slow, when the destination is held for it."""
CLOCKS_DIFFER = 60.0
"""Seconds by which the clocks of workers' hosts may differ; by more, one was set anew."""
DOWN = HoldReason.UNAVAILABLE.value
SLOW = HoldReason.SLOW.value


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
    if now_ms < hold.probe_at and not _was_set_back(hold, hold.probe_at, now_ms):
        return Wait((hold.probe_at - now_ms) / 1000)
    return Expired() if hold.state == "throttled" else Probe()


def _was_set_back(hold: Hold, probe_at: int, now_ms: int) -> bool:
    """Tell whether the clock was set back since: nobody asked for so long a hold."""
    if hold.state == "throttled":
        return now_ms < hold.since - CLOCKS_DIFFER * 1000
    return probe_at > now_ms + (LONGEST_PROBE_WAIT + CLOCKS_DIFFER) * 1000


class Seen(NamedTuple):
    """One attempt: the turns that failed, when nothing of it was delivered, and its slowness."""

    failing: frozenset[bytes]
    slow: bool


@dataclass(slots=True)
class Standing:
    """What this process saw of a destination lately; `slow_after` seconds an attempt is slow."""

    slow_after: float = math.inf
    failures: int = 0
    refused: set[bytes] = field(default_factory=set)
    recent: deque[Seen] = field(default_factory=lambda: deque(maxlen=RECENT))

    def saw(self, turn: bytes, status: int | None) -> str | None:
        """Take note of one answer; returns the reason to hold the destination, or None."""
        if status not in REFUSING:
            self.refused.clear()
            return None
        self.refused.add(turn)
        return f"http_{status}" if len(self.refused) >= REFUSED_USERS else None

    def ended(self, failing: frozenset[bytes], *, delivered: bool, seconds: float) -> str | None:
        """Take note of one attempt, whose batch counts once; returns the reason to hold, or None.

        It is down when the last attempts failed in a row, or most of the recent ones did, for
        several users; it is slow when most of the recent ones were.
        """
        failed = bool(failing) and not delivered
        self.failures = 0 if delivered else self.failures + failed
        self.recent.append(Seen(failing if failed else frozenset(), seconds > self.slow_after))
        if failed and self._is_down():
            return DOWN
        if not self.recent[-1].slow:
            return None
        return SLOW if sum(seen.slow for seen in self.recent) >= MOST * RECENT else None

    def _is_down(self) -> bool:
        failed = [seen.failing for seen in self.recent if seen.failing]
        if self.failures < DOWN_AFTER and len(failed) < MOST * RECENT:
            return False
        return len(frozenset().union(*failed)) >= DOWN_USERS

    def clear(self) -> None:
        """Start afresh after a hold ended."""
        self.failures = 0
        self.refused.clear()
        self.recent.clear()


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
    """Tell whether a hold says nothing new: what was open when the known one began fails late.

    Nor does a throttling that asks for no longer wait: many requests are throttled at once, and
    each hold that is written is news to every worker.
    """
    if known is None:
        return False
    if known.state == "throttled":
        return hold.state == "throttled" and known.probe_at == hold.probe_at is not None
    return known.state == "paused" or (not probed and hold.state == "held")
