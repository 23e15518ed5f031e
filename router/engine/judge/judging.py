"""What an attempt's outcomes mean: for each delivery, for its turn, and for the destination."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.engine.hold.standing import DOWN, REFUSING, SLOW, held, throttled
from router.engine.judge.settlement import (
    Again,
    Bury,
    Decision,
    Done,
    Filter,
    Stay,
    decide_settlement,
)
from router.observe.reasons import DeadReason
from router.store.lanes import Death

if TYPE_CHECKING:
    from destinations import Outcome
    from router.engine.deliver.attempt import Attempt, Homed
    from router.engine.hold.standing import Standing
    from router.engine.judge.settlement import Moment, Patience
    from router.store.holds import Hold
    from router.store.lanes import Settlement


REFUSED = frozenset(f"http_{status}" for status in REFUSING)
"""Why a destination is held that refuses whatever comes."""


def judge_attempt(
    attempt: Attempt, patience: Patience, moment: Moment, *, probing: Hold | None
) -> dict[Homed, Decision]:
    """Return what becomes of each entry; one without outcome stays.

    A probe burns nothing: what would be tried again, or is refused as before, just stays.
    """
    decisions: dict[Homed, Decision] = {}
    for item in attempt.items:
        early = attempt.early.get(item)
        outcome = attempt.outcomes.get(item)
        if early is not None:
            decisions[item] = early
        elif outcome is None:
            decisions[item] = Stay("not_carried", 0.0)
        else:
            decisions[item] = decide_settlement(outcome, item.tried, patience, moment)
            if probing is not None and _failed(decisions[item]):
                decisions[item] = Stay(DOWN, None)
            elif probing is not None and probing.reason in REFUSED and refused_users(outcome):
                decisions[item] = Stay(probing.reason, None)
    return decisions


def judge_destination(
    attempt: Attempt,
    decisions: dict[Homed, Decision],
    standing: Standing,
    before: Hold | None,
    now_ms: int,
) -> Hold | None:
    """Return the hold that these outcomes mean for the destination, or None.

    When it is refused to all users, those of this attempt who were refused stay as well.
    """
    hold: Hold | None = None
    for item, outcome in attempt.outcomes.items():
        decision = decisions[item]
        if isinstance(decision, Stay):
            if decision.wait is None:
                return held(before, decision.reason, now_ms)
            hold = throttled(hold or before, decision.reason, decision.wait, now_ms)
            continue
        reason = standing.saw(item.turn, getattr(outcome, "status", None))
        if reason:
            _spare(attempt, decisions, reason)
            return held(before, reason, now_ms)
    reason = _breaks(attempt, decisions, standing)
    if reason is None and before is not None and before.reason == SLOW:
        reason = SLOW if attempt.seconds > standing.slow_after else None
    return held(before, reason, now_ms) if reason else hold


def answered(attempt: Attempt, decisions: dict[Homed, Decision]) -> bool:
    """Tell whether the destination took, or refused for good, something that it was asked."""
    return any(isinstance(decisions[item], Done | Bury) for item in attempt.outcomes)


def _breaks(attempt: Attempt, decisions: dict[Homed, Decision], standing: Standing) -> str | None:
    if not attempt.outcomes:
        return None
    failing = frozenset(item.turn for item in attempt.outcomes if _failed(decisions[item]))
    delivered = any(isinstance(decisions[item], Done) for item in attempt.outcomes)
    return standing.ended(failing, delivered=delivered, seconds=attempt.seconds)


def _spare(attempt: Attempt, decisions: dict[Homed, Decision], reason: str) -> None:
    for item, outcome in attempt.outcomes.items():
        if refused_users(outcome):
            decisions[item] = Stay(reason, None)


def settle_turn(
    turn: list[Homed], decisions: dict[Homed, Decision], settlement: Settlement
) -> list[Homed]:
    """Write down what became of one turn's entries; returns those that come again, in order."""
    again: list[Homed] = []
    for item in turn:
        match decisions[item]:
            case Done():
                settlement.delivered.append(item.id)
                if again:
                    settlement.count("reordered")
            case Filter(reason):
                settlement.filtered.append((item.id, reason))
            case Bury(reason, status, attempts, first):
                settlement.deaths.append(Death(item.id, reason, status, attempts, first))
            case Again(tried, unknown):
                item.tried = tried
                settlement.tries[item.id] = tried
                settlement.count("unknown" if unknown else "retried")
                again.append(item)
            case Stay():
                again.append(item)
    return again


def refused_users(outcome: Outcome) -> str | None:
    """Return the reason to hold for an answer that may be about the event or about us."""
    status = getattr(outcome, "status", None)
    return f"http_{status}" if status in REFUSING else None


def _failed(decision: Decision) -> bool:
    """Tell whether the destination failed, rather than refused this one event."""
    return isinstance(decision, Again) or (
        isinstance(decision, Bury) and decision.reason.startswith(DeadReason.EXHAUSTED)
    )
