"""A lane that nobody delivers any more becomes dead letters: each entry once, none uncounted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from router.store.lanes import MOST_AT_ONCE, Settlement, Try
from tests.store.working import LANES, NOW, everything, filled, names, settle, waiting

if TYPE_CHECKING:
    from router.store.letters import Letter
    from router.store.store import Store

LANE, OTHER = LANES


async def letters(store: Store) -> list[Letter]:
    """Return the lane's dead letters."""
    return [letter async for letter in store.letters.scan([LANE])]


async def test_what_waits_dies_in_its_order(redis: Any) -> None:
    """Every entry of the lane is a letter with its reason and its payload; other lanes stay."""
    store, _ = await filled(redis, "e0", "e1", "e2")

    assert 3 == await store.lanes.abandon(0, LANE, NOW)

    found = await letters(store)
    assert ["e0", "e1", "e2"] == [letter.entry.message_id for letter in found if letter.entry]
    assert {("unconfigured", None, 0, NOW)} == {
        (letter.reason, letter.status, letter.attempts, letter.dead_at) for letter in found
    }
    assert ([], 3) == (await names(store), len(await waiting(store, OTHER)))
    lane = (await store.ledger()).lanes[LANE]
    assert (3, 0, 3) == (lane.dead, lane.pending, lane.letters)
    assert (await store.ledger()).holds
    assert 3 == (await store.hours(NOW, 1))[0].lanes[LANE].dead


async def test_a_repeat_changes_nothing(redis: Any) -> None:
    """An empty lane is abandoned without a trace, and so is one that never was."""
    store, _ = await filled(redis, "e0")
    await store.lanes.abandon(0, LANE, NOW)

    before = await everything(redis)
    assert [0, 0] == [await store.lanes.abandon(0, lane, NOW) for lane in (LANE, "no:lane")]
    assert before == await everything(redis)


async def test_attempts_are_not_forgotten(redis: Any) -> None:
    """What had failed before says how often and since when; nothing of its tries is left."""
    store, lease = await filled(redis, "e0", "e1")
    first, _ = await waiting(store)
    failing = Try(4, NOW - 9, 0, NOW + 500, "http_503")
    await settle(store, lease, Settlement(tries={first.id: failing}))

    await store.lanes.abandon(0, LANE, NOW)

    facts = [(letter.attempts, letter.first_failed_at) for letter in await letters(store)]
    assert [(4, NOW - 9), (0, None)] == facts
    assert {} == await store.lanes.tries(0, LANE)


async def test_a_long_lane_goes_step_by_step(redis: Any) -> None:
    """No step moves more than a script should, and conservation holds between steps."""
    store, _ = await filled(redis, *(f"n{n}" for n in range(MOST_AT_ONCE + 1)))

    for moved in (MOST_AT_ONCE, 1, 0):
        assert moved == await store.lanes.abandon(0, LANE, NOW)
        assert (await store.ledger()).holds


async def test_an_owner_who_settles_later_counts_nothing_twice(redis: Any) -> None:
    """A delivery that was under way when its lane was abandoned is dead, and only that."""
    store, lease = await filled(redis, "e0")
    [entry] = await waiting(store)
    await store.lanes.abandon(0, LANE, NOW)

    await settle(store, lease, Settlement(delivered=[entry.id]))

    lane = (await store.ledger()).lanes[LANE]
    assert (0, 1) == (lane.delivered, lane.dead)
    assert (await store.ledger()).holds


async def test_it_can_be_replayed_when_its_destination_is_back(redis: Any) -> None:
    """The letters of an abandoned lane go back into it whole, and in order."""
    store, _ = await filled(redis, "e0", "e1")
    await store.lanes.abandon(0, LANE, NOW)

    assert 2 == await store.letters.replay(await letters(store), NOW)

    assert ["e0", "e1"] == await names(store)
    assert [1, 1] == [entry.replays for entry in await waiting(store)]
    assert (await store.ledger()).holds
