"""De-duplication: what was seen within the window comes once, whichever way it comes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from router.store import keys
from router.store.marks import BUCKETS, LARGEST_GENERATION, MarkLimits, limits, mark
from tests.store.working import NOW, Hands, leased, names, routed


async def push_at(hands: Hands, name: str, at: int, **more: Any) -> tuple[int, int]:
    """Hand off one event at a time of the test's own; return accepted and duplicates."""
    await hands.push(name)
    done = await hands.hand_off(now_ms=NOW + at, **more)
    return done.accepted, done.duplicates


async def test_a_duplicate_is_counted_apart(redis: Any) -> None:
    """The same id of the same source is accepted once, in one batch and across batches."""
    hands = await Hands.on(redis)
    await hands.push("e1", "e2", "e1")

    done = await hands.hand_off()
    assert (2, 1) == (done.accepted, done.duplicates)
    assert (0, 1) == await push_at(hands, "e2", 5)
    ledger = await hands.store.ledger()
    assert (4, 2, 2) == tuple(ledger.intake[name] for name in ("read", "accepted", "duplicate"))
    assert ledger.holds
    assert ["e1", "e2"] == await names(hands.store)


async def test_marks_span_both_intakes(redis: Any) -> None:
    """What came by the stream is a duplicate on the list."""
    hands = await Hands.on(redis)
    await push_at(hands, "e1", 0)
    other = Hands(hands.store, hands.store.intake("list", "events-list"),
                  await leased(hands.store, "list"))  # fmt: skip

    assert (0, 1) == await push_at(other, "e1", 0)


async def test_another_source_is_another_event(redis: Any) -> None:
    """The same id from two sources is two events."""
    hands = await Hands.on(redis)
    await hands.push("e1", "e1")
    events = [routed("e1", mark=mark("web", "e1")), routed("e1", mark=mark("app", "e1"))]

    assert 2 == (await hands.hand_off(events=events)).accepted


async def test_the_window_is_kept_and_left(redis: Any) -> None:
    """An event is known for four generations after its own, and new again after that."""
    hands = await Hands.on(redis)
    await push_at(hands, "e0", 0)
    for generation in range(1, 5):
        assert (0, 1) == await push_at(hands, "e0", generation * 1_000)
        await push_at(hands, f"e{generation}", generation * 1_000 + 1)

    assert (1, 0) == await push_at(hands, "e0", 5_000)


async def test_a_full_generation_ends(redis: Any) -> None:
    """When a generation has its number of marks the next begins; the oldest are forgotten."""
    hands = await Hands.on(redis)
    few = MarkLimits(generation_ms=10**9, generation_marks=2, keep_ms=10**9)
    generations = set()
    for number in range(12):
        await hands.push(f"e{number}")
        generations.add((await hands.hand_off(marks=few)).generation)

    assert {1, 2, 3, 4, 5, 6} == generations
    assert (0, 1) == await push_at(hands, "e11", 0, marks=few)
    assert (1, 0) == await push_at(hands, "e0", 0, marks=few)


async def test_replays_bypass_the_marks(redis: Any) -> None:
    """An event without a mark is accepted however often it comes."""
    hands = await Hands.on(redis)
    await push_at(hands, "e1", 0)

    assert (1, 0) == await push_at(hands, "e1", 0, events=[routed("e1", mark=None)])


async def test_marks_go_by_themselves(redis: Any) -> None:
    """Every mark has a time to live, and a sweep removes the generation that fell out."""
    hands = await Hands.on(redis)
    bucket, _ = mark("default", "e1")
    await push_at(hands, "e1", 0)

    assert 0 < await redis.pttl(f"{keys.MARKS}:1:{bucket}") <= 5_000
    await hands.intake.sweep(5)
    assert await redis.exists(f"{keys.MARKS}:1:{bucket}")
    await hands.intake.sweep(6)
    assert not await redis.exists(f"{keys.MARKS}:1:{bucket}")


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_mark_is_a_small_number(source: str, message_id: str) -> None:
    """Bucket and fingerprint fit where they must, lone surrogates included."""
    bucket, fingerprint = mark(source, message_id)

    assert 0 <= bucket < BUCKETS
    assert 0 <= fingerprint < 2**63


def test_limits_follow_window_and_memory() -> None:
    """Generations are a quarter of the window, and no larger than memory allows."""
    day = limits(timedelta(hours=24), 256_000_000)

    assert 6 * 3_600_000 == day.generation_ms
    assert day.keep_ms == 5 * day.generation_ms
    assert 5_000_000 < day.generation_marks <= LARGEST_GENERATION
    assert 1_000 == limits(timedelta(seconds=1), 1).generation_marks
