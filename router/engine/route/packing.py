"""What entries are packed with: the dictionary that ships, until a better one was learned.

Whoever routes keeps some of what it packed. When there is enough of it, a dictionary is made from
their texts without anybody's values; if others of them come to clearly less with it, it is kept
in the store, and all workers pack with it from then on.
"""

from __future__ import annotations

import asyncio
import logging
from asyncio import sleep
from typing import TYPE_CHECKING

import zstandard

from router.engine.route.anonymising import anonymised
from router.store.codec import text_of
from router.store.dictionaries import FORMAT
from router.store.dictionary import LEARNED, SHIPPED, Dictionary, learned

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from router.store.store import Store

_log = logging.getLogger("router.engine")

SAMPLES = 2_000
"""Entries that a dictionary is learned from: routed one after the other, so within seconds."""
TRIED_ON = 4
"""Each so-many-th sample is not learned from: candidates are tried on it."""
SIZE = 32 * 1024
"""Bytes of a dictionary; twice as many save 5 % of an entry, half as many cost 13 %."""
BETTER = 0.9
"""What entries must come to at most, by those in use, for a new one to be worth its place."""
MOST = 16
"""Dictionaries that a store may have, each in every shard; then it keeps the last."""
SAID_WITHIN = 2.0
"""Seconds after which a worker that has begun to work has said that it lives."""
REST = 3600.0
"""Seconds between two looks at what is routed."""


class Packing:
    """The dictionary in use, and the samples from which the next is learned.

    `held` tells the places of destinations that get nothing for now: what goes to them waits, and
    is packed patiently.
    """

    def __init__(
        self, *, held: Callable[[], frozenset[int]] = frozenset, learns: bool = False
    ) -> None:
        self.held = held
        self.dictionary = SHIPPED
        self._samples: list[tuple[bytes, bytes]] = []
        self._wanted = 0
        self._learns = learns
        self._enough = asyncio.Event()

    def see(self, turn: bytes, entries: Sequence[bytes]) -> None:
        """Keep one of an event's entries, while there are not enough of them."""
        if self._wanted and entries:
            self._samples.append((turn, entries[self._wanted % len(entries)]))
            self._wanted -= 1
            if not self._wanted:
                self._enough.set()

    async def follow(self, store: Store) -> None:
        """Use what the store says is in use; should it have lost that, give it back."""
        if not self._learns:
            return
        current = await store.dictionaries.current()
        if current is None and self.dictionary is not SHIPPED:
            await store.dictionaries.adopt(self.dictionary)
        else:
            self.dictionary = current or SHIPPED

    async def learn(self, store: Store) -> None:
        """Learn from what is routed, over and over; never returns."""
        while True:
            self._wanted = SAMPLES - len(self._samples) if self._learns else 0
            await self._enough.wait()
            samples = [(turn, text_of(entry)) for turn, entry in self._samples]
            self._samples = []
            self._enough.clear()
            found = await _learned_from(samples, self.dictionary)
            if found is not None and await _is_welcome(store):
                await store.dictionaries.announce()
                await sleep(SAID_WITHIN)
                if await _is_welcome(store):  # no older release came meanwhile
                    await self._adopt(store, found)
            await sleep(REST)

    async def _adopt(self, store: Store, found: bytes) -> None:
        dictionary = learned(found)
        await store.dictionaries.adopt(dictionary)
        self.dictionary = dictionary
        _log.info("entries are packed with a dictionary learned from %d of them", SAMPLES)


async def _learned_from(
    samples: Sequence[tuple[bytes, bytes]], current: Dictionary
) -> bytes | None:
    """Look for a better dictionary beside the work; whatever comes of it, the work goes on."""
    try:
        return await asyncio.to_thread(better, samples, current)
    except Exception as error:  # noqa: BLE001 - it is worth no event
        _log.error("learning a dictionary failed with %s", type(error).__name__)
        return None


def better(samples: Sequence[tuple[bytes, bytes]], current: Dictionary) -> bytes | None:
    """Return a dictionary that packs entries like these clearly better than `current`, or None.

    `samples` are turns and texts. No value of fewer than `anonymising.SHARED_BY` users is in it.
    """
    tried = [text for _, text in samples[::TRIED_ON]]
    texts = anonymised([pair for place, pair in enumerate(samples) if place % TRIED_ON])
    try:
        raw = zstandard.train_dictionary(SIZE, [*texts], k=2000, d=8, f=20, accel=1, level=1)
    except zstandard.ZstdError:  # too little, or too much alike
        return None
    candidate = Dictionary(bytes(raw.as_bytes()), LEARNED)
    worth = _size(candidate, tried) <= BETTER * _size(current, tried)
    return candidate.raw if candidate.id and worth else None


def _size(dictionary: Dictionary, texts: Sequence[bytes]) -> int:
    return sum(len(dictionary.fast.compress(text)) for text in texts)


async def _is_welcome(store: Store) -> bool:
    """Tell whether the store has room for a dictionary that every living worker can read."""
    members = await store.members.all()
    readers = all(facts.get("format", 0) >= FORMAT for facts in members.values())
    return readers and await store.dictionaries.count() < MOST
