"""The truth table: each case that the docs show is what the router does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from router.decide.verdict import Skip
from tests.decide.map_cases import MAPS

if TYPE_CHECKING:
    from tests.decide.cases import Case

CASES = [case for cases in MAPS.values() for case in cases]


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_truth_table(case: Case) -> None:
    """Each case sends or skips, and for the reason that it names."""
    [verdict] = case.routes.verdicts(case.came)

    told = ("skip", verdict.reason.value) if isinstance(verdict, Skip) else ("send", None)
    assert (case.verdict, case.reason) == told


def test_titles_are_told_apart() -> None:
    """No two cases of the table share a title."""
    assert len(CASES) == len({case.title for case in CASES})
