"""When a destination counts as down, judged from what its attempts came to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from destinations import Delivered, Outcome, Retry
from router.engine.attempt import Attempt
from router.engine.judging import judge_attempt, judge_destination
from router.engine.settlement import Moment, Patience
from router.engine.standing import DOWN, DOWN_AFTER, Standing
from router.engine.window import Item

if TYPE_CHECKING:
    from router.store.holds import Hold

PATIENCE = Patience(12, timedelta(hours=24))
FAILED = Retry("http_500", 500)


def judged(standing: Standing, *outcomes: Outcome) -> Hold | None:
    """Judge one attempt of as many users as there are outcomes."""
    home: Any = object()
    items = [Item(home, b"1-1", b"user-%d" % number, b"") for number in range(len(outcomes))]
    attempt = Attempt(items, dict(zip(items, outcomes, strict=True)))
    decisions = judge_attempt(attempt, PATIENCE, Moment(0, 0), probing=None)
    return judge_destination(attempt, decisions, standing, None, 0)


def test_one_failed_batch_is_one_failure() -> None:
    """A single 500 does not hold a destination, however many events its request carried."""
    assert judged(Standing(), *[FAILED] * 100) is None


def test_failed_batches_in_a_row_are_an_outage() -> None:
    """So many failed attempts in a row, of several users, hold the destination as down."""
    standing = Standing()
    holds = [judged(standing, *[FAILED] * 5) for _ in range(DOWN_AFTER)]

    assert [None] * (DOWN_AFTER - 1) == holds[:-1]
    assert holds[-1] is not None
    assert DOWN == holds[-1].reason


def test_whatever_is_delivered_ends_the_row() -> None:
    """A batch of which something arrived shows that the destination is there."""
    standing = Standing()
    for _ in range(DOWN_AFTER - 1):
        judged(standing, *[FAILED] * 5)
    judged(standing, FAILED, Delivered(), FAILED)

    assert judged(standing, *[FAILED] * 5) is None


def test_one_failing_user_is_no_outage() -> None:
    """A user whose events always fail says nothing about the destination."""
    standing = Standing()

    assert [None] * 30 == [judged(standing, FAILED) for _ in range(30)]
