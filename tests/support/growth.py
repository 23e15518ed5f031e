"""How the time of some work grows with its size: by a ratio, for machines differ."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

TIMES = 8
"""How much more the larger work is."""
SQUARES = TIMES * TIMES / 2
"""Work whose time grows with the square takes TIMES * TIMES as long; this is half of that."""
TRIES = 5


def grows_linearly(work: Callable[[int], object], size: int) -> bool:
    """Tell whether work of TIMES the size takes clearly less than TIMES squared as long.

    Measured in CPU time of this thread, each the least of several tries.
    """
    return _least(work, TIMES * size) < SQUARES * _least(work, size)


def _least(work: Callable[[int], object], size: int) -> float:
    tries = []
    for _ in range(TRIES):
        began = time.thread_time_ns()
        work(size)
        tries.append(time.thread_time_ns() - began)
    return min(tries)
