"""T1 to T6: what was seen going wrong in another product with consent gates, kept from happening.

They were runs of walkerOS 4.2.1: T1 any one category was enough, T2 an open breaker lost events,
T3 somebody else's consent released a denied event, T4 a failing policy logged the whole event, T5
a path over array items did nothing, T6 nothing was tried twice.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from router.decide.policy.policy import Policy
from router.decide.verdict import PolicyError
from router.store.store import Store
from tests.engine.stage import LANE, Vendors, configuration, hook, push, running, settled, track
from tests.support.canary import EMAIL, PHONE, Canary

QUICK = {"retry": {"attempts": 100, "for": "1h"}}


@pytest.fixture
def store(redis: Any) -> Store:
    """Give the store of the stage."""
    return Store(redis, 4)


def said(event: str, **categories: bool) -> dict[str, Any]:
    """Return an event of ann that carries her consent."""
    return track(event, "ann", context={"consent": {"categoryPreferences": categories}})


async def test_t1_one_of_two_categories_is_not_enough(redis: Any, store: Store) -> None:
    """T1: who needs marketing and analytics gets nothing of a user who denied one of them."""
    config = configuration({"hook": hook(consent={"require": ["marketing", "analytics"]})})
    vendors = Vendors()
    async with running(config, redis, vendors):
        await push(
            store,
            said("one", marketing=False, analytics=True),
            said("other", marketing=True, analytics=False),
        )
        await settled(store, configured=2, pending=0)

    assert [] == vendors.names()
    assert {"consent.category_denied": 2} == (await store.ledger()).lanes[LANE].filtered


async def test_t2_nothing_vanishes_while_a_destination_is_down(redis: Any, store: Store) -> None:
    """T2: what comes for a destination that is held waits, counted, and is delivered after."""
    vendors = Vendors()
    vendors.answer = lambda *_: httpx.Response(401)
    async with running(configuration(), redis, vendors):
        await push(store, *[track(f"e{n}", f"u{n}") for n in range(10)])
        await settled(store, configured=10, pending=10, dead=0)
        vendors.answer = lambda *_: httpx.Response(200)
        await store.holds.end("hook", 0, by="operator")
        await settled(store, delivered=10, pending=0)

    assert {f"e{n}" for n in range(10)} <= set(vendors.names())


async def test_t3_nobody_elses_consent_releases_an_event(redis: Any, store: Store) -> None:
    """T3: what one user denied is sent to nobody when another user of the server agrees later."""
    config = configuration({"hook": hook(consent={"require": ["marketing"]})})
    vendors = Vendors()
    async with running(config, redis, vendors):
        await push(store, said("denied", marketing=False))
        await settled(store, configured=1, pending=0)
        await push(store, {**said("agreed", marketing=True), "userId": "bob"})
        await settled(store, configured=2, delivered=1, pending=0)

    assert ["agreed"] == vendors.names()


async def test_t4_a_failing_policy_sends_and_logs_nothing(
    redis: Any, store: Store, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T4: a rule that raises keeps the event from its destination, and its values from the log."""

    def failing(*_: Any) -> Any:
        raise PolicyError("made to fail")

    monkeypatch.setattr(Policy, "strip", failing)
    vendors = Vendors()
    privacy = {"rules": [{"match": "properties.email", "do": "hash"}]}
    async with running(configuration({"hook": hook(privacy=privacy)}), redis, vendors):
        await push(store, track("e1", properties={"email": EMAIL}))
        await settled(store, configured=1, dead=1)

    assert [] == vendors.names()
    assert [] == canary.sung


async def test_t5_paths_reach_into_arrays(redis: Any, store: Store) -> None:
    """T5: a rule with a wildcard takes the value from every item, however deep."""
    rules = [{"match": "properties.people[*].email", "do": "drop"},
             {"match": "**.phone", "do": "drop"}]  # fmt: skip
    people = [{"email": EMAIL, "plan": "pro"}, {"email": EMAIL, "homes": [{"phone": PHONE}]}]
    vendors = Vendors()
    async with running(configuration({"hook": hook(privacy={"rules": rules})}), redis, vendors):
        await push(store, track("e1", properties={"people": people}))
        await settled(store, delivered=1)

    (sent,) = vendors.bodies()
    assert {"people": [{"plan": "pro"}, {"homes": [{}]}]} == sent["properties"]


async def test_t6_what_fails_is_tried_again_and_touches_nobody_else(
    redis: Any, store: Store
) -> None:
    """T6: an event that failed at one destination is delivered there later, elsewhere at once."""
    vendors = Vendors()
    statuses = {"hook": [503, 200], "other": [200]}
    vendors.answer = lambda name, _: httpx.Response(statuses[name].pop(0))
    config = configuration({"hook": hook(delivery=QUICK), "other": hook(delivery=QUICK)})
    async with running(config, redis, vendors):
        await push(store, track("e1"))
        await settled(store, delivered=1, pending=0)

    assert (["e1", "e1"], ["e1"]) == (vendors.names(), vendors.names("other"))
