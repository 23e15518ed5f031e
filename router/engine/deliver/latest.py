"""The latest known preferences: asked for by attempts that begin together, renewed by hand-offs."""

from __future__ import annotations

import asyncio
from itertools import chain
from typing import TYPE_CHECKING

from router.decide.consent.preference import (
    known_in,
    pack,
    remembered,
    taken_over,
    unpack,
)
from router.engine.deliver.exchange import NotStarted
from router.store.connection import UNREACHABLE
from router.store.preferences import Change

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from router.decide.consent.preference import Preference
    from router.decide.consent.signals import Signals
    from router.store.preferences import Preferences


class _Round:
    """Users asked for in one round trip, and its end."""

    __slots__ = ("failed", "found", "turns")

    def __init__(self) -> None:
        self.turns: set[bytes] = set()
        self.found: dict[bytes, bytes] | None = None
        self.failed = False


class Latest:
    """What is known of users now.

    One question is under way at a time, and whoever asks meanwhile shares the next one: it leaves
    after all of them asked, so that no answer is older than its question.
    """

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self._next = _Round()
        self._asking = asyncio.Lock()

    async def known(self, turns: Collection[bytes]) -> dict[bytes, Signals]:
        """Return what is known of those of these users who ever denied something.

        Raises NotStarted when the store does not answer: without it nothing may leave.
        """
        mine = self._next
        mine.turns.update(turns)
        async with self._asking:
            if mine.found is None and not mine.failed:
                await asyncio.sleep(0)  # others of this very moment join
                if self._next is mine:
                    self._next = _Round()
                try:
                    mine.found = await self._preferences.read(list(mine.turns))
                except UNREACHABLE:
                    mine.failed = True
        if mine.found is None:
            raise NotStarted("store")
        return {turn: known_in(raw) for turn in turns if (raw := mine.found.get(turn)) is not None}

    async def changes(
        self, stated: Mapping[bytes, Preference], linked: Collection[tuple[bytes, bytes]] = ()
    ) -> list[Change]:
        """Return what the preferences of users become by what they stated, for a hand-off.

        `linked` are a device and its user each, who takes over what the device refuses.
        """
        found = await self._preferences.read([*{*stated, *chain.from_iterable(linked)}])
        before = {turn: unpack(raw) for turn, raw in found.items()}
        known = dict(before)
        for device, user in linked:
            if said := remembered(before.get(device, ()), stated.get(device, ())):
                known[user] = taken_over(known.get(user, ()), said)
        changes = []
        for turn in {*known, *stated}:
            after = remembered(known.get(turn, ()), stated.get(turn, ()))
            if after != before.get(turn, ()):
                changes.append(Change(turn, found.get(turn, b""), pack(after)))
        return changes
