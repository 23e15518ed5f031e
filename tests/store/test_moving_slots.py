"""A shard's slot moves to another node of a Cluster while events come: nothing is half done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from router.store import keys
from router.store.connection import UNREACHABLE, connect
from router.store.lanes import Settlement
from tests.store.working import LANES, Hands, leased, names, settle, waiting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from router.store.leases import Lease
    from tests.support.cluster import Move, StoreCluster


@pytest.fixture
async def hands(store_cluster: StoreCluster) -> AsyncIterator[Hands]:
    """Give an intake on an empty Cluster."""
    store_cluster.flush()
    redis: Any = connect(store_cluster.url)
    yield await Hands.on(redis)
    await redis.aclose()


@pytest.fixture
async def lease(hands: Hands) -> Lease:
    """Give a shard with two events."""
    await hands.push("e0", "e1")
    await hands.hand_off()
    return await leased(hands.store, "0")


@pytest.fixture
async def move(lease: Lease, store_cluster: StoreCluster) -> AsyncIterator[Move]:
    """Give the shard's slot under way, with none of its keys yet."""
    assert lease.remaining
    move = store_cluster.begin_move(keys.shard(0))
    yield move
    move.end()
    move.back()


@pytest.mark.parametrize("moved", [0, 1, 3, 1_000])
async def test_a_hand_off_waits_for_the_slot(hands: Hands, move: Move, moved: int) -> None:
    """However many of its keys have gone, the shard takes nothing until the slot has moved."""
    move.take(moved)
    await hands.push("e2")
    with pytest.raises(UNREACHABLE):
        await hands.hand_off()
    move.end()
    while (await hands.intake.peek()).count:
        await hands.hand_off()

    for lane in LANES:
        assert ["e0", "e1", "e2"] == await names(hands.store, lane)
    ledger = await hands.store.ledger()
    assert ledger.holds
    assert 3 == ledger.accepted


@pytest.mark.parametrize("moved", [0, 1, 3, 1_000])
async def test_a_settling_waits_for_the_slot(
    hands: Hands, lease: Lease, move: Move, moved: int
) -> None:
    """What was delivered meanwhile is settled whole, once, after the slot has moved."""
    first, _ = await waiting(hands.store)
    move.take(moved)
    with pytest.raises(UNREACHABLE):
        await settle(hands.store, lease, Settlement(delivered=[first.id]))
    move.end()
    await settle(hands.store, lease, Settlement(delivered=[first.id]))

    assert ["e1"] == await names(hands.store)
    assert 1 == (await hands.store.ledger()).lanes[LANES[0]].delivered
