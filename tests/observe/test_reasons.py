"""Reason codes: each says by itself what it means and what to do, wherever it is shown."""

from __future__ import annotations

import pytest

from router.observe.reasons import DeadReason, HoldReason, Reason, ShelfReason, SkipReason


@pytest.mark.parametrize("reason", [*HoldReason, *DeadReason, *ShelfReason])
def test_advice_stands_by_itself(reason: Reason) -> None:
    """Advice is a sentence that needs no other row of a table: one letter shows it alone."""
    assert reason.advice.endswith(".")
    assert "above" not in reason.advice


def test_a_code_is_looked_up_or_is_an_answers() -> None:
    """A listed code gives its member; the code of an answer gives none."""
    assert DeadReason.EXHAUSTED is DeadReason.listed("exhausted")
    assert SkipReason.CONSENT_MISSING is SkipReason.listed("consent.missing")
    assert DeadReason.listed("http_503") is None
