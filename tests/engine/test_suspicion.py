"""Who kills is found, whoever is killed by chance is not: the decision, played with many deaths."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.engine.care.suspicion import (
    ALONE_AT,
    PROOFS,
    Alone,
    Apart,
    Manner,
    Poison,
    Together,
    manner,
)

LEASE = 30.0


@given(
    deaths=st.integers(0, ALONE_AT + PROOFS - 1),
    spared=st.floats(0, 1e6),
    lease=st.floats(2, 600),
)
def test_less_than_three_lone_deaths_prove_nothing(
    deaths: int, spared: float, lease: float
) -> None:
    """However long it lasts, nothing is buried that did not end three owners alone."""
    assert not isinstance(manner(deaths, spared, lease), Poison)


@given(deaths=st.integers(ALONE_AT, 100), spared=st.floats(0, 29))
def test_no_suspect_is_alone_before_others_lived_without_it(deaths: int, spared: float) -> None:
    """Between two attempts of it alone a whole lease passes in which nobody ended."""
    waits = manner(deaths, spared, LEASE)

    assert isinstance(waits, Alone)
    assert LEASE - spared <= waits.wait


@given(rhythm=st.floats(1, 1_000), takes=st.floats(0, 3 * LEASE - 1))
def test_no_steady_rhythm_of_deaths_proves_anything(rhythm: float, takes: float) -> None:
    """A worker that ends every so many seconds does not hit the same slow attempt three times."""
    hits = [
        begins < rhythm < begins + takes
        for deaths in range(ALONE_AT, ALONE_AT + PROOFS)
        if isinstance(how := manner(deaths, 0.0, LEASE), Alone)
        for begins in [how.wait]
    ]

    assert PROOFS == len(hits)
    assert not all(hits)


def test_the_ways_to_be_tried() -> None:
    """With all, then apart, then alone three times, then never again."""
    ways = [manner(deaths, 4 * LEASE, LEASE) for deaths in range(ALONE_AT + PROOFS + 1)]

    assert [Together(), Apart(), Alone(0), Alone(0), Alone(0), Poison()] == ways


def buried(seed: int, between: float, takes: float, *, lethal: bool) -> bool:
    """Play a thousand deaths by chance, so many seconds apart; tell whether one entry is buried.

    It is always there and always attempted as soon as it may be; an attempt takes some seconds.
    """
    chance = random.Random(seed)
    deaths = 0
    for _ in range(1_000):
        how: Manner = manner(deaths, 4 * LEASE, LEASE)
        if isinstance(how, Poison):
            return True
        lives = chance.expovariate(1 / between)
        waits = manner(deaths, 0.0, LEASE)
        begins = waits.wait if isinstance(waits, Alone) else 0.0
        if lethal and lives > begins:
            deaths += 1
        elif lives > begins:
            deaths = deaths + 1 if lives < begins + takes else 0
    return False


@pytest.mark.parametrize("between", [3.0, 30.0, 300.0])
def test_deaths_by_chance_bury_nothing(between: float) -> None:
    """Killed a thousand times at any pace, a worker leaves no innocent entry dead."""
    played = [buried(seed, between, 0.05, lethal=False) for seed in range(20)]

    assert not any(played)


def test_who_kills_is_buried_among_deaths_by_chance() -> None:
    """Deaths by chance in between only make it last longer."""
    assert all(buried(seed, 60.0, 0.05, lethal=True) for seed in range(20))
