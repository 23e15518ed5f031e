"""A key that something else wrote: the hand-off does nothing, says which, and goes on after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from redis.exceptions import ResponseError

from router.store import keys
from router.store.cluster import is_cluster
from router.store.handoff import Shelved
from router.store.marks import BUCKETS, mark
from router.store.refusal import known
from router.store.trouble import trouble
from tests.store.working import LANES, Hands, body, everything, names, routed

if TYPE_CHECKING:
    from router.store.intakes import Peek

STRANGE = [
    keys.lane(0, LANES[0]),
    keys.lane(1, LANES[1]),
    keys.dead(0, LANES[0]),
    keys.shelf(0),
    keys.ledger(1),
    "marks",
    keys.LANES,
    keys.INTAKES,
]


async def hand_off(hands: Hands, peek: Peek) -> None:
    """Hand off an event of each shard, a dead one and an unreadable one."""
    reasons = tuple((lane, "policy_error") for lane in range(len(LANES)))
    dead = routed("e2", sends=(), deads=reasons, bodies=(body("e2"),), raw=b"raw")
    shelved = Shelved("not_json", b"\xff", peek.arrivals[3].origin, None, None)
    await hands.hand_off(peek, events=[routed("e0"), routed("e1", 1), dead], shelved=[shelved])


@pytest.mark.parametrize("strange", STRANGE)
async def test_a_strange_key_stops_the_hand_off_whole(redis: Any, strange: str) -> None:
    """Whatever key it is, nothing is half done; once it is gone all arrives, once and in order."""
    hands = await Hands.on(redis)
    spread = is_cluster(redis)
    if strange == "marks":
        strange = keys.marks(1) if spread else keys.MARKS
    await hands.push("e0", "e1", "e2", "bad")
    await redis.rpush(strange, "something else")
    before = await everything(redis)
    peek = await hands.intake.peek()
    with pytest.raises(ResponseError) as caught:
        await hand_off(hands, peek)
    assert "has something else in" in (said := trouble(known(caught.value)))
    assert strange in said or (spread and strange in (keys.LANES, keys.INTAKES))
    if not spread:  # there one shard may have taken its share
        assert before == await everything(redis)

    if strange in (keys.ledger(1), keys.lane(0, LANES[0])):
        with pytest.raises(ResponseError) as caught:
            await hands.store.ledger(LANES)
        assert f"something else in {strange}:" in trouble(known(caught.value))
    await redis.delete(strange)
    assert 4 == (await hands.intake.peek()).count
    await hand_off(hands, await hands.intake.peek())
    assert ["e0"] == await names(hands.store)
    assert ["e1"] == await names(hands.store, LANES[1], 1)
    assert (3, 1) == await _counts(hands)


async def test_a_strange_bucket_of_marks_is_no_obstacle(redis: Any) -> None:
    """What is no set knows no event: those of that bucket are taken, and the key expires."""
    hands = await Hands.on(redis)
    await hands.push("e0")
    await hands.hand_off()
    bucket, _ = mark("default", "e0")
    key = f"{keys.MARKS}:1:{bucket}"
    if is_cluster(redis):
        key = f"{keys.marks(0)}:1:{bucket % (BUCKETS // 2)}"
    assert await redis.delete(key)
    await redis.rpush(key, "something else")
    await hands.push("e0")
    await hands.hand_off()

    assert ["e0", "e0"] == await names(hands.store)
    assert await redis.pttl(key) > 0


async def _counts(hands: Hands) -> tuple[int, int]:
    ledger = await hands.store.ledger()
    assert ledger.holds
    return ledger.accepted, ledger.intake["shelved|not_json"]
