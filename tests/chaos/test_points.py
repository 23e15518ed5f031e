"""A worker that dies at whatever step loses nothing, makes nothing up, and disorders nothing."""

from __future__ import annotations

import random
import signal
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.chaos.lives import Lives, live_through
from tests.chaos.points import AT_WORK, BY_OPERATORS, LEAVING, STORE, step_of
from tests.chaos.repetitions import ANSWERED, UNANSWERED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

BUSY = frozenset({"hand_off", "settle", "attempt", "request", "send", "acquire"})
"""Steps that a worker passes many times: it dies at one of the first."""


def occurrences(times: int, seed: int) -> list[tuple[str, int]]:
    """Return every fault point of workers, so often, each with when it is to strike."""
    chance = random.Random(seed)
    return [(point, chance.randint(1, 4) if step_of(point) in BUSY else 1)
            for _ in range(times) for point in AT_WORK]  # fmt: skip


def hold_to_account(lives: Lives, points: list[tuple[str, int]]) -> None:
    """Every point was hit and deadly, and nothing is wrong all the same."""
    assert Counter(point for point, _ in points) == lives.hits
    assert {-signal.SIGKILL} == {status for point, all_ in lives.ended.items()
                                 for status in all_ if point != "last"}  # fmt: skip
    assert lives.judgement.faultless, lives.judgement
    assert lives.disordered == 0
    assert lives.judgement.faults["unknown"] >= lives.causes[ANSWERED] + lives.causes[UNANSWERED]


def test_the_points_are_those_of_the_store() -> None:
    """What is said to be an operator's, or of leaving, is a script that there is."""
    assert set(STORE) >= BY_OPERATORS.keys() | LEAVING


@pytest.mark.system
def test_death_at_every_step_loses_nothing(
    own_store: StoreServer, vendor: Vendor, tmp_path: Path
) -> None:
    """One worker after the other dies at each of all fault points; then everything is there."""
    points = occurrences(1, seed=1)

    hold_to_account(live_through(points, own_store, vendor, tmp_path), points)


@pytest.mark.chaos
@pytest.mark.timeout(1200)
def test_many_deaths_at_every_step_lose_nothing(
    own_store: StoreServer, vendor: Vendor, tmp_path: Path
) -> None:
    """Whole Celery workers die at each of all fault points, and do so three times."""
    points = occurrences(3, seed=2)

    lives = live_through(points, own_store, vendor, tmp_path, celery=True, within=1000)
    hold_to_account(lives, points)
