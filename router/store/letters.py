"""Dead letters: deliveries that will not be tried again by themselves, kept with the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from router.events.keys import turns_in
from router.observe.lane import destination_of
from router.store import keys
from router.store.codec import Entry, Undecodable, unpack

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from router.store.connection import Client
    from router.store.dictionaries import Dictionaries
    from router.store.scripts import Scripts

PAGE = 500
MOST_AT_ONCE = 1_000
"""Letters that one script call moves: Lua unpacks no more than about 8,000 values."""
_ID = re.compile(r"(?P<destination>[a-z0-9_-]+)/(?P<shard>\d+)/(?P<entry>\d+-\d+)")


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead letter.

    When its policy failed nothing was stripped, so nothing is kept here: `entry` has no body,
    and `shelf` names the original. `entry` is None when it cannot be read.
    Times are milliseconds of Unix time.
    """

    id: str
    """`DESTINATION/SHARD/STREAM-ID`: what `router dead show` takes."""
    lane: str
    shard: int
    stream_id: str
    reason: str
    status: int | None
    attempts: int
    first_failed_at: int | None
    dead_at: int
    replays: int
    turn: bytes = field(repr=False)
    entry: Entry | None = field(repr=False)
    shelf: str | None = None
    """The id of its original: `shelf/SHARD/STREAM-ID`."""

    @property
    def turns(self) -> tuple[bytes, ...]:
        """The turns of its user's ids."""
        return (self.turn, *turns_in(self.entry.other)) if self.entry else (self.turn,)

    @property
    def destination(self) -> str:
        """The destination's name."""
        return destination_of(self.lane)


class Letters:
    """All dead letters of all lanes."""

    def __init__(
        self, redis: Client, scripts: Scripts, dictionaries: Dictionaries, shards: int
    ) -> None:
        self._redis = redis
        self._scripts = scripts
        self._dictionaries = dictionaries
        self._shards = shards

    async def scan(self, lanes: Sequence[str]) -> AsyncIterator[Letter]:
        """Yield the letters of some lanes, lane by lane and shard by shard, oldest first."""
        for lane in lanes:
            for shard in range(self._shards):
                after = b"-"
                while True:
                    found = await self._redis.xrange(keys.dead(shard, lane), min=after, count=PAGE)
                    await self._know(shard, found)
                    for stream_id, fields in found:
                        yield _letter(lane, shard, stream_id, fields)
                    if len(found) < PAGE:
                        break
                    after = b"(" + found[-1][0]

    async def get(self, letter_id: str) -> Letter | None:
        """Return one letter by its id, or None."""
        match = _ID.fullmatch(letter_id)
        if match is None:
            return None
        shard = int(match["shard"])
        for lane in sorted(name.decode() for name in await self._redis.smembers(keys.LANES)):
            if destination_of(lane) != match["destination"]:
                continue
            entry = match["entry"]
            found = await self._redis.xrange(keys.dead(shard, lane), min=entry, max=entry)
            await self._know(shard, found)
            for stream_id, fields in found:
                return _letter(lane, shard, stream_id, fields)
        return None

    async def _know(self, shard: int, found: Sequence[tuple[bytes, dict[bytes, bytes]]]) -> None:
        """Know what packed the entries of some letters."""
        await self._dictionaries.know(shard, [fields.get(b"d", b"") for _, fields in found])

    async def replay(self, letters: Sequence[Letter], now_ms: int) -> int:
        """Move letters back to the tail of their lanes; returns how many moved (once each).

        Letters without a payload do not move: they must be routed again (`reroute`).
        """
        moved = 0
        for lane, shard, ids in _by_home(letters):
            moved += await self._scripts(
                "replay",
                [keys.dead(shard, lane), keys.lane(shard, lane), keys.ledger(shard),
                 keys.hour(shard, now_ms)],
                [lane, shard, keys.WAKE, *ids],
            )  # fmt: skip
        return moved

    async def reroute(
        self, letter: Letter, body: bytes | None, now_ms: int, *, reason: str = ""
    ) -> bool:
        """Replace a letter without a payload by its delivery, or by a skip with `reason`."""
        return bool(
            await self._scripts(
                "reroute",
                [
                    keys.dead(letter.shard, letter.lane),
                    keys.lane(letter.shard, letter.lane),
                    keys.ledger(letter.shard),
                    keys.hour(letter.shard, now_ms),
                ],
                [
                    letter.lane,
                    letter.shard,
                    keys.WAKE,
                    letter.stream_id,
                    letter.turn,
                    body or b"",
                    reason,
                ],
            )
        )

    async def discard(self, letters: Sequence[Letter], now_ms: int) -> int:
        """Drop letters for good; they stay counted as dead."""
        gone = 0
        for lane, shard, ids in _by_home(letters):
            gone += await self._scripts(
                "discard",
                [keys.dead(shard, lane), keys.ledger(shard), keys.hour(shard, now_ms)],
                [lane, *ids],
            )
        return gone


def _by_home(letters: Sequence[Letter]) -> Iterator[tuple[str, int, list[str]]]:
    """Yield lane, shard and as many ids as one script call may take."""
    homes: dict[tuple[str, int], list[str]] = {}
    for letter in letters:
        homes.setdefault((letter.lane, letter.shard), []).append(letter.stream_id)
    for (lane, shard), ids in homes.items():
        for at in range(0, len(ids), MOST_AT_ONCE):
            yield lane, shard, ids[at : at + MOST_AT_ONCE]


def _letter(lane: str, shard: int, stream_id: bytes, fields: dict[bytes, bytes]) -> Letter:
    number = _numbers(fields)
    shelf = fields.get(b"shelf")
    return Letter(
        id=f"{lane.partition(':')[0]}/{shard}/{stream_id.decode()}",
        lane=lane,
        shard=shard,
        stream_id=stream_id.decode(),
        reason=fields.get(b"reason", b"unknown").decode(),
        status=number.get("status"),
        attempts=number.get("attempts") or 0,
        first_failed_at=number.get("first_failed_at"),
        dead_at=number.get("at") or 0,
        replays=number.get("n") or 0,
        turn=fields.get(b"u", b""),
        entry=_entry(fields.get(b"d", b"")),
        shelf=f"shelf/{shard}/{shelf.decode()}" if shelf else None,
    )


def _numbers(fields: dict[bytes, bytes]) -> dict[str, int]:
    names = (b"status", b"attempts", b"first_failed_at", b"at", b"n")
    return {name.decode(): int(fields[name]) for name in names if fields.get(name)}


def _entry(raw: bytes) -> Entry | None:
    try:
        return unpack(raw) if raw else None
    except Undecodable:
        return None
