"""Consent in time: what a user said last holds for whatever of theirs has not left yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from router.store import keys
from router.store.holds import Hold
from router.store.store import Store
from tests.engine.stage import LANE, Vendors, configuration, hook, push, running, settled, track
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from router.config.sections.whole import Config

ADS = {"require": ["ads"]}


def consenting(**delivery: Any) -> Config:
    """Return a configuration whose webhook needs a category."""
    return configuration({"hook": hook(consent=ADS, delivery=delivery)})


def said(
    event: str, user: str = "ann", *, at: int = 1, ads: bool = True, **more: Any
) -> dict[str, Any]:
    """Return an event of a second that carries its user's consent."""
    context = {"consent": {"categoryPreferences": {"ads": ads}}}
    return track(event, user, context=context, timestamp=f"2020-01-01T00:00:{at:02d}Z", **more)


def withdrawal(user: str = "ann", *, at: int = 30, **more: Any) -> dict[str, Any]:
    """Return the event by which Segment's SDKs tell a new preference."""
    return {**said(f"no-{user}", user, at=at, ads=False, **more),
            "event": "Segment Consent Preference Updated"}  # fmt: skip


async def filtered(store: Store) -> dict[str, int]:
    """Return how many deliveries were filtered, by reason."""
    return dict((await store.ledger()).lanes[LANE].filtered)


@pytest.fixture
def store(redis: Any) -> Store:
    """Give the store of the stage."""
    return Store(redis, 4)


async def pause(store: Store) -> None:
    """Let the webhook get nothing for now."""
    await store.holds.put("hook", Hold("paused", "by_hand", 0, by="ann"))


async def test_a_withdrawal_stops_what_is_queued(redis: Any, store: Store) -> None:
    """What waits in a lane is filtered when its user has denied meanwhile; others' goes out."""
    vendors = Vendors()
    await pause(store)
    async with running(consenting(), redis, vendors):
        await push(store, said("a1"), said("b1", "bob"), said("a2"))
        await settled(store, configured=3)
        await push(store, withdrawal())
        await settled(store, configured=4)
        await store.holds.end("hook", 0, by="operator")
        await settled(store, delivered=1, pending=0)

    assert ["b1"] == vendors.names()
    assert {"consent.withdrawn": 2, "consent.category_denied": 1} == await filtered(store)


async def test_t3_nobody_elses_consent_counts(redis: Any, store: Store) -> None:
    """T3: what one user denied stays denied whatever others say later, and the reverse."""
    vendors = Vendors()
    await pause(store)
    async with running(consenting(), redis, vendors):
        await push(store, said("a1"), said("b1", "bob"))
        await push(store, withdrawal(), said("b2", "bob", at=40), withdrawal("eve"))
        await settled(store, configured=5)
        await store.holds.end("hook", 0, by="operator")
        await settled(store, delivered=2, pending=0)

    assert ["b1", "b2"] == vendors.names()


async def test_a_later_grant_lets_later_events_pass(redis: Any, store: Store) -> None:
    """Who agrees again is served again; what was withdrawn meanwhile was filtered for good."""
    vendors = Vendors()
    async with running(consenting(), redis, vendors):
        await push(store, said("a1", ads=False), said("a2", at=2), said("a3", at=3))
        await settled(store, delivered=2, pending=0)

    assert ["a2", "a3"] == vendors.names()


async def test_an_old_grant_that_comes_late_changes_nothing(redis: Any, store: Store) -> None:
    """What counts is when it was said: an event from before the withdrawal is filtered."""
    vendors = Vendors()
    async with running(consenting(), redis, vendors):
        await push(store, withdrawal(), said("a1"))
        await settled(store, configured=2, delivered=0, pending=0)

    assert {"consent.withdrawn": 1, "consent.category_denied": 1} == await filtered(store)


@pytest.mark.parametrize("denied_as", ["user", "device"])
async def test_either_id_of_an_event_may_have_denied(
    redis: Any, store: Store, denied_as: str
) -> None:
    """What was denied under one of an event's two ids holds for the event."""
    vendors = Vendors()
    ids = {"user": {}, "device": {"userId": None, "anonymousId": "dev-1"}}[denied_as]
    await pause(store)
    async with running(consenting(), redis, vendors):
        await push(store, said("a1", anonymousId="dev-1"), said("a2", anonymousId="dev-2"))
        await settled(store, configured=2)
        await push(store, {**withdrawal(), **ids})
        await settled(store, configured=3)
        await store.holds.end("hook", 0, by="operator")
        await settled(store, pending=0)

    assert ([] if denied_as == "user" else ["a2"]) == vendors.names()


