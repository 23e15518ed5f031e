"""The caution with one shard or intake: who is suspected there, and what is in flight meanwhile."""

from __future__ import annotations

import contextlib
import logging
import time
from contextlib import AbstractAsyncContextManager, asynccontextmanager
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

    from router.engine.care.solitude import Solitude
    from router.store.leases import Lease
    from router.store.suspects import Suspects

_log = logging.getLogger("router.engine")

ANOTHER_WAIT = 1.0
"""Seconds until it is looked again whether another suspect is still alone."""

Present: TypeAlias = "Callable[[list[str]], Awaitable[set[str]]]"
"""Tells which of some suspects are still there."""


class Caution:
    """What its owner knows; where no owner ended of late, nothing is asked or written."""

    def __init__(self, suspects: Suspects, lease: Lease) -> None:
        self._suspects = suspects
        self._lease = lease
        self._known: dict[str, Suspicion] = {}
        self._flying: dict[str, Suspicion | None] = {}
        """What was known of those in flight before."""
        self._owed: dict[str, Suspicion | None] = {}
        """What the store has still to be told: None of who is suspected no more."""
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
                len(self._known), _place(self._lease.name),
            )  # fmt: skip

    @property
    def wary(self) -> bool:
        """Whether what is in flight has to be written down."""
        return bool(self._known or self._owed) or time.monotonic() < self._wary_until

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
        before = {name: self._known.get(name) for name in names}
        self._flying |= before
        try:
            await self._note(before)
            try:
                yield
            except BaseException:
                self._owed |= before
                await self.tell()
                raise
            for name in names:
                self._known.pop(name, None)
            self._owed |= dict.fromkeys(names)
            await self.tell()
        finally:
            for name in names:
                self._flying.pop(name, None)

    def company(self, found: Manner, solitude: Solitude) -> AbstractAsyncContextManager[None]:
        """Return what one that may be tried now is tried within: alone, or one of many."""
        return self.alone(solitude) if isinstance(found, Alone) else solitude.company()

    @asynccontextmanager
    async def alone(self, solitude: Solitude) -> AsyncIterator[None]:
        """Let one be alone in this process, and the only one that is so anywhere.

        Who ends all processes of a host at once would prove others guilty that are alone there.
        Raises NotStarted while another is alone; after an owner's end that lasts for its lease.
        """
        right = self._suspects.alone()
        if not await right.acquire():
            raise NotStarted("another is alone", ANOTHER_WAIT)
        try:
            async with solitude.alone():
                try:
                    await right.renew()
                except LeaseLost:
                    raise NotStarted("another is alone", ANOTHER_WAIT) from None
                yield
        finally:
            with contextlib.suppress(*UNREACHABLE):
                await right.release()

    async def acquit(self) -> None:
        """Say that what is still in flight ends nobody: its owner lives, and gives it back."""
        self._owed |= self._flying
        await self.tell()

    def forget(self, name: str) -> None:
        """Suspect no more what is proven, and settled now."""
        self._known.pop(name, None)
        self._owed[name] = None

    async def tell(self) -> None:
        """Write what is owed, if that can be now; else it is told with what is written next."""
        if self._owed:
            with contextlib.suppress(LeaseLost, *UNREACHABLE):
                await self._write({})

    async def _note(self, before: dict[str, Suspicion | None]) -> None:
        """Note some as in flight; when that fails, nobody knows whether it was written."""
        owner = self._lease.owner
        try:
            await self._write(
                {
                    name: Suspicion(one.deaths + 1 if one else 1, owner)
                    for name, one in before.items()
                }
            )
        except LeaseLost:
            raise NotStarted("lease") from None
        except BaseException:
            self._owed |= before
            raise

    async def _write(self, noted: dict[str, Suspicion]) -> None:
        """Write these, and what is owed, which stays owed when that fails."""
        owed, self._owed = self._owed, {}
        old = {name: one for name, one in owed.items() if name not in noted}
        known = {name: one for name, one in old.items() if one is not None}
        try:
            await self._suspects.write(known | noted, [name for name in old if name not in known])
        except BaseException:
            self._owed = owed | self._owed
            raise


def _place(lease: str) -> str:
    """Return what is owned in words: a shard's lease bears a mere number."""
    return f"shard {lease}" if lease.isdecimal() else f"the {lease}"
