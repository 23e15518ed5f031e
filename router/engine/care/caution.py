"""The caution with one shard or intake: who is suspected there, and what is in flight meanwhile."""

from __future__ import annotations

import logging
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias

from router.engine.care.suspicion import (
    ALONE_AT,
    WARY_LEASES,
    Alone,
    Manner,
    Poison,
    Together,
    manner,
)
from router.engine.deliver.exchange import NotStarted
from router.store.connection import UNREACHABLE
from router.store.leases import LeaseLost
from router.store.suspects import Suspicion

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from router.store.leases import Lease
    from router.store.suspects import Suspects

_log = logging.getLogger("router.engine")

Present: TypeAlias = "Callable[[list[str]], Awaitable[set[str]]]"
"""Tells which of some suspects are still there."""


class Caution:
    """What its owner knows; where no owner ended of late, nothing is asked or written."""

    def __init__(self, suspects: Suspects, lease: Lease) -> None:
        self._suspects = suspects
        self._lease = lease
        self._known: dict[str, Suspicion] = {}
        self._cleared: set[str] = set()
        self._wary_until = 0.0
        if lease.gone_at is not None:
            self._wary_until = lease.gone_at + WARY_LEASES * lease.length

    async def begin(self, present: Present) -> None:
        """Learn who is suspected; raises what the store raises."""
        if self._lease.gone_at is None:
            return
        known = await self._suspects.read()
        there = await present(list(known)) if known else set()
        await self._suspects.write({}, [name for name in known if name not in there])
        self._known = {name: one for name, one in known.items() if name in there}
        if self._known:
            _log.warning(
                "%d entries of %s were in flight when a worker ended: they are tried with care",
                len(self._known), self._lease.name,
            )  # fmt: skip

    @property
    def wary(self) -> bool:
        """Whether what is in flight has to be written down."""
        return bool(self._known) or time.monotonic() < self._wary_until

    @property
    def suspects(self) -> dict[str, int]:
        """How many owners ended with each suspect."""
        return {name: one.deaths for name, one in self._known.items()}

    async def manner(self, name: str) -> Manner:
        """Return how one may be tried now.

        Who lives has not ended: an owner that was only cut off from the store proves nothing.
        """
        one = self._known.get(name)
        if one is None:
            return Together()
        found = self._manner(one)
        ready = isinstance(found, Poison) or (isinstance(found, Alone) and not found.wait)
        if ready and one.owner in await self._suspects.living():
            one = self._known[name] = Suspicion(max(ALONE_AT - 1, one.deaths - 1), "")
            return self._manner(one)
        return found

    def _manner(self, one: Suspicion) -> Manner:
        gone_at = self._lease.gone_at or 0.0
        return manner(one.deaths, time.monotonic() - gone_at, self._lease.length)

    @asynccontextmanager
    async def flight(self, names: Sequence[str]) -> AsyncIterator[None]:
        """Write down what is in flight within; what came through it is suspected no more.

        When it ends otherwise, they are what they were. Raises NotStarted when the lease is lost.
        """
        before = {name: self._known[name] for name in names if name in self._known}
        now = dict.fromkeys(names, Suspicion(1, self._lease.owner))
        now |= {name: Suspicion(one.deaths + 1, self._lease.owner) for name, one in before.items()}
        cleared, self._cleared = self._cleared - now.keys(), set()
        try:
            await self._suspects.write(now, cleared)
        except LeaseLost:
            raise NotStarted("lease") from None
        try:
            yield
        except BaseException:
            await self._tell(before, set(names) - before.keys())
            raise
        for name in names:
            self._known.pop(name, None)
        await self._tell({}, set(names))

    def forget(self, name: str) -> None:
        """Suspect no more what is proven, and settled now."""
        self._known.pop(name, None)
        self._cleared.add(name)

    async def _tell(self, noted: dict[str, Suspicion], cleared: set[str]) -> None:
        """Write it now if that can be; else who is cleared is told with what is written next."""
        try:
            await self._suspects.write(noted, cleared)
        except (LeaseLost, *UNREACHABLE):
            self._cleared |= cleared
