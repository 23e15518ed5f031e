"""A whole engine over a real store: what becomes of events when vendors answer this or that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from router.store.store import Store
from tests.engine.stage import (
    LANE,
    Vendors,
    configuration,
    hook,
    push,
    running,
    settled,
    track,
)
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = httpx.Response


def fails(times: int, first: Callable[[], Answer]) -> Callable[[str, httpx.Request], Answer]:
    """Return an answer that fails some times, then passes."""
    asked: list[httpx.Request] = []

    def answer(_: str, request: httpx.Request) -> Answer:
        asked.append(request)
        return first() if len(asked) <= times else Answer(200)

    return answer


def no_answer() -> Answer:
    """Be a vendor that takes the request and says nothing."""
    raise httpx.ReadTimeout("")


async def test_what_is_pushed_is_delivered(redis: Any) -> None:
    """An event on the queue comes out at its destination, and conservation holds."""
    vendors, store = Vendors(), Store(redis, 4)
    async with running(configuration(), redis, vendors):
        await push(store, *(track(f"e{n}", f"u{n % 3}") for n in range(20)))
        await settled(store, delivered=20, pending=0)

    assert sorted(f"e{n}" for n in range(20)) == sorted(vendors.names())


async def test_a_failure_is_tried_again_in_its_place(redis: Any) -> None:
    """A retried event arrives before its user's next one, and keeps its idempotency key."""
    vendors, store = Vendors(), Store(redis, 4)
    vendors.answer = fails(1, lambda: Answer(503))
    async with running(configuration(), redis, vendors):
        await push(store, track("first"), track("second"))
        await settled(store, delivered=2)

    assert ["first", "first", "second"] == vendors.names()
    first, again, _ = vendors.requests["hook"]
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    assert {} == await store.lanes.tries(0, LANE)
    assert 1 == (await store.ledger()).lanes[LANE].other["retried"]


async def test_no_answer_is_counted_as_unknown(redis: Any) -> None:
    """Without an answer an event is sent again under the same key, and counted as unknown."""
    vendors, store = Vendors(), Store(redis, 4)
    vendors.answer = fails(1, no_answer)
    async with running(configuration(), redis, vendors):
        await push(store, track("once"))
        await settled(store, delivered=1)

    assert 1 == len({request.headers["webhook-id"] for request in vendors.requests["hook"]})
    assert 1 == (await store.ledger()).lanes[LANE].other["unknown"]


async def test_a_refused_event_is_a_letter_with_its_stripped_payload(redis: Any) -> None:
    """A dead letter holds the reason, the status, and only what the destination may see."""
    vendors, store = Vendors(), Store(redis, 4)
    vendors.answer = lambda *_: Answer(400)
    privacy = {"rules": [{"match": "properties.email", "do": "drop"}]}
    config = configuration({"hook": hook(privacy=privacy)})
    async with running(config, redis, vendors):
        await push(store, track("bad", properties={"email": "a@b.test", "plan": "pro"}))
        await settled(store, dead=1, letters=1)

    (letter,) = [letter async for letter in store.letters.scan([LANE])]
    assert ("http_400", 400, 1) == (letter.reason, letter.status, letter.attempts)
    assert letter.entry is not None
    assert b"pro" in letter.entry.body
    assert b"a@b.test" not in letter.entry.body


async def test_an_exhausted_event_is_a_letter(redis: Any) -> None:
    """When attempts and time are used up, the event dies with its last reason behind the dot."""
    vendors, store = Vendors(), Store(redis, 4)
    vendors.answer = lambda *_: Answer(500)
    retry = {"for": "1ms", "attempts": 2}
    config = configuration({"hook": hook(delivery={"retry": retry})})
    async with running(config, redis, vendors):
        await push(store, track("hopeless"))
        await settled(store, dead=1, letters=1)

    (letter,) = [letter async for letter in store.letters.scan([LANE])]
    assert ("exhausted.http_500", 2) == (letter.reason, letter.attempts)


async def test_a_refused_credential_holds_and_burns_nothing(redis: Any) -> None:
    """A 401 holds the destination; its queue stays whole, and a probe opens it again."""
    vendors, store = Vendors(), Store(redis, 4)
    vendors.answer = lambda *_: Answer(401)
    async with running(configuration(), redis, vendors):
        await push(store, *(track(f"e{n}", f"u{n}") for n in range(30)))
        await wait_until_async(lambda: _state(store, "held"), what="the hold")
        await wait_until_async(lambda: len(vendors.requests["hook"]) > 2, what="probes")
        ledger = await store.ledger()
        assert (30, 0) == (ledger.lanes[LANE].pending, ledger.lanes[LANE].dead)
        vendors.answer = lambda *_: Answer(200)
        await settled(store, delivered=30)

    assert {} == await store.holds.all()
    assert 0 == sum((await store.failing([LANE])).values())
    assert (await store.holds.held_ms())["hook"] > 0


async def test_three_refused_users_hold_the_destination(redis: Any) -> None:
    """A revoked right (403 for everybody) costs two events at most, however long it lasts."""
    vendors, store = Vendors(), Store(redis, 4)
    vendors.answer = lambda *_: Answer(403)
    config = configuration({"hook": hook(batched=True)})
    async with running(config, redis, vendors):
        await push(store, *(track(f"e{n}", f"u{n}") for n in range(60)))
        await wait_until_async(lambda: _state(store, "held"), what="the hold")
        before = len(vendors.requests["hook"])
        await wait_until_async(lambda: len(vendors.requests["hook"]) > before, what="a probe")
        dead = (await store.ledger()).lanes[LANE].dead
        vendors.answer = lambda *_: Answer(200)
        await settled(store, delivered=60 - dead, dead=dead)

    assert 2 >= dead


async def test_a_throttled_destination_waits(redis: Any) -> None:
    """After a 429 nothing is sent before Retry-After is over, and no attempt is burned."""
    vendors, store = Vendors(), Store(redis, 4)
    vendors.answer = fails(1, lambda: Answer(429, headers={"retry-after": "1"}))
    async with running(configuration(), redis, vendors):
        await push(store, track("hasty"))
        hold = await wait_until_async(lambda: _hold(store), what="the hold")
        assert "throttled" == hold.state
        assert hold.probe_at >= hold.since + 1000
        await settled(store, delivered=1)

    assert 2 == len(vendors.requests["hook"])
    assert "retried" not in (await store.ledger()).lanes[LANE].other


async def _hold(store: Store) -> Any:
    return (await store.holds.all()).get("hook")


async def _state(store: Store, state: str) -> bool:
    hold = await _hold(store)
    return hold is not None and hold.state == state
