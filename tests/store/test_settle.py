"""Settling: what was attempted ends once, all of it, and only for the shard's owner."""

from __future__ import annotations

from typing import Any

import pytest

from router.store.lanes import Death, Settlement, Try
from router.store.leases import LeaseLost
from tests.store.working import (
    LANES,
    NOW,
    everything,
    filled,
    leased,
    names,
    settle,
    waiting,
)

LANE = LANES[0]


async def test_each_part_is_written(redis: Any) -> None:
    """Delivered, filtered, dead and failing entries go their ways in one step."""
    store, lease = await filled(redis, "e0", "e1", "e2", "e3", "e4")
    ids = [one.id for one in await waiting(store)]
    failing = Try(2, NOW, 7, NOW + 500, "http_503")
    settlement = Settlement(
        [ids[0]],
        [(ids[1], "consent.missing")],
        [Death(ids[2], "http_400", 400, 3, NOW - 1)],
        {ids[3]: failing},
    )
    settlement.count("unknown", 2)
    await settle(store, lease, settlement)

    lane = (await store.ledger()).lanes[LANE]
    assert ["e3", "e4"] == await names(store)
    assert (1, {"consent.missing": 1}, 1) == (lane.delivered, lane.filtered, lane.dead)
    assert {"unknown": 2} == lane.other
    assert {ids[3]: failing} == await store.lanes.tries(0, LANE)
    assert {LANE: 1} == await store.failing([LANE])
    assert (await store.ledger()).holds


async def test_a_repeat_counts_nothing_twice(redis: Any) -> None:
    """The same settlement again, as after a lost reply, leaves every sum as it is."""
    store, lease = await filled(redis, "e0", "e1", "e2", "e3")
    ids = [one.id for one in await waiting(store)]
    settlement = Settlement([ids[0]], [(ids[1], "off")], [Death(ids[2], "bad")],
                            {ids[3]: Try(1, NOW, 0, NOW, "x")})  # fmt: skip
    await settle(store, lease, settlement)
    before = await everything(redis)
    await settle(store, lease, settlement)

    assert before == await everything(redis)


async def test_a_stale_owner_settles_nothing(redis: Any) -> None:
    """An owner that lost its shard writes nothing, and knows it from then on."""
    store, lease = await filled(redis, "e0")
    (one,) = await waiting(store)
    await redis.delete(lease.key)
    await leased(store, "0", "two")
    before = await everything(redis)

    with pytest.raises(LeaseLost):
        await settle(store, lease, Settlement([one.id]))
    assert before == await everything(redis)
    assert lease.remaining < 0


@pytest.mark.parametrize("part", ["delivered", "filtered", "dead", "tried"])
async def test_any_number_settles(redis: Any, part: str) -> None:
    """More than a script's arguments may hold is settled in several steps, counters once."""
    count = 2_300
    store, lease = await filled(redis, *(f"n{n}" for n in range(count)))
    ids = [one.id for one in await waiting(store)]
    settlement = Settlement()
    match part:
        case "delivered":
            settlement.delivered = ids
        case "filtered":
            settlement.filtered = [(one, "off") for one in ids]
        case "dead":
            settlement.deaths = [Death(one, "bad") for one in ids]
        case _:
            settlement.tries = {one: Try(1, NOW, 0, NOW, "x") for one in ids}
    settlement.count("reordered", 3)
    await settle(store, lease, settlement)

    lane = (await store.ledger()).lanes[LANE]
    tried = len(await store.lanes.tries(0, LANE))
    done = (lane.delivered, sum(lane.filtered.values()), lane.dead, tried)
    assert count == sum(done)
    assert 3 == lane.other["reordered"]
    assert (await store.ledger()).holds


@pytest.mark.parametrize("end", ["delivered", "filtered", "dead"])
async def test_attempts_go_with_their_entry(redis: Any, end: str) -> None:
    """When a failing entry ends, whatever way, its attempts are forgotten."""
    store, lease = await filled(redis, "e0")
    (one,) = await waiting(store)
    await settle(store, lease, Settlement(tries={one.id: Try(1, NOW, 0, NOW, "x")}))
    ends = {
        "delivered": Settlement([one.id]),
        "filtered": Settlement(filtered=[(one.id, "off")]),
        "dead": Settlement(deaths=[Death(one.id, "bad")]),
    }
    await settle(store, lease, ends[end])

    assert {} == await store.lanes.tries(0, LANE)


async def test_a_death_keeps_body_and_reason(redis: Any) -> None:
    """A dead letter is the entry itself, with why, how often and since when."""
    store, lease = await filled(redis, "e0")
    (one,) = await waiting(store)
    await settle(store, lease, Settlement(deaths=[Death(one.id, "http_404", 404, 5, NOW - 9)]))

    (letter,) = [letter async for letter in store.letters.scan([LANE])]
    assert letter.entry is not None
    assert b"e0" == letter.entry.body
    assert ("http_404", 404, 5, NOW - 9, NOW) == (
        letter.reason, letter.status, letter.attempts, letter.first_failed_at, letter.dead_at,
    )  # fmt: skip
    assert one.turn == letter.turn


async def test_a_body_is_fetched_by_its_id(redis: Any) -> None:
    """Bodies of which only the ids were kept are found again; what is gone is None."""
    store, _ = await filled(redis, "e0", "e1")
    first, second = await waiting(store)

    assert [second.raw, None, first.raw] == await store.lanes.fetch(
        0, LANE, [second.id, b"1-1", first.id]
    )
