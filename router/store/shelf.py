"""The shelf: arrivals that could not be read or routed, whole, until somebody mends the cause."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from router.store import keys

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from router.store.connection import Client
    from router.store.scripts import Scripts

PAGE = 200
_ID = re.compile(r"shelf/(?P<shard>\d+)/(?P<entry>\d+-\d+)")


@dataclass(frozen=True, slots=True)
class ShelfItem:
    """One arrival on the shelf. `raw` is the original: show it only to who may reveal."""

    id: str
    """`shelf/SHARD/STREAM-ID`: what `router dead show` takes."""
    reason: str
    raw: bytes = field(repr=False)
    origin: str
    source: str | None
    received_at: int | None
    at: int


class Shelf:
    """All arrivals on the shelf: each shard keeps some of them."""

    def __init__(self, redis: Client, scripts: Scripts, shards: int) -> None:
        self._redis = redis
        self._scripts = scripts
        self._shards = shards

    async def scan(self) -> AsyncIterator[ShelfItem]:
        """Yield what is on the shelf, shard by shard, oldest first."""
        for shard in range(self._shards):
            after = b"-"
            while True:
                found = await self._redis.xrange(keys.shelf(shard), min=after, count=PAGE)
                for stream_id, fields in found:
                    yield _item(shard, stream_id, fields)
                if len(found) < PAGE:
                    break
                after = b"(" + found[-1][0]

    async def get(self, item_id: str) -> ShelfItem | None:
        """Return one item by its id."""
        match = _ID.fullmatch(item_id)
        if match is None:
            return None
        shard, entry = int(match["shard"]), match["entry"]
        for stream_id, fields in await self._redis.xrange(keys.shelf(shard), min=entry, max=entry):
            return _item(shard, stream_id, fields)
        return None

    async def length(self) -> int:
        """Return how many arrivals are on the shelf."""
        pipeline = self._redis.pipeline(transaction=False)
        for shard in range(self._shards):
            pipeline.xlen(keys.shelf(shard))
        return sum(map(int, await pipeline.execute()))

    async def put_back(self, item: ShelfItem, stream: str) -> bool:
        """Queue an arrival again and take it off; False when it was gone.

        Queue and shelf may lie on different servers: whatever comes between the steps, a repeat
        goes on, and queues nothing twice; nor do two at once.
        """
        if await self.get(item.id) is None:
            return False
        fields: list[bytes | str | int] = ["event", item.raw]
        if item.source is not None:
            fields += ("source", item.source)
        if item.received_at is not None:
            fields += ("received_at", item.received_at)
        returned = keys.returned(stream)
        await self._scripts("requeue", [stream, returned], [item.id, *fields])
        return await self._leave(item, "put_back")

    async def drop(self, item: ShelfItem) -> bool:
        """Take an arrival off the shelf for good."""
        return await self._leave(item, "dropped")

    async def _leave(self, item: ShelfItem, counter: str) -> bool:
        _, shard, entry = item.id.split("/")
        places = [keys.shelf(int(shard)), keys.ledger(int(shard))]
        return bool(await self._scripts("drop", places, [entry, counter]))


def _item(shard: int, stream_id: bytes, fields: dict[bytes, bytes]) -> ShelfItem:
    source = fields.get(b"source")
    received = fields.get(b"received_at")
    return ShelfItem(
        id=f"shelf/{shard}/{stream_id.decode()}",
        reason=fields.get(b"reason", b"unknown").decode(),
        raw=fields.get(b"raw", b""),
        origin=fields.get(b"origin", b"").decode("utf-8", "replace"),
        source=source.decode("utf-8", "replace") if source else None,
        received_at=int(received) if received else None,
        at=int(fields.get(b"at", b"0")),
    )
