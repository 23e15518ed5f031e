"""A store that is nearly full stops the intake, and nothing but the intake, until there is room."""

from __future__ import annotations

import pytest

from router.engine.pressure import GO_ON_AT, STOP_AT, intake_hold
from router.store.holds import Hold

FULL = Hold("held", "store_full", 1_000)
PAUSE = Hold("paused", "by hand", 1_000, by="operator")


@pytest.mark.parametrize(
    ("hold", "fullness", "after"),
    [
        (None, 0.0, None),
        (None, STOP_AT - 0.01, None),
        (None, STOP_AT, Hold("held", "store_full", 5_000)),
        (None, 7.0, Hold("held", "store_full", 5_000)),
        (FULL, STOP_AT, FULL),
        (FULL, GO_ON_AT + 0.01, FULL),
        (FULL, GO_ON_AT, None),
        (FULL, 0.0, None),
        (PAUSE, 0.0, PAUSE),
        (PAUSE, 1.0, PAUSE),
    ],
)
def test_what_holds_the_intake(hold: Hold | None, fullness: float, after: Hold | None) -> None:
    """It stops at nine tenths, goes on at eight, and keeps its beginning in between."""
    assert after == intake_hold(hold, fullness, 5_000)