async def test_an_alias_heeds_what_the_id_before_denied(redis: Any, store: Store) -> None:
    """An alias tells a vendor whose the older id is: who denied under that one, is not told of."""
    vendors = Vendors()
    grant = {"consent": {"categoryPreferences": {"ads": True}}}
    alias = {"type": "alias", "userId": "ann", "anonymousId": "dev-1", "previousId": "visitor",
             "context": grant, "timestamp": "2020-01-01T00:00:01Z"}  # fmt: skip
    async with running(consenting(), redis, vendors):
        await push(store, withdrawal("visitor"), {**alias, "messageId": "m1"})
        await push(store, {**alias, "messageId": "m2", "userId": "bob", "anonymousId": "dev-2",
                           "previousId": "somebody"})  # fmt: skip
        await settled(store, configured=3, delivered=1, pending=0)

    assert {"consent.withdrawn": 1, "consent.category_denied": 1} == await filtered(store)


async def test_what_a_device_refused_goes_to_its_user(redis: Any, store: Store) -> None:
    """Once an event names both, it holds for events of the user alone, until they grant it."""
    vendors = Vendors()
    device = {"userId": None, "anonymousId": "dev-1"}
    both = track("a2", "ann", anonymousId="dev-1", timestamp="2020-01-01T00:00:02Z")
    await pause(store)
    async with running(consenting(), redis, vendors):
        await push(store, said("a0"), said("b0", "bob"), withdrawal(at=10) | device, both)
        await settled(store, configured=4)
        await store.holds.end("hook", 0, by="operator")
        await settled(store, delivered=1, pending=0)
        await push(store, said("a3", at=20))
        await settled(store, delivered=2, pending=0)

    assert ["b0", "a3"] == vendors.names()


async def test_another_user_of_the_device_takes_nothing_back(redis: Any, store: Store) -> None:
    """T3 on a shared device: one user's grant does not lift what another one denied there."""
    vendors = Vendors()
    await pause(store)
    async with running(consenting(), redis, vendors):
        await push(store, said("a1", anonymousId="dev-1"), withdrawal(anonymousId="dev-1"))
        await push(store, said("b1", "bob", at=40, anonymousId="dev-1"))
        await settled(store, configured=3)
        await store.holds.end("hook", 0, by="operator")
        await settled(store, pending=0)

    assert ["b1"] == vendors.names()


async def test_a_withdrawal_stops_what_is_retrying(redis: Any, store: Store) -> None:
    """T6: an event that failed is judged again before it is tried again."""
    vendors = Vendors()
    vendors.answer = lambda *_: httpx.Response(503)
    async with running(consenting(retry={"attempts": 100, "for": "1h"}), redis, vendors):
        await push(store, said("a1"))
        await wait_until_async(lambda: _failed(store), what="a failed attempt")
        await push(store, withdrawal())
        await settled(store, configured=2, delivered=0, pending=0)

    assert {"consent.withdrawn": 1, "consent.category_denied": 1} == await filtered(store)
    assert {LANE: 0} == await store.failing([LANE])


async def _failed(store: Store) -> bool:
    return (await store.failing([LANE]))[LANE] > 0


async def test_no_id_is_written_down(redis: Any, store: Store) -> None:
    """The store knows users who denied by their turns alone."""
    async with running(consenting(), redis, Vendors()):
        await push(store, withdrawal("ann@post.test", anonymousId="device-17"))
        await settled(store, configured=1, pending=0)

    found = await redis.hgetall(keys.PREFERENCES)
    assert 2 == len(found)
    assert not any(word in repr(found) for word in ("ann", "device-17"))


async def test_grants_are_not_kept(redis: Any, store: Store) -> None:
    """Of users who never denied anything nothing is remembered."""
    async with running(consenting(), redis, Vendors()):
        await push(store, said("a1"), said("b1", "bob"))
        await settled(store, delivered=2)

    assert 0 == await store.preferences.count()


async def test_without_a_destination_that_heeds_consent_nothing_is_kept(
    redis: Any, store: Store
) -> None:
    """Where no verdict depends on consent, no preference is written or read."""
    vendors = Vendors()
    async with running(configuration(), redis, vendors) as engine:
        engine._parts.latest._preferences = None  # type: ignore[assignment]  # fails when asked
        await push(store, said("a1", ads=False), withdrawal())
        await settled(store, delivered=2)

    assert 0 == await store.preferences.count()
