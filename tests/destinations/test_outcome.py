"""Outcomes: a closed list, ordered from bad to good, with codes for reasons."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from destinations import Delivered, Held, Outcome, Rejected, Retry, Throttled, Unknown
from destinations import outcome as module
from destinations.outcome import SEVERITY, worst

SOME: list[Outcome] = [
    Held("http_401", 401),
    Throttled(timedelta(seconds=9)),
    Throttled(timedelta(seconds=5), "quota"),
    Unknown("read_timeout"),
    Retry("http_503", 503),
    Rejected("http_400", 400),
    Delivered(),
]


def test_severity_names_every_outcome() -> None:
    """The order of severity has each kind of outcome once."""
    assert set(SEVERITY) == set(get_args(Outcome))
    assert len(SEVERITY) == len(set(SEVERITY))


def test_the_table_names_every_outcome() -> None:
    """The table that the module draws has a row for each kind of outcome, and no other."""
    rows = [line.split()[0] for line in (module.__doc__ or "").splitlines() if "   " in line]
    assert {kind.__name__ for kind in SEVERITY} == set(rows) - {"outcome"}


@given(st.sampled_from(SOME), st.sampled_from(SOME))
def test_the_worse_of_two_is_one_of_them(first: Outcome, second: Outcome) -> None:
    """The worse of two outcomes is one of the two, whichever comes first."""
    assert worst(first, second) in (first, second)
    assert worst(first, second) == worst(second, first)


@given(st.sampled_from(SOME), st.sampled_from(SOME), st.sampled_from(SOME))
def test_the_worst_of_three_is_grouped_as_one_likes(a: Outcome, b: Outcome, c: Outcome) -> None:
    """Of three outcomes the worst is the same however they are paired."""
    assert worst(worst(a, b), c) == worst(a, worst(b, c))


def test_the_longer_throttling_counts() -> None:
    """Of two throttlings the one that waits longer counts."""
    short, long = Throttled(timedelta(seconds=1)), Throttled(timedelta(seconds=2))
    assert worst(short, long) is worst(long, short) is long


@pytest.mark.parametrize("kind", [Rejected, Retry, Held, Unknown])
@pytest.mark.parametrize("text", ["", "No such user: ada@example.com", "x" * 81, "Ü", "a b", "a\n"])
def test_a_reason_is_a_code(kind: type[Rejected], text: str) -> None:
    """A reason that could hold a vendor's text is refused."""
    with pytest.raises(ValueError, match="short code"):
        kind(text)


def test_a_throttling_gives_a_code() -> None:
    """A throttling's reason is a code like all others."""
    with pytest.raises(ValueError, match="short code"):
        Throttled(timedelta(1), "Slow down, please")


@given(st.from_regex(r"[a-z0-9_][a-z0-9_.:]{0,79}", fullmatch=True))
def test_codes_pass(code: str) -> None:
    """A code of small letters, digits, underscores, dots and colons passes."""
    assert Rejected(code).reason == code
