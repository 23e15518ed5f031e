"""The intakes as their owner sees them: what waits, in which order, and without polling."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from router.store import keys
from router.store.intakes import PEEK_BYTES, PEEK_EVENTS
from router.store.leases import LeaseLost
from router.store.shelf import Shelf
from router.store.store import Store
from tests.store.working import Hands, routed

if TYPE_CHECKING:
    from router.store.scripts import Scripts
    from router.store.shelf import ShelfItem

KINDS = ["stream", "list"]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_wait_ends_at_once_when_something_is_there(redis: Any, kind: str) -> None:
    """Nobody waits for what has already come, and waiting moves nothing."""
    hands = await Hands.on(redis, kind)
    await hands.push("e1", "e2")
    async with asyncio.timeout(10):
        await hands.intake.wait(60.0)

    assert [b"e1", b"e2"] == [arrival.raw for arrival in (await hands.intake.peek()).arrivals]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_wait_ends_when_something_comes(redis: Any, kind: str) -> None:
    """What is pushed during the wait ends it."""
    hands = await Hands.on(redis, kind)
    waiting = asyncio.create_task(hands.intake.wait(60.0))
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        while not waiting.done():
            await hands.push("e1")
            await asyncio.wait([waiting], timeout=0.05)

    assert waiting.exception() is None
    assert b"e1" == (await hands.intake.peek()).arrivals[0].raw


@pytest.mark.parametrize("kind", KINDS)
async def test_a_wait_ends_by_itself(redis: Any, kind: str) -> None:
    """A wait on an empty intake returns, so that its owner can look after its lease."""
    hands = await Hands.on(redis, kind)

    async with asyncio.timeout(10):
        await hands.intake.wait(0.05)
    assert 0 == (await hands.intake.peek()).count


async def test_what_the_producer_says_is_kept(redis: Any) -> None:
    """Source and time come from the entry's fields; a wrong time is that of the stream id."""
    hands = await Hands.on(redis)
    store = hands.store
    await store.push("events", [
        {"event": "a", "source": "shop", "received_at": "1700000000123"},
        {"event": "b", "received_at": "yesterday"},
        {"event": "c", "received_at": "9999999999999"},
    ])  # fmt: skip
    told, *wrong = (await hands.intake.peek()).arrivals

    assert ("shop", 1_700_000_000_123) == (told.source, told.received_at)
    for each in wrong:
        stream_id = each.origin.removeprefix("events:")
        assert (None, int(stream_id.split("-")[0])) == (each.source, each.received_at)


async def test_an_id_of_the_producers_own_is_no_time(redis: Any) -> None:
    """Ids that producers count themselves say nothing of when: then what is told counts alone."""
    hands = await Hands.on(redis)
    told = {"event": "a", "received_at": "1700000000123"}
    for entry_id, fields in (("1-1", told), ("2-1", {"event": "b"}), ("3-1", {"other": "c"}),
                             ("999999999999999999-1", {"event": "d"})):  # fmt: skip
        await redis.xadd("events", fields, id=entry_id)
    peek = await hands.intake.peek()

    assert [1_700_000_000_123, None, None] == [each.received_at for each in peek.arrivals]
    assert [None] == [each.received_at for each in peek.shelved]


async def test_list_items_have_their_place_as_origin(redis: Any) -> None:
    """A bare list item is known by its place among all that ever came: the same at every peek."""
    hands = await Hands.on(redis, "list")
    await hands.push("e1", "e2")
    first = [arrival.origin for arrival in (await hands.intake.peek()).arrivals]
    await hands.push("e3")
    again = [arrival.origin for arrival in (await hands.intake.peek()).arrivals]

    assert ["events-list:1", "events-list:2"] == first
    assert [*first, "events-list:3"] == again
    await hands.hand_off()
    await hands.push("e4")
    assert "events-list:4" == (await hands.intake.peek()).arrivals[0].origin


async def test_a_peek_behind_another_goes_on_where_it_ended(redis: Any) -> None:
    """What lies behind a peek is the next, whether the first was handed off meanwhile or not."""
    hands = await Hands.on(redis)
    await hands.push(*(f"e{n}" for n in range(PEEK_EVENTS + 3)))
    first = await hands.intake.peek()
    behind = await hands.intake.peek(behind=first)
    await hands.hand_off(first)

    assert behind == await hands.intake.peek(behind=first) == await hands.intake.peek()
    assert (PEEK_EVENTS, 3) == (behind.position, behind.count)
    assert 3 == (await hands.hand_off(behind)).accepted
    last = await hands.intake.peek(behind=behind)
    assert (PEEK_EVENTS + 3, 0) == (last.position, last.count)


