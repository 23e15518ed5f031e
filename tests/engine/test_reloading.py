"""What another configuration means for what is queued, retrying, dead, or of nobody any more.

A reload ends an engine and begins another one (`tests/worker/test_reload.py`), as these tests do.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from router.dead.replay import Replay
from router.operations.destinations import drop, left_lanes
from router.operations.letters import Ids, forecaster, replay
from router.operations.signature import Signature
from router.store.holds import Hold
from router.store.store import Store
from tests.engine.stage import (
    LANE,
    Vendors,
    configuration,
    hook,
    now_ms,
    push,
    running,
    settled,
    track,
)
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from router.config.sections.whole import Config

OTHER, RENAMED = "other:webhook", "renamed:webhook"
ANN = Signature("ann", "a test")


@pytest.fixture
def store(redis: Any) -> Store:
    """Give the store of the stage."""
    return Store(redis, 4)


def moved() -> Config:
    """Return the configuration with another URL, and without a property."""
    there = hook(privacy={"rules": [{"match": "properties.secret", "do": "drop"}]})
    there["settings"]["url"] = "https://hook.test/moved"
    return configuration({"hook": there})


async def left_behind(store: Store, redis: Any, vendors: Vendors) -> None:
    """Queue one event for a destination that is paused, and end the engine."""
    await store.holds.put("hook", Hold("paused", "by_hand", 0, by="ann"))
    async with running(configuration({"hook": hook(), "other": hook()}), redis, vendors):
        await push(store, track("before"))
        await settled(store, configured=1)
        await counted(store, OTHER, delivered=1)


async def counted(store: Store, lane: str, **counts: int) -> None:
    """Wait until another lane's counters are these."""

    async def done() -> bool:
        found = (await store.ledger()).lanes.get(lane)
        return found is not None and all(
            getattr(found, name) == count for name, count in counts.items()
        )

    await wait_until_async(done, within=20, what=f"{lane} to count {counts}")


async def test_a_destination_that_comes_back_gets_its_queue(redis: Any, store: Store) -> None:
    """While it is away its lane waits and grows no more; then it goes on where it stopped."""
    vendors = Vendors()
    await left_behind(store, redis, vendors)
    await store.holds.end("hook", 0, by="operator")
    async with running(configuration({"other": hook()}), redis, vendors):
        await push(store, track("meanwhile"))
        await counted(store, OTHER, delivered=2)
    assert [] == vendors.names()
    async with running(configuration({"hook": hook(), "other": hook()}), redis, vendors):
        await push(store, track("after"))
        await settled(store, configured=2, delivered=2, pending=0)

    assert ["before", "after"] == vendors.names()
    assert ["before", "meanwhile", "after"] == vendors.names("other")


async def test_a_renamed_destination_is_another_one(redis: Any, store: Store) -> None:
    """The new name gets what comes from then on; the old one's queue waits until it is dropped."""
    vendors = Vendors()
    await left_behind(store, redis, vendors)
    config = configuration({"renamed": hook()})
    async with running(config, redis, vendors):
        await push(store, track("after"))
        await counted(store, RENAMED, delivered=1)
        assert [LANE] == await left_lanes(store, config, "hook")
        assert 1 == await drop(store, config, "hook", ANN)

    assert ([], ["after"]) == (vendors.names(), vendors.names("renamed"))
    await settled(store, configured=1, dead=1, pending=0)


async def test_what_is_retrying_goes_by_the_new_settings(redis: Any, store: Store) -> None:
    """An event that failed is tried again where the settings of now say, with what they leave."""
    vendors = Vendors()
    vendors.answer = lambda *_: httpx.Response(503)
    async with running(configuration(), redis, vendors):
        await push(store, track("e1", properties={"secret": 1, "open": 2}))
        await wait_until_async(lambda: _failing(store), what="a failed attempt")
    before = len(vendors.requests["hook"])
    vendors.answer = lambda *_: httpx.Response(200)
    async with running(moved(), redis, vendors):
        await settled(store, delivered=1, pending=0)

    assert_moved(vendors, before)


async def _failing(store: Store) -> bool:
    return (await store.failing([LANE]))[LANE] > 0


async def test_what_is_replayed_goes_by_the_new_settings(redis: Any, store: Store) -> None:
    """A dead letter goes where the settings of now say, with what they leave."""
    vendors = Vendors()
    vendors.answer = lambda *_: httpx.Response(422)
    async with running(configuration(), redis, vendors):
        await push(store, track("e1", properties={"secret": 1, "open": 2}))
        await settled(store, dead=1)
    vendors.answer = lambda *_: httpx.Response(200)
    letters = [letter.id async for letter in store.letters.scan([LANE])]
    async with running(moved(), redis, vendors):
        how = Replay(store, forecaster(moved()), "events", now_ms())
        assert 1 == (await replay(how, Ids(letters), ANN)).moved
        await settled(store, delivered=1, letters=0, pending=0)

    assert_moved(vendors, 1)


def assert_moved(vendors: Vendors, before: int) -> None:
    """See that exactly one request followed, to the new URL, without what is dropped now."""
    old, new = vendors.requests["hook"][:before], vendors.requests["hook"][before:]

    assert {"/in"} == {request.url.path for request in old}
    assert ["/moved"] == [request.url.path for request in new]
    assert {"open": 2} == json.loads(new[0].content)["properties"]
    assert old[-1].headers["webhook-id"] == new[0].headers["webhook-id"]
