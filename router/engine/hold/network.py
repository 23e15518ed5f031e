"""Whether our own network is at fault: several destinations cannot be reached, and none can.

Pure: what was reached when comes in, a verdict comes out. One instance serves all destinations of
a process.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from destinations import Held, Outcome, Rejected, Retry
from router.observe.reasons import HoldReason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeVar

    T = TypeVar("T")

MEMORY = 150.0
"""Seconds for which it counts that a destination was not reached: held ones are probed each 60."""
SEVERAL = 2
"""Destinations of which none can be reached: a single one may be down for itself."""
UNREACHED = frozenset({"connect_error", "connect_timeout", "proxy_error"})
"""Reasons of what never left (`destinations.judgement.judge_error`)."""

HALF_REACHED = frozenset({"tls_error", "tls_timeout"})
"""Somebody took the connection and spoke no TLS: the destination, which is ill then, or a box of
our own in between. It is never blamed on our network, and does not prove that it works either."""


class Network:
    """What this process could reach lately."""

    def __init__(self) -> None:
        self._unreached: dict[str, float] = {}
        self._reached_at = -math.inf

    def judged(
        self,
        destination: str,
        outcomes: Mapping[T, Outcome],
        now: float,
        *,
        ours: bool | None = None,
    ) -> dict[T, Outcome]:
        """Return the outcomes of an attempt, where an unreached vendor is our own fault as a hold.

        Nothing is then charged to the destination; it is probed until somebody is reached again.
        `ours` is what was said of its hold so far (`Holding.ours`). A process that reached nobody
        itself has nothing to say against it, so that the reason does not change with who probes.
        """
        unreached = {key for key, outcome in outcomes.items() if _is_unreached(outcome)}
        if any(map(_is_answer, outcomes.values())):
            self._unreached.clear()
            self._reached_at = now
        elif unreached:
            self._unreached[destination] = now
        if not unreached or not self._is_down(now, ours):
            return dict(outcomes)
        instead = Held(HoldReason.NETWORK)
        return {key: instead if key in unreached else each for key, each in outcomes.items()}

    def _is_down(self, now: float, ours: bool | None) -> bool:  # noqa: FBT001 - three answers
        if ours is False:
            return False
        if ours and now - self._reached_at >= MEMORY:
            return True
        return sum(now - at < MEMORY for at in self._unreached.values()) >= SEVERAL


def _is_answer(outcome: Outcome) -> bool:
    """Tell whether somebody was reached; what has no status may be the adapter's own refusal."""
    if isinstance(outcome, Rejected | Held):
        return outcome.status is not None
    return not (isinstance(outcome, Retry) and outcome.reason in UNREACHED | HALF_REACHED)


def _is_unreached(outcome: Outcome) -> bool:
    return isinstance(outcome, Retry) and outcome.reason in UNREACHED
