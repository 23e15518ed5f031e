"""A worker spends its time on events, not on looking for garbage."""

from __future__ import annotations

import gc

from router.engine.route.collecting import AFTER, looking_seldom


class Cycle:
    """Something that counting alone never frees."""

    def __init__(self) -> None:
        self.itself = self


def test_what_is_loaded_is_not_searched() -> None:
    """What was there before is left alone, garbage made later is found, and all ends as it was."""
    before = gc.get_threshold()

    with looking_seldom():
        assert gc.get_freeze_count() > len(gc.get_objects())
        assert AFTER == gc.get_threshold()
        Cycle()
        assert gc.collect() >= 1

    assert (before, 0) == (gc.get_threshold(), gc.get_freeze_count())
