"""Dead letters: found, replayed, routed again or discarded, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from router.store.lanes import Death, Settlement
from tests.store.working import (
    LANES,
    NOW,
    Hands,
    body,
    everything,
    filled,
    leased,
    names,
    routed,
    settle,
    waiting,
)

if TYPE_CHECKING:
    from router.store.letters import Letter
    from router.store.store import Store

LANE = LANES[0]


async def buried(redis: Any, *which: str) -> tuple[Store, list[Letter]]:
    """Return a store in which these are dead, and their letters."""
    store, lease = await filled(redis, *which)
    deaths = [Death(one.id, "http_400", 400) for one in await waiting(store)]
    await settle(store, lease, Settlement(deaths=deaths))
    return store, [letter async for letter in store.letters.scan([LANE])]


async def unstripped(redis: Any) -> tuple[Store, Letter]:
    """Return a store with one letter of a policy that failed."""
    hands = await Hands.on(redis)
    await hands.push("e0")
    failed = routed("e0", sends=((1, 0),), deads=((0, "policy_error"),),
                    bodies=(body("e0"), body("nothing")), raw=b"original")  # fmt: skip
    await hands.hand_off(events=[failed])
    (letter,) = [letter async for letter in hands.store.letters.scan([LANE])]
    return hands.store, letter


async def test_a_letter_is_found_by_its_id(redis: Any) -> None:
    """The id that is shown leads to the letter; any other text leads to none."""
    store, (first, second) = await buried(redis, "e0", "e1")

    assert first.id.startswith("mail/0/")
    assert [first, second] == [await store.letters.get(one.id) for one in (first, second)]
    for wrong in ("", "mail", "mail/0/1-1", "crm/0/" + first.stream_id, "mail/9/1-1", "a/b/c"):
        assert await store.letters.get(wrong) is None


async def test_every_letter_is_scanned_once(redis: Any) -> None:
    """However many letters there are, a scan yields each once, oldest first."""
    _, letters = await buried(redis, *(f"n{n}" for n in range(1_203)))

    assert [f"n{n}" for n in range(1_203)] == [
        letter.entry.message_id for letter in letters if letter.entry
    ]


async def test_a_replay_moves_each_letter_once(redis: Any) -> None:
    """Replayed letters stand at the tail of their lane again, however often it is asked."""
    store, letters = await buried(redis, "e0", "e1")

    assert 2 == await store.letters.replay(letters, NOW)
    before = await everything(redis)
    assert 0 == await store.letters.replay(letters, NOW)
    assert before == await everything(redis)
    assert ["e0", "e1"] == await names(store)
    lane = (await store.ledger()).lanes[LANE]
    assert (2, 2, 0, 2, 0) == (
        lane.dead, lane.replayed, lane.letters, lane.pending, lane.dead_now)  # fmt: skip
    assert (await store.ledger()).holds


async def test_a_letter_remembers_how_often_it_came_back(redis: Any) -> None:
    """Each replay counts, over as many deaths as there are."""
    store, letters = await buried(redis, "e0")
    lease = None
    for times in (1, 2):
        await store.letters.replay(letters, NOW)
        (again,) = await waiting(store)
        assert times == again.replays
        await redis.delete("router:{0}:lease")
        lease = await leased(store, "0", f"owner{times}")
        await settle(store, lease, Settlement(deaths=[Death(again.id, "http_410", 410)]))
        letters = [letter async for letter in store.letters.scan([LANE])]
        assert (times, "http_410") == (letters[0].replays, letters[0].reason)

    assert (await store.ledger()).holds


async def test_a_discard_keeps_the_count(redis: Any) -> None:
    """Discarded letters are gone and stay counted as dead; a repeat discards nothing."""
    store, letters = await buried(redis, "e0", "e1")

    assert [1, 0] == [await store.letters.discard(letters[:1], NOW) for _ in range(2)]
    lane = (await store.ledger()).lanes[LANE]
    assert (2, 1, 1) == (lane.dead_now, lane.discarded, lane.letters)
    assert (await store.ledger()).holds


@pytest.mark.parametrize("verb", ["discard", "replay"])
async def test_any_number_of_letters_goes(redis: Any, verb: str) -> None:
    """More letters than a script may unpack go as well as one."""
    store, letters = await buried(redis, *(f"n{n}" for n in range(8_500)))

    assert 8_500 == await getattr(store.letters, verb)(letters, NOW)
    assert (await store.ledger()).holds
    assert 0 == (await store.ledger()).lanes[LANE].letters


async def test_a_letter_without_payload_is_not_replayed(redis: Any) -> None:
    """What was never stripped does not go back into a lane as it is."""
    store, letter = await unstripped(redis)

    assert letter.shelf is not None
    assert 0 == await store.letters.replay([letter], NOW)
    assert [] == await waiting(store)


@pytest.mark.parametrize("payload", [b"e0", None])
async def test_a_letter_is_routed_again_once(redis: Any, payload: bytes | None) -> None:
    """After the mend the letter becomes a delivery, or a skip with its reason, once."""
    store, letter = await unstripped(redis)
    raw = body("e0") if payload else None

    assert await store.letters.reroute(letter, raw, NOW, reason="consent.missing")
    before = await everything(redis)
    assert not await store.letters.reroute(letter, raw, NOW, reason="consent.missing")
    assert before == await everything(redis)
    lane = (await store.ledger()).lanes[LANE]
    assert (["e0"] if payload else []) == await names(store)
    assert ({} if payload else {"consent.missing": 1}) == lane.filtered
    assert (await store.ledger()).holds


async def test_no_letter_holds_what_was_not_stripped(redis: Any) -> None:
    """A letter of a failed policy has no payload; the original is on the shelf alone."""
    store, letter = await unstripped(redis)

    item = await store.shelf.get(str(letter.shelf))
    assert item is not None
    assert b"original" == item.raw
    raw = await redis.xrange(f"router:{{0}}:dead:{LANE}")
    assert b"original" not in repr(raw).encode()
