"""The hand-off: at once, once, in order, and for the intake's owner only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from redis.exceptions import ConnectionError as Lost

from router.store.handoff import Shelved
from router.store.leases import LeaseLost
from tests.store.working import (
    LANES,
    NOW,
    TURN,
    Hands,
    body,
    everything,
    leased,
    names,
    routed,
    waiting,
)

if TYPE_CHECKING:
    from router.store.scripts import Scripts

KINDS = ["stream", "list"]


@pytest.mark.parametrize("kind", KINDS)
async def test_lanes_hold_events_in_the_order_of_arrival(redis: Any, kind: str) -> None:
    """What came first stands first, in every lane; a list is read oldest first."""
    hands = await Hands.on(redis, kind)
    await hands.push("e1", "e2")
    await hands.push("e3")

    assert (3, 0) == _counts(await hands.hand_off())
    for lane in LANES:
        assert ["e1", "e2", "e3"] == await names(hands.store, lane)
    assert 0 == await hands.intake.length()
    assert {TURN} == {one.turn for one in await waiting(hands.store)}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_repeat_changes_nothing(redis: Any, kind: str) -> None:
    """Handing off the same peek again is a no-op, even when more has come meanwhile."""
    hands = await Hands.on(redis, kind)
    await hands.push("e1", "e2")
    peek = await hands.intake.peek()
    await hands.hand_off(peek)
    await hands.push("e3")
    before = await everything(redis)

    assert (0, 0) == _counts(await hands.hand_off(peek))
    assert before == await everything(redis)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_lost_reply_loses_nothing(redis: Any, kind: str) -> None:
    """A hand-off whose reply was lost is repeated by its owner without any effect."""
    hands = await Hands.on(redis, kind)
    await hands.push("e1", "e2")
    hands.intake._scripts = _Losing(hands.intake._scripts)  # type: ignore[assignment]  # wraps it
    peek = await hands.intake.peek()
    with pytest.raises(Lost):
        await hands.hand_off(peek)
    await hands.hand_off(peek)

    assert ["e1", "e2"] == await names(hands.store)
    assert (await hands.store.ledger()).holds


class _Losing:
    """Scripts whose first reply is lost on the way back."""

    def __init__(self, scripts: Scripts) -> None:
        self.scripts = scripts
        self.lost = False

    async def __call__(self, name: str, keys: list[str], args: list[Any]) -> Any:
        reply = await self.scripts(name, keys, args)
        if not self.lost:
            self.lost = True
            raise Lost
        return reply


@pytest.mark.parametrize("kind", KINDS)
async def test_a_stale_owner_writes_nothing(redis: Any, kind: str) -> None:
    """Once somebody else owns the intake, the hand-off of the one before is refused whole."""
    hands = await Hands.on(redis, kind)
    await hands.push("e1")
    await redis.delete(hands.lease.key)
    await leased(hands.store, kind, "two")
    before = await everything(redis)

    with pytest.raises(LeaseLost):
        await hands.hand_off()
    assert before == await everything(redis)
    assert hands.lease.remaining < 0


async def test_a_moved_intake_is_not_handed_off(redis: Any) -> None:
    """A peek from before the intake moved is refused: its arrivals are others by now."""
    hands = await Hands.on(redis)
    await hands.push("e1", "e2", "e3")
    old = await hands.intake.peek()
    await redis.incr("router:{events}:stream:position")
    before = await everything(redis)

    with pytest.raises(LeaseLost):
        await hands.hand_off(old)
    assert before == await everything(redis)


@pytest.mark.parametrize("kind", KINDS)
async def test_what_comes_meanwhile_stays(redis: Any, kind: str) -> None:
    """Exactly what was handed off leaves the intake, while producers go on pushing."""
    hands = await Hands.on(redis, kind)
    seen: list[str] = []
    for step in range(0, 60, 3):
        await hands.push(f"e{step}")
        peek = await hands.intake.peek()
        await hands.push(f"e{step + 1}", f"e{step + 2}")
        await hands.hand_off(peek)
        seen += [arrival.raw.decode() for arrival in peek.arrivals]
    await hands.hand_off()

    assert [f"e{n}" for n in range(58)] == seen
    assert [f"e{n}" for n in range(60)] == await names(hands.store)
    assert 0 == await hands.intake.length()


async def test_counters_say_what_happened(redis: Any) -> None:
    """Each event is counted once at the intake, and at each lane as sent, filtered or dead."""
    hands = await Hands.on(redis)
    await hands.push("e1", "e2", "bad")
    skipped = routed("e2", 1, sends=((1, 0),), skips=((0, "consent.missing"),))
    failed = routed("e3", sends=(), deads=((0, "policy_error"), (1, "policy_error")),
                    bodies=(body("nothing"),), raw=b"the original")  # fmt: skip
    origin = (await hands.intake.peek()).arrivals[2].origin
    shelved = Shelved("not_json", b"\xff", origin, None, None)
    await hands.hand_off(events=[routed("e1"), skipped], shelved=[shelved])
    await hands.push("e3")
    await hands.hand_off(events=[failed])

    ledger = await hands.store.ledger()
    mail, crm = (ledger.lanes[lane] for lane in LANES)
    assert ledger.holds
    assert 3 == ledger.accepted
    assert {"consent.missing": 1} == mail.filtered
    assert (1, 1, 1) == (mail.pending, mail.dead, mail.letters)
    assert (2, 1) == (crm.pending, crm.dead)
    assert {"read": 4, "accepted": 3, "kept": 1, "shelved|not_json": 1} == ledger.intake
    (hour,) = await hands.store.hours(NOW, 1)
    assert 3 == hour.accepted


async def test_a_failed_policy_leaves_the_original_on_the_shelf(redis: Any) -> None:
    """The letters of a failed policy name one item on the shelf, which holds the original."""
    hands = await Hands.on(redis)
    await hands.push("e1")
    both = ((0, "policy_error"), (1, "policy_error"))
    failed = routed("e1", sends=(), deads=both, bodies=(body("nothing"),), raw=b"original")
    await hands.hand_off(events=[failed])

    (item,) = [item async for item in hands.store.shelf.scan()]
    letters = [letter async for letter in hands.store.letters.scan(LANES)]
    assert b"original" == item.raw
    assert {item.id} == {letter.shelf for letter in letters}
    assert 2 == len(letters)


async def test_an_entry_without_event_goes_to_the_shelf(redis: Any) -> None:
    """A stream entry without the field `event` is set aside alone, with all its fields."""
    hands = await Hands.on(redis)
    await hands.push("e1")
    await redis.xadd("events", {"evnt": "typo", "source": "shop"})
    await hands.push("e2")
    await hands.hand_off()

    assert ["e1", "e2"] == await names(hands.store)
    (item,) = [item async for item in hands.store.shelf.scan()]
    assert ("no_event_field", "shop") == (item.reason, item.source)
    assert b"evnt=typo" in item.raw
    assert (await hands.store.ledger()).holds


def _counts(done: Any) -> tuple[int, int]:
    return done.accepted, done.duplicates
