"""Consent and policy are asked again at every attempt, by the configuration of now."""

from __future__ import annotations

from typing import Any

from router.store import keys
from router.store.holds import Hold
from router.store.store import Store
from tests.engine.stage import LANE, Vendors, configuration, hook, push, running, settled, track

AGREED = {"consent": {"categoryPreferences": {"analytics": True, "advertising": False}}}
PERSONAL = {"email": "a@b.test", "plan": "pro"}


async def queued(redis: Any, config: Any, *events: dict[str, Any]) -> Store:
    """Route events by a configuration whose destination is paused: they stay in its lane."""
    store = Store(redis, 4)
    await store.holds.put("hook", Hold("paused", "by_hand", 0, by="ann"))
    async with running(config, redis, Vendors()):
        await push(store, *events)
        await settled(store, pending=len(events))
    await store.holds.end("hook", 0, by="operator")
    return store


async def test_consent_is_asked_again(redis: Any) -> None:
    """What was allowed when it was routed is filtered when more consent is needed now."""
    before = configuration({"hook": hook(consent={"require": ["analytics"]})})
    store = await queued(redis, before, track("e1", context=AGREED))
    vendors = Vendors()
    needs = {"require": ["analytics", "advertising"]}
    async with running(configuration({"hook": hook(consent=needs)}), redis, vendors):
        await settled(store, delivered=0, pending=0)

    lane = (await store.ledger()).lanes[LANE]
    assert {"consent.category_denied": 1} == lane.filtered
    assert [] == vendors.names()


async def test_consent_that_suffices_is_no_obstacle(redis: Any) -> None:
    """What is allowed then and now is delivered."""
    config = configuration({"hook": hook(consent={"require": ["analytics"]})})
    store = await queued(redis, config, track("e1", context=AGREED))
    vendors = Vendors()
    async with running(config, redis, vendors):
        await settled(store, delivered=1)

    assert ["e1"] == vendors.names()


async def test_a_stricter_policy_holds_for_what_waits(redis: Any) -> None:
    """A rule that was added after routing narrows what already stands in the lane."""
    store = await queued(redis, configuration(), track("e1", properties=PERSONAL))
    vendors = Vendors()
    privacy = {"rules": [{"match": "properties.email", "do": "drop"}]}
    async with running(configuration({"hook": hook(privacy=privacy)}), redis, vendors):
        await settled(store, delivered=1)

    (sent,) = vendors.bodies()
    assert {"plan": "pro"} == sent["properties"]


async def test_a_looser_policy_gives_nothing_back(redis: Any) -> None:
    """What was dropped or hashed when it was routed stays so, whatever the rules say now."""
    rules = [{"match": "properties.email", "do": "drop"}, {"match": "userId", "do": "token"}]
    store = await queued(
        redis,
        configuration({"hook": hook(privacy={"rules": rules})}),
        track("e1", "ann", properties=PERSONAL),
    )
    vendors = Vendors()
    privacy = {"rules": [{"match": "userId", "do": "token"}]}
    async with running(configuration({"hook": hook(privacy=privacy)}), redis, vendors):
        await settled(store, delivered=1)

    (sent,) = vendors.bodies()
    assert {"plan": "pro"} == sent["properties"]
    assert "ann" != sent["userId"]


async def test_an_entry_that_is_none_is_a_letter(redis: Any) -> None:
    """Bytes in a lane that cannot be read die alone; the next entry of the user goes on."""
    store, vendors = await queued(redis, configuration(), track("e1")), Vendors()
    await redis.xadd(keys.lane(0, LANE), {"u": b"turn", "d": b"junk"})
    await redis.hincrby(keys.ledger(0), f"{LANE}|configured", 1)
    async with running(configuration(), redis, vendors):
        await settled(store, delivered=1, dead=1)

    (letter,) = [letter async for letter in store.letters.scan([LANE])]
    assert ("unreadable", None) == (letter.reason, letter.entry)
    assert ["e1"] == vendors.names()
