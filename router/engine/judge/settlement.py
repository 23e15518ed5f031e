"""From an outcome to what becomes of the delivery: a pure decision, drawn as five nouns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, assert_never

from destinations import Delivered, Held, Rejected, Retry, Throttled, Unknown
from router.engine.judge.backoff import exhausted, turn_wait
from router.observe.reasons import DeadReason
from router.store.lanes import Try

if TYPE_CHECKING:
    from datetime import timedelta

    from destinations import Outcome


@dataclass(frozen=True, slots=True)
class Done:
    """The destination has it."""


@dataclass(frozen=True, slots=True)
class Filter:
    """The destination may not have it any more (consent was judged again)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Again:
    """It is tried again when `tried.due_at` has come; its turn waits."""

    tried: Try
    unknown: bool


@dataclass(frozen=True, slots=True)
class Bury:
    """It becomes a dead letter."""

    reason: str
    status: int | None
    attempts: int
    first_failed_at: int | None


@dataclass(frozen=True, slots=True)
class Stay:
    """It stays where it is and nothing is burned: the destination as a whole must wait.

    `wait` in seconds is a throttling's length; None means held.
    """

    reason: str
    wait: float | None


Decision: TypeAlias = Done | Filter | Again | Bury | Stay


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a delivery is retried: both bounds must be passed before it is given up."""

    attempts: int
    time: timedelta


@dataclass(frozen=True, slots=True)
class Moment:
    """What the decision needs of the outside: the wall clock and the time held so far, in ms."""

    now_ms: int
    held_ms: int


def decide_settlement(
    outcome: Outcome, tried: Try | None, patience: Patience, moment: Moment
) -> Decision:
    """Return what becomes of a delivery whose attempt had this outcome."""
    match outcome:
        case Delivered():
            return Done()
        case Rejected(reason, status):
            first = tried.first_failed_at if tried else moment.now_ms
            return Bury(reason, status, (tried.attempts if tried else 0) + 1, first)
        case Retry(reason) | Unknown(reason):
            return _again(reason, outcome, tried, patience, moment)
        case Throttled(wait, reason):
            return Stay(reason, wait.total_seconds())
        case Held(reason):
            return Stay(reason, None)
        case _ as unreachable:
            assert_never(unreachable)


def _again(
    reason: str, outcome: Retry | Unknown, tried: Try | None, patience: Patience, moment: Moment
) -> Again | Bury:
    attempts = (tried.attempts if tried else 0) + 1
    first = tried.first_failed_at if tried else moment.now_ms
    held_before = tried.held_before if tried else moment.held_ms
    failing = moment.now_ms - first - max(0, moment.held_ms - held_before)
    if exhausted(attempts, failing, patience.attempts, patience.time):
        status = outcome.status if isinstance(outcome, Retry) else None
        return Bury(f"{DeadReason.EXHAUSTED}.{reason}", status, attempts, first)
    due = moment.now_ms + int(turn_wait(attempts) * 1000)
    return Again(
        Try(attempts, first, held_before, due, reason), unknown=isinstance(outcome, Unknown)
    )
