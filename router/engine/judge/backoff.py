"""Waiting between attempts, and when to give up: pure arithmetic on milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenacity import RetryCallState, wait_random_exponential

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

FIRST_WAIT = 1.0
LONGEST_WAIT = 300.0
"""Seconds; RudderStack's default as well."""
LONGEST_PROBE_WAIT = 60.0

_turn_wait = wait_random_exponential(multiplier=FIRST_WAIT, max=LONGEST_WAIT)


def turn_wait(attempts: int) -> float:
    """Return seconds to wait after the given number of failed attempts: full jitter.

    Uniform between 0 and min(300 s, 1 s x 2^(attempts - 1)); the arithmetic is tenacity's.
    """
    state = RetryCallState(None, None, (), {})  # type: ignore[arg-type]  # only the number is read
    state.attempt_number = max(1, attempts)
    return _turn_wait(state)


def due_in(attempts: int, due_at: int, now_ms: int) -> float:
    """Return seconds until a failed delivery is due, by the wall clock.

    Never more than it ever waits after so many attempts: a clock may have been set back since.
    """
    return min((due_at - now_ms) / 1000, LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts - 1, 10))


def probe_wait(probes: int, random: Callable[[], float]) -> float:
    """Return seconds until the next probe of a held destination: 1 s doubling to 60 s, jittered."""
    whole = min(LONGEST_PROBE_WAIT, 2.0 ** min(probes, 10))
    return float(whole * (0.5 + random() / 2))


def exhausted(attempts: int, failing_ms: int, most_attempts: int, most_time: timedelta) -> bool:
    """Tell whether both attempts and time are used up."""
    return attempts >= most_attempts and failing_ms >= most_time.total_seconds() * 1000