async def test_what_lies_behind_is_not_handed_off_first(redis: Any) -> None:
    """A peek whose predecessor was not handed off is refused, and nothing is out of order."""
    hands = await Hands.on(redis)
    await hands.push(*(f"e{n}" for n in range(PEEK_EVENTS + 3)))
    behind = await hands.intake.peek(behind=await hands.intake.peek())

    with pytest.raises(LeaseLost):
        await hands.hand_off(behind)
    assert PEEK_EVENTS + 3 == await hands.intake.length()


@pytest.mark.parametrize("kind", KINDS)
async def test_large_arrivals_are_peeked_in_small_numbers(redis: Any, kind: str) -> None:
    """A peek holds a megabyte at most, and a larger arrival alone; what is left out comes next."""
    hands = await Hands.on(redis, kind)
    for _ in range(12):
        await hands.push("x" * (PEEK_BYTES // 4))
    await hands.push("y" * (PEEK_BYTES + 1), "z")

    assert 4 == (await hands.intake.peek()).count
    counts = []
    while (peek := await hands.intake.peek()).count:
        counts.append(peek.count)
        events = [routed(arrival.origin) for arrival in peek.arrivals]
        await hands.hand_off(peek, events=events)
    assert [4, 4, 4, 1, 1] == counts
    await redis.flushall()
    await hands.push(*(f"e{n}" for n in range(300)))
    for _ in range(9):
        await hands.intake.peek()
    assert PEEK_EVENTS == (await hands.intake.peek()).count


async def test_shelved_arrivals_come_back_once(redis: Any) -> None:
    """What is put back from the shelf is queued once, with its source and its time."""
    hands = await Hands.on(redis)
    await redis.xadd("events", {"odd": "1", "source": "shop", "received_at": "1700000000123"})
    await hands.hand_off()
    (item,) = [item async for item in hands.store.shelf.scan()]

    assert await hands.store.shelf.put_back(item, "events")
    assert not await hands.store.shelf.put_back(item, "events")
    assert (await hands.store.ledger()).intake_holds
    (back,) = (await hands.intake.peek()).arrivals
    assert ("shop", 1_700_000_000_123, item.raw) == (back.source, back.received_at, back.raw)
    assert 0 == await hands.store.shelf.length()


class Late(Shelf):
    """A shelf on which whoever looked waits before the next step, until the test says so."""

    def __init__(self, redis: Any, scripts: Scripts, shards: int) -> None:
        super().__init__(redis, scripts, shards)
        self.looked, self.go_on = asyncio.Event(), asyncio.Event()

    async def get(self, item_id: str) -> ShelfItem | None:
        """Look, and wait."""
        found = await super().get(item_id)
        self.looked.set()
        await self.go_on.wait()
        return found


async def test_two_that_put_back_the_same_arrival_queue_it_once(redis: Any) -> None:
    """Whoever saw an arrival on the shelf before another put it back queues it no second time."""
    hands = await Hands.on(redis)
    await redis.xadd("events", {"odd": "1"})
    await hands.hand_off()
    shelf = hands.store.shelf
    (item,) = [item async for item in shelf.scan()]
    late = Late(redis, hands.store.scripts, hands.store.shards)

    slow = asyncio.create_task(late.put_back(item, "events"))
    await late.looked.wait()
    assert await shelf.put_back(item, "events")
    late.go_on.set()

    assert not await slow
    assert 1 == await hands.intake.length()
    assert (await hands.store.ledger()).intake_holds


async def test_the_shelf_is_accounted_for(redis: Any) -> None:
    """What is dropped is counted; what leaves the shelf in any other way is missed."""
    hands = await Hands.on(redis)
    for _ in range(3):
        await redis.xadd("events", {"odd": "1"})
    await hands.hand_off()
    first, second, _ = [item async for item in hands.store.shelf.scan()]

    assert await hands.store.shelf.drop(first)
    assert 0 == (await hands.store.ledger()).shelf_missing
    _, shard, entry = second.id.split("/")
    await redis.xdel(keys.shelf(int(shard)), entry)
    ledger = await hands.store.ledger()

    assert 1 == ledger.shelf_missing
    assert not ledger.holds


async def test_the_shelf_is_read_page_by_page(redis: Any) -> None:
    """However much is on the shelf, each item is yielded once, found by its id, dropped once."""
    store = Store(redis, 2)
    for number in range(450):
        await redis.xadd("router:{0}:shelf", {"reason": "not_json", "raw": f"{number}", "at": 1})
    items = [item async for item in store.shelf.scan()]

    assert [b"%d" % n for n in range(450)] == [item.raw for item in items]
    assert items[7] == await store.shelf.get(items[7].id)
    assert [True, False] == [await store.shelf.drop(items[7]) for _ in range(2)]
    assert await store.shelf.get(items[7].id) is None
    assert await store.shelf.get("shelf/no such") is None
    assert 449 == await store.shelf.length()
