"""The dictionaries that were learned from a store's entries: beside them, in every shard."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from router.store import keys
from router.store.codec import is_unlearned
from router.store.dictionary import BY_SIGN, LEARNED, SIGN, learned
from router.store.refusal import StrangeKey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from router.store.connection import Client
    from router.store.dictionary import Dictionary

FORMAT = 3
"""The version of a store whose entries may be packed with learned dictionaries."""


class Dictionaries:
    """What a store's entries can be unpacked with.

    Each shard has them all: what packed an entry shares its fate, whatever becomes of a server.
    None is ever removed, since an entry may wait for months.
    """

    def __init__(self, redis: Client, shards: int) -> None:
        self._redis = redis
        self._shards = shards

    async def know(self, shard: int, entries: Iterable[bytes]) -> None:
        """Let this process know what packed these entries of a shard, wherever it still is."""
        unknown = [raw for raw in entries if raw[:1] == LEARNED and is_unlearned(raw)]
        others = (number for number in range(self._shards) if number != shard)
        for number in (shard, *others) if unknown else ():
            for raw in await self._kept(number):
                with contextlib.suppress(ValueError):
                    learned(raw)
            if not any(map(is_unlearned, unknown)):
                return

    async def _kept(self, shard: int) -> list[bytes]:
        try:
            return list(await self._redis.hvals(keys.dictionaries(shard)))
        except StrangeKey:
            return []  # another shard has the same

    async def current(self) -> Dictionary | None:
        """Return what new entries are to be packed with; None where nothing is kept.

        Raises ValueError for what is no dictionary.
        """
        named = await self._redis.get(keys.DICTIONARY)
        if named is None:
            return None
        found = BY_SIGN.get(LEARNED + int(named).to_bytes(SIGN - 1, "big"))
        if found is None:
            raw = await self._redis.hget(keys.dictionaries(0), named)
            found = learned(raw) if raw is not None else None
        return found

    async def count(self) -> int:
        """Return how many were learned so far."""
        return int(await self._redis.hlen(keys.dictionaries(0)))

    async def announce(self) -> None:
        """Keep out releases that could not unpack what is packed with a learned dictionary."""
        written = await self._redis.hget(keys.SETUP, "format")
        if int(written or 0) < FORMAT:
            await self._redis.hset(keys.SETUP, "format", FORMAT)

    async def adopt(self, dictionary: Dictionary) -> None:
        """Keep a dictionary in every shard, then have new entries packed with it."""
        for shard in range(self._shards):
            await self._redis.hset(keys.dictionaries(shard), str(dictionary.id), dictionary.raw)
        await self._redis.set(keys.DICTIONARY, dictionary.id)
