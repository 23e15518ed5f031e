"""Preferences: written with the events that state them, at once, once, and on what they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from router.store.preferences import Change, Overtaken
from tests.store.working import LANES, MARKS, NOW, Hands, everything, routed

if TYPE_CHECKING:
    from router.store.intakes import Peek

ANN, BOB = b"ann's twelve", b"bob's twelve"


async def handed_off(hands: Hands, *changes: Change, peek: Peek | None = None) -> None:
    """Hand off what is on the stream, or was, with changes of preferences."""
    peek = peek or await hands.intake.peek()
    events = [routed(arrival.raw.decode()) for arrival in peek.arrivals]
    await hands.intake.hand_off(
        hands.lease, peek, LANES, events,
        shelved=(), marks=MARKS, now_ms=NOW, changes=changes,
    )  # fmt: skip


async def test_a_preference_is_there_with_its_event(redis: Any) -> None:
    """What a hand-off changes can be read behind it, by those it is of and nobody else."""
    hands = await Hands.on(redis)
    await hands.push("e1")
    await handed_off(hands, Change(ANN, b"", b"no"))

    found = hands.store.preferences
    assert {ANN: b"no"} == await found.read([ANN, BOB])
    assert 1 == await found.count()


async def test_an_overtaken_change_does_nothing(redis: Any) -> None:
    """A change that was made of another preference than the one in force moves nothing at all."""
    hands = await Hands.on(redis)
    await hands.push("e1")
    await handed_off(hands, Change(ANN, b"", b"no"))
    await hands.push("e2")
    before = await everything(redis)

    for overtaken in (Change(ANN, b"", b"yes"), Change(ANN, b"maybe", b"yes")):
        with pytest.raises(Overtaken):
            await handed_off(hands, Change(BOB, b"", b"no"), overtaken)
    assert before == await everything(redis)

    await handed_off(hands, Change(BOB, b"", b"no"), Change(ANN, b"no", b"yes"))
    assert {ANN: b"yes", BOB: b"no"} == await hands.store.preferences.read([ANN, BOB])
    assert (await hands.store.ledger()).holds


async def test_a_repeat_writes_no_preference_again(redis: Any) -> None:
    """A hand-off whose reply was lost is a no-op, although the preference is new by now."""
    hands = await Hands.on(redis)
    await hands.push("e1")
    peek = await hands.intake.peek()
    await handed_off(hands, Change(ANN, b"", b"no"), peek=peek)
    before = await everything(redis)

    await handed_off(hands, Change(ANN, b"", b"no"), peek=peek)
    await handed_off(hands, Change(ANN, b"no", b"yes"), peek=peek)

    assert before == await everything(redis)


async def test_a_user_can_be_forgotten(redis: Any) -> None:
    """What is forgotten is gone, for that user alone, and forgetting again finds nothing."""
    hands = await Hands.on(redis)
    await hands.push("e1")
    await handed_off(hands, Change(ANN, b"", b"no"), Change(BOB, b"", b"no"))
    preferences = hands.store.preferences

    assert [1, 0, 0] == [await preferences.forget(turns) for turns in ([ANN], [ANN], [])]
    assert {BOB: b"no"} == await preferences.read([ANN, BOB])
