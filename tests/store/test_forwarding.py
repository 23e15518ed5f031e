"""The hand-off on a Cluster: whatever comes between its steps, each event is taken once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from router.store.leases import LeaseLost
from router.store.preferences import Change
from tests.store.working import LANES, MARKS, NOW, Hands, body, leased, routed, waiting

if TYPE_CHECKING:
    from router.store.intakes import Peek

pytestmark = pytest.mark.parametrize("redis", ["cluster"], indirect=True)
NAMES = [f"e{n}" for n in range(9)]
STEPS = ("prefer", "take", "take", "advance")
CHANGE = Change(b"somebody", b"", b"denied")


class Killed(Exception):  # noqa: N818 - it names what happened
    """The process is gone."""


class Dying:
    """Scripts that end with a kill: before or after so many calls, of all that go on then."""

    def __init__(self, scripts: Any, calls: int, *, done: bool) -> None:
        self.scripts = scripts
        self.calls = calls
        self.done = done

    async def __call__(self, name: str, keys: list[str], args: list[Any]) -> Any:
        """Run a script as long as the process lives."""
        self.calls -= 1
        if self.calls < 0 or (self.calls == 0 and not self.done):
            raise Killed
        found = await self.scripts(name, keys, args)
        if self.calls == 0:
            raise Killed
        return found


async def hand_off(hands: Hands, peek: Peek, *changes: Change, moved: str = "") -> None:
    """Hand off what was peeked, its events in turn to both shards, one perhaps to the other."""
    events = []
    for arrival in peek.arrivals:
        name = arrival.raw.decode()
        events.append(routed(name, (int(name[1:]) + (name == moved)) % 2, mark=None))
    await hands.intake.hand_off(
        hands.lease, peek, LANES, events, shelved=peek.shelved, marks=MARKS, now_ms=NOW,
        changes=changes,
    )  # fmt: skip


async def assert_all_once(hands: Hands) -> None:
    """Every event is in its lane, once and in order, and all is accounted for."""
    for shard in (0, 1):
        expected = [body(name) for name in NAMES if int(name[1:]) % 2 == shard]
        assert expected == [one.raw for one in await waiting(hands.store, LANES[0], shard)]
    ledger = await hands.store.ledger()
    assert ledger.holds
    assert (len(NAMES), 0) == (ledger.accepted, await hands.intake.length())
    assert {"read": len(NAMES) + 1, "accepted": len(NAMES), "shelved|no_event_field": 1} == (
        ledger.intake
    )


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("calls", range(1, len(STEPS) + 1))
async def test_a_kill_between_steps_changes_nothing(redis: Any, calls: int, done: bool) -> None:  # noqa: FBT001 - pytest gives it
    """The next owner, with smaller batches, finds all that is left, and brings nothing twice."""
    hands = await Hands.on(redis)
    await hands.push(*NAMES[:5])
    await redis.xadd("events", {"odd": "1"})
    await hands.push(*NAMES[5:])
    scripts = hands.intake._scripts
    hands.intake._scripts = Dying(scripts, calls, done=done)  # type: ignore[assignment]  # wraps it
    with pytest.raises(Killed):
        await hand_off(hands, await hands.intake.peek(), CHANGE)
    assert (await hands.store.ledger()).holds

    hands.intake._scripts = scripts
    hands.intake._count = 4
    while (peek := await hands.intake.peek()).count:
        await hand_off(hands, peek)
        hands.intake._count = 4
    await assert_all_once(hands)


async def test_an_owner_who_wakes_late_changes_nothing(redis: Any) -> None:
    """What another owner handed off meanwhile, in its own batches, no shard takes again."""
    hands = await Hands.on(redis)
    await hands.push(*NAMES)
    await redis.xadd("events", {"odd": "1"})
    old = await hands.intake.peek()
    await hands.lease.release()
    other = Hands(hands.store, hands.store.intake("stream", "events"),
                  await leased(hands.store, "stream", "two"))  # fmt: skip
    other.intake._count = 3
    hands.lease._until = other.lease._until  # it does not know yet
    await hand_off(other, await other.intake.peek())
    with pytest.raises(LeaseLost):
        await hand_off(hands, old)
    while (peek := await other.intake.peek()).count:
        await hand_off(other, peek)

    await assert_all_once(other)


async def test_new_arrivals_are_taken_though_a_position_was_lost(redis: Any) -> None:
    """When a node forgot its last moments, what producers bring then is not taken for the old."""
    hands = await Hands.on(redis)
    await hands.push(*NAMES[:4])
    await hand_off(hands, await hands.intake.peek())
    await redis.delete("router:{events}:stream:position")
    await hands.push(*NAMES[4:])
    peek = await hands.intake.peek()
    await hand_off(hands, peek)

    found = [await waiting(hands.store, LANES[0], shard) for shard in (0, 1)]
    assert len(NAMES) == sum(map(len, found))


async def test_what_is_routed_elsewhere_after_a_kill_is_taken_there(redis: Any) -> None:
    """A shard that has seen the batch takes what was another's when it saw it, and is its now."""
    hands = await Hands.on(redis)
    await hands.push(*NAMES)
    scripts = hands.intake._scripts
    hands.intake._scripts = Dying(scripts, 1, done=True)  # type: ignore[assignment]  # wraps it
    with pytest.raises(Killed):
        await hand_off(hands, await hands.intake.peek())
    assert 5 == len(await waiting(hands.store, LANES[0], 0))

    hands.intake._scripts = scripts
    await hand_off(hands, await hands.intake.peek(), moved="e3")

    here = [one.raw for one in await waiting(hands.store, LANES[0], 0)]
    there = [one.raw for one in await waiting(hands.store, LANES[0], 1)]
    assert [body(name) for name in ("e0", "e2", "e4", "e6", "e8", "e3")] == here
    assert [body(name) for name in ("e1", "e5", "e7")] == there
    ledger = await hands.store.ledger()
    assert (len(NAMES), 0) == (ledger.accepted, await hands.intake.length())
    assert ledger.holds
