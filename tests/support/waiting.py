"""Wait for conditions: the only place where a test lets time pass."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

T = TypeVar("T")


def wait_until(
    predicate: Callable[[], T | None],
    *,
    within: float = 10.0,
    every: float = 0.02,
    what: str = "it",
) -> T:
    """Return the first true value of `predicate`; fail when none comes within the time."""
    end = time.monotonic() + within
    while True:
        value = predicate()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {within:g} s in vain for {what}")
        time.sleep(every)


@overload
async def wait_until_async(
    predicate: Callable[[], Coroutine[Any, Any, T]],
    *,
    within: float = ...,
    every: float = ...,
    what: str = ...,
) -> T: ...
@overload
async def wait_until_async(
    predicate: Callable[[], T], *, within: float = ..., every: float = ..., what: str = ...
) -> T: ...
async def wait_until_async(
    predicate: Callable[[], Any], *, within: float = 10.0, every: float = 0.02, what: str = "it"
) -> Any:
    """Do the same without blocking the event loop; `predicate` may be a coroutine function."""
    end = time.monotonic() + within
    while True:
        answer = predicate()
        value = await answer if asyncio.iscoroutine(answer) else answer
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {within:g} s in vain for {what}")
        await asyncio.sleep(every)
