"""The shelf: arrivals that could not be read or routed, whole, until somebody mends the cause."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from router.store import keys

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from router.store.connection import Client
    from router.store.scripts import Scripts

PAGE = 200


@dataclass(frozen=True, slots=True)
class ShelfItem:
    """One arrival on the shelf. `raw` is the original: show it only to who may reveal."""

    id: str
    """`shelf/STREAM-ID`: what `router dead show` takes."""
    reason: str
    raw: bytes = field(repr=False)
    origin: str
    source: str | None
    received_at: int | None
    at: int


class Shelf:
    """All arrivals on the shelf."""

    def __init__(self, redis: Client, scripts: Scripts) -> None:
        self._redis = redis
        self._scripts = scripts

    async def scan(self) -> AsyncIterator[ShelfItem]:
        """Yield what is on the shelf, oldest first."""
        after = b"-"
        while True:
            found = await self._redis.xrange(keys.SHELF, min=after, count=PAGE)
            for stream_id, fields in found:
                yield _item(stream_id, fields)
            if len(found) < PAGE:
                return
            after = b"(" + found[-1][0]

    async def get(self, item_id: str) -> ShelfItem | None:
        """Return one item by `shelf/STREAM-ID` or by the bare stream id."""
        stream_id = item_id.removeprefix("shelf/")
        if not stream_id.replace("-", "", 1).isdigit():
            return None
        for entry, fields in await self._redis.xrange(keys.SHELF, min=stream_id, max=stream_id):
            return _item(entry, fields)
        return None

    async def length(self) -> int:
        """Return how many arrivals are on the shelf."""
        return int(await self._redis.xlen(keys.SHELF))

    async def put_back(self, item: ShelfItem, stream: str) -> bool:
        """Queue an arrival again, in one step with taking it off; False when it was gone."""
        fields: list[bytes | str | int] = ["event", item.raw]
        if item.source is not None:
            fields += ("source", item.source)
        if item.received_at is not None:
            fields += ("received_at", item.received_at)
        stream_id = item.id.removeprefix("shelf/")
        return bool(
            await self._scripts("put_back", [keys.SHELF, stream, keys.INTAKE], [stream_id, *fields])
        )

    async def drop(self, item: ShelfItem) -> bool:
        """Take an arrival off the shelf for good."""
        stream_id = item.id.removeprefix("shelf/")
        return bool(await self._scripts("drop", [keys.SHELF, keys.INTAKE], [stream_id]))


def _item(stream_id: bytes, fields: dict[bytes, bytes]) -> ShelfItem:
    source = fields.get(b"source")
    received = fields.get(b"received_at")
    return ShelfItem(
        id=f"shelf/{stream_id.decode()}",
        reason=fields.get(b"reason", b"unknown").decode(),
        raw=fields.get(b"raw", b""),
        origin=fields.get(b"origin", b"").decode("utf-8", "replace"),
        source=source.decode("utf-8", "replace") if source else None,
        received_at=int(received) if received else None,
        at=int(fields.get(b"at", b"0")),
    )
