"""What entries are packed with: the dictionary that ships, until a better one was learned.

Whoever routes keeps some of what it packed. When there is enough of it, a dictionary is made from
their texts without anybody's values; if others of them come to clearly less with it, it is kept
in the store, and all workers pack with it from then on. Whatever goes wrong here costs bytes, and
never an event.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from asyncio import sleep
from typing import TYPE_CHECKING

from router.engine.route.training import better
from router.store.codec import text_of
from router.store.connection import UNREACHABLE
from router.store.dictionaries import FORMAT
from router.store.dictionary import SHIPPED, learned
from router.store.refusal import StrangeKey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from router.store.store import Store

_log = logging.getLogger("router.engine")

SAMPLES = 2_000
"""Entries that a dictionary is learned from: routed one after the other, so within seconds."""
SAMPLED_BYTES = 4 * 1024 * 1024
"""Bytes that their texts come to at most: learning takes a second for each two millions."""
LONGEST = 16 * 1024
"""Bytes of a text that is learned from; a longer one says more of itself than of others."""
MOST = 16
"""Dictionaries that a store may have, each in every shard; then it keeps the last."""
SAID_WITHIN = 2.0
"""Seconds after which a worker that has begun to work has said that it lives."""
LOOK_EVERY = 5.0
"""Seconds between two looks at what the store says is in use."""
REST = 3600.0
"""Seconds between two looks at what is routed."""


class Packing:
    """The dictionary in use, and the samples from which the next is learned.

    `held` tells the places of destinations that get nothing for now: what goes to them waits, and
    is packed patiently. `follows` uses what any worker has learned; `learns` does so here as well.
    """

    def __init__(
        self,
        *,
        held: Callable[[], frozenset[int]] = frozenset,
        follows: bool = False,
        learns: bool = False,
    ) -> None:
        self.held = held
        self.dictionary = SHIPPED
        self.lessons = 0
        """How often samples were looked at, whatever came of it."""
        self._samples: list[tuple[bytes, bytes]] = []
        self._bytes = 0
        self.sampling = False
        """Whether it wants to `see` more."""
        self._follows = follows
        self._learns = learns
        self._enough = asyncio.Event()
        self._troubled = False

    def see(self, user: bytes, entries: Sequence[bytes]) -> None:
        """Keep the text of one of an event's entries; to be called while it is `sampling`.

        `user` is the turn of somebody who is known by a userId; else empty, and counts as nobody.
        """
        if not entries:
            return
        text = text_of(entries[len(self._samples) % len(entries)])
        if len(text) <= LONGEST:
            self._samples.append((user, text))
            self._bytes += len(text)
        if len(self._samples) >= SAMPLES or self._bytes >= SAMPLED_BYTES:
            self.sampling = False
            self._enough.set()

    async def follow(self, store: Store) -> None:
        """Use what the store says is in use, over and over; never returns."""
        while True:
            if self._follows:
                await self.look(store)
            await sleep(LOOK_EVERY)

    async def look(self, store: Store) -> None:
        """Use what the store says is in use; should it have lost that, give it back.

        Where it cannot be read, what ships is used; where nobody can be asked, what was used.
        """
        try:
            current = await store.dictionaries.current()
            if current is None and self.dictionary is not SHIPPED:
                await store.dictionaries.announce()
                await store.dictionaries.adopt(self.dictionary)
            else:
                self.dictionary = current or SHIPPED
        except Exception as error:  # noqa: BLE001 - the work goes on without
            if isinstance(error, UNREACHABLE) and not isinstance(error, StrangeKey):
                return  # others say so
            self.dictionary = SHIPPED
            if not self._troubled:
                _log.error("the store's dictionary cannot be used: %s", type(error).__name__)
            self._troubled = True
        else:
            self._troubled = False

    async def learn(self, store: Store) -> None:
        """Learn from what is routed, over and over; never returns."""
        while True:
            self.sampling = self._learns
            await self._enough.wait()
            samples, self._samples, self._bytes = self._samples, [], 0
            self._enough.clear()
            try:
                await self._learn_from(samples, store)
            except Exception as error:  # noqa: BLE001 - it is worth no event, and is tried again
                _log.warning("no dictionary was learned: %s", type(error).__name__)
            self.lessons += 1
            await sleep(REST)

    async def _learn_from(self, samples: list[tuple[bytes, bytes]], store: Store) -> None:
        ended = threading.Event()
        try:
            found = await asyncio.to_thread(better, samples, self.dictionary, ended.is_set)
        finally:
            ended.set()
        if found is None or not await _is_welcome(store):
            return
        await store.dictionaries.announce()
        await sleep(SAID_WITHIN)
        if await _is_welcome(store):  # no older release came meanwhile
            dictionary = learned(found)
            await store.dictionaries.adopt(dictionary)
            self.dictionary = dictionary
            _log.info("entries are packed with a dictionary learned from %d", len(samples))


async def _is_welcome(store: Store) -> bool:
    """Tell whether the store has room for a dictionary that every living worker can read."""
    members = await store.members.all()
    readers = all(facts.get("format", 0) >= FORMAT for facts in members.values())
    return readers and await store.dictionaries.count() < MOST
