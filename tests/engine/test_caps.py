"""What is too large is cut, refused or taken in smaller parts, before it is in memory."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar, cast

import zstandard

from router.engine.deliver.reading import PAGE_BYTES, READ_AT_LEAST, READ_AT_ONCE, Reading
from router.engine.deliver.window import Window
from router.store.dictionary import LARGEST, SHIPPED
from router.store.lanes import Waiting
from router.store.store import Store
from tests.engine.stage import LANE, Vendors, configuration, place, running
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.engine.care.caution import Caution
    from router.engine.deliver.turn import Item, Place
    from router.store.lanes import Lanes, Try


class Shelf:
    """Lanes without end, of entries of one size; remembers how many were asked for."""

    def __init__(self, size: int) -> None:
        self.raw = b"x" * size
        self.asked: list[int] = []

    async def tries(self, *_: Any) -> dict[bytes, Try]:
        """Remember no failure."""
        return {}

    async def read(self, _: int, wanted: Sequence[tuple[str, bytes, int]]) -> list[list[Waiting]]:
        """Return as many as are wanted."""
        [(_lane, after, count)] = wanted
        self.asked.append(count)
        first = int(after.partition(b"-")[0]) + 1
        return [[Waiting(b"%d-0" % n, b"%d" % n, self.raw) for n in range(first, first + count)]]


class Taker:
    """Whoever reads: a window of a destination."""

    def __init__(self) -> None:
        self.window: Window[str] = Window("batch", most=2_000, share=250)

    @property
    def room(self) -> int:
        """Say how many more fit."""
        return self.window.room

    def add(self, items: Sequence[Item[str]]) -> None:
        """Take them."""
        self.window.add(items, 0.0, 0)

    def gap(self, home: str) -> Place | None:
        """Want nothing again."""
        return self.window.gap(home)

    def fill(self, home: str, items: Sequence[Item[str]], *, after: Place, whole: bool) -> None:
        """Take them again."""
        self.window.fill(home, items, 0.0, 0, after=after, whole=whole)

    def drop(self, home: str) -> None:
        """Forget all."""
        self.window.drop(home)


class Trust:
    """Suspects nobody."""

    suspects: ClassVar[dict[str, int]] = {}

    async def begin(self, _: object) -> None:
        """Have nothing to learn."""


async def read_full(size: int) -> tuple[list[int], Taker]:
    """Read lanes of entries of a size until there is no more room."""
    shelf, taker = Shelf(size), Taker()
    reading = Reading("home", 0, cast("Lanes", shelf), {LANE: taker}, cast("Caution", Trust()))
    task = asyncio.create_task(reading.run())
    await wait_until_async(lambda: not taker.room, what="a full window")
    reading.end()
    await task
    return shelf.asked, taker


async def test_large_entries_are_read_a_few_at_a_time() -> None:
    """What a page comes to is bounded by bytes, and what a window holds as well."""
    asked, taker = await read_full(1_000_000)

    assert READ_AT_LEAST == asked[0]
    assert {PAGE_BYTES // 1_000_000} == set(asked[1:])
    assert taker.window.bytes < 70_000_000


async def test_small_entries_are_read_many_at_a_time() -> None:
    """Small entries are bounded by their number alone."""
    asked, taker = await read_full(300)

    assert READ_AT_ONCE in asked
    assert 2_000 <= taker.window.bodies < 2_000 + READ_AT_ONCE


async def test_a_bomb_in_a_lane_is_a_dead_letter(redis: Any) -> None:
    """What would be too large when unpacked dies as unreadable; its neighbours arrive."""
    store, vendors = Store(redis, 4), Vendors()
    frame = zstandard.ZstdCompressor().compress(b"0" * (LARGEST + 1))
    assert 10_000 > len(frame)
    bomb = SHIPPED.sign + bytes(7) + frame.removeprefix(zstandard.FRAME_HEADER)
    await redis.xadd(f"router:{{0}}:lane:{LANE}", {"u": b"ann", "d": bomb})
    await place(store, 0, b"ann", "behind it")
    async with running(configuration(), redis, vendors):
        await wait_until_async(lambda: vendors.names() == ["behind it"], within=20)
        await wait_until_async(lambda: redis.xlen(f"router:{{0}}:dead:{LANE}"), within=20)

    [(_, letter)] = await redis.xrange(f"router:{{0}}:dead:{LANE}")
    assert b"unreadable" == letter[b"reason"]
