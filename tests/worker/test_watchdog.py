"""A loop that stands still is noticed; one that is slow, or has ended, is left alone."""

from __future__ import annotations

import asyncio
import itertools
import threading
from typing import TYPE_CHECKING, Any, cast

import pytest

from router.worker.watchdog import LOOKS, watch

if TYPE_CHECKING:
    from collections.abc import Callable


class Loop:
    """A loop that comes to every so-many-th thing it is asked for, and ends after some."""

    def __init__(self, every: int) -> None:
        self._asked = itertools.count(1)
        self._every = every

    def call_soon_threadsafe(self, callback: Callable[[], Any]) -> None:
        """Do it now or never; raises RuntimeError at the end, as a closed loop does."""
        asked = next(self._asked)
        if asked > 5 * LOOKS:
            raise RuntimeError
        if asked % self._every == 0:
            callback()


async def test_a_loop_that_stands_still_is_noticed() -> None:
    """What never returns ends the process."""
    ended = threading.Event()
    watch(asyncio.get_running_loop(), 0.3, end=ended.set)

    assert ended.wait(30), "this very call keeps the loop"


@pytest.mark.parametrize(("every", "still"), [(1, False), (LOOKS - 1, False), (LOOKS + 2, True)])
def test_a_loop_that_is_slow_is_left_alone(every: int, *, still: bool) -> None:
    """It is still when it has come to nothing for so many looks, and not before."""
    ended = threading.Event()

    thread = watch(cast("asyncio.AbstractEventLoop", Loop(every)), 0.001 * LOOKS, end=ended.set)
    thread.join(30)

    assert not thread.is_alive()
    assert ended.is_set() == still


def test_it_ends_with_the_loop() -> None:
    """Nothing watches a loop that is closed."""
    ended = threading.Event()

    async def work() -> threading.Thread:
        return watch(asyncio.get_running_loop(), 3.0, end=ended.set)

    thread = asyncio.run(work())
    thread.join(30)

    assert not thread.is_alive()
    assert not ended.is_set()
