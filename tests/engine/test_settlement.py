"""What becomes of a delivery: every outcome against everything that was before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from destinations import Delivered, Held, Outcome, Rejected, Retry, Throttled, Unknown
from router.engine.judge.settlement import (
    Again,
    Bury,
    Done,
    Moment,
    Patience,
    Stay,
    decide_settlement,
)
from router.store.lanes import Try

NOW = 10_000_000
PATIENT = Patience(3, timedelta(seconds=60))
FRESH = None
ONCE = Try(1, NOW - 1_000, 0, NOW, "http_500")
OFTEN = Try(9, NOW - 1_000, 0, NOW, "http_500")
LONG = Try(1, NOW - 100_000, 0, NOW, "http_500")
SPENT = Try(2, NOW - 60_000, 0, NOW, "http_500")
HELD_MEANWHILE = Try(9, NOW - 100_000, 5_000, NOW, "http_500")
ALL = [FRESH, ONCE, OFTEN, LONG, SPENT]


def decide(outcome: Outcome, tried: Try | None, held_ms: int = 0) -> object:
    """Decide at the test's moment."""
    return decide_settlement(outcome, tried, PATIENT, Moment(NOW, held_ms))


@pytest.mark.parametrize("tried", ALL)
@pytest.mark.parametrize(
    ("outcome", "decision"),
    [
        (Delivered(), Done()),
        (Throttled(timedelta(seconds=7), "http_429"), Stay("http_429", 7.0)),
        (Held("http_401", 401), Stay("http_401", None)),
    ],
)
def test_what_burns_nothing(outcome: Outcome, decision: object, tried: Try | None) -> None:
    """Delivered is done; throttled and held stay as they are, however often they failed."""
    assert decision == decide(outcome, tried)


@pytest.mark.parametrize("tried", ALL)
def test_a_refusal_is_final(tried: Try | None) -> None:
    """A rejection buries at once, with its attempts counted and its first failure remembered."""
    attempts = (tried.attempts if tried else 0) + 1
    first = tried.first_failed_at if tried else NOW

    assert Bury("http_400", 400, attempts, first) == decide(Rejected("http_400", 400), tried)


@pytest.mark.parametrize("tried", [FRESH, ONCE, OFTEN, LONG])
@pytest.mark.parametrize("outcome", [Retry("http_503", 503), Unknown("read_timeout")])
def test_a_failure_comes_again(outcome: Outcome, tried: Try | None) -> None:
    """Attempts alone, or time alone, give nothing up."""
    decision = decide(outcome, tried)

    assert isinstance(decision, Again)
    assert isinstance(outcome, Unknown) == decision.unknown
    assert (tried.attempts if tried else 0) + 1 == decision.tried.attempts
    assert (tried.first_failed_at if tried else NOW) == decision.tried.first_failed_at
    assert NOW <= decision.tried.due_at <= NOW + 300_000


@pytest.mark.parametrize(
    ("outcome", "status"), [(Retry("http_503", 503), 503), (Unknown("read_timeout"), None)]
)
def test_both_bounds_passed_is_exhaustion(outcome: Retry | Unknown, status: int | None) -> None:
    """With its attempts and its time used up a delivery is buried, the last reason kept."""
    expected = Bury(f"exhausted.{outcome.reason}", status, 3, NOW - 60_000)

    assert expected == decide(outcome, SPENT)


def test_the_clock_stands_still_while_held() -> None:
    """Time that the destination was held since the first failure does not count."""
    held_so_far = HELD_MEANWHILE.held_before + 40_001

    assert isinstance(decide(Retry("x"), HELD_MEANWHILE, held_so_far), Again)
    assert isinstance(decide(Retry("x"), HELD_MEANWHILE, held_so_far - 2), Bury)


def test_the_first_failure_remembers_the_time_held() -> None:
    """What was held before the first failure is no credit for later."""
    decision = decide(Retry("x"), FRESH, 77_000)

    assert isinstance(decision, Again)
    assert 77_000 == decision.tried.held_before


def test_a_try_is_kept_as_it_was() -> None:
    """What is remembered of a failing entry comes back from the store unchanged."""
    assert OFTEN == Try.unpack(OFTEN.pack().encode())
