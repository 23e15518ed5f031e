"""A store that is nearly full stops the intake, and nothing but the intake, until there is room."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from router.engine.engine import Engine
from router.engine.route.pressure import GO_ON_AT, STOP_AT, intake_hold
from router.observe.reserved import INTAKE
from router.store.holds import Hold
from router.store.store import Store
from tests.engine.stage import Vendors, configuration, push, track
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from typing import Any

FULL = Hold("held", "store_full", 1_000)
LONG = Hold("held", "queue_full.hook", 1_000)
PAUSE = Hold("paused", "by hand", 1_000, by="operator")


@pytest.mark.parametrize(
    ("hold", "fullness", "after"),
    [
        (None, 0.0, None),
        (None, STOP_AT - 0.01, None),
        (None, STOP_AT, Hold("held", "store_full", 5_000)),
        (None, 7.0, Hold("held", "store_full", 5_000)),
        (FULL, STOP_AT, FULL),
        (FULL, GO_ON_AT + 0.01, FULL),
        (FULL, GO_ON_AT, None),
        (FULL, 0.0, None),
        (PAUSE, 0.0, PAUSE),
        (PAUSE, 1.0, PAUSE),
        (LONG, STOP_AT, Hold("held", "store_full", 5_000)),
    ],
)
def test_what_holds_the_intake(hold: Hold | None, fullness: float, after: Hold | None) -> None:
    """It stops at nine tenths, goes on at eight, and keeps its beginning in between."""
    assert after == intake_hold(hold, fullness, {}, 5_000)


@pytest.mark.parametrize(
    ("hold", "fills", "after"),
    [
        (None, {"hook": 0.99}, None),
        (None, {"hook": 1.0}, Hold("held", "queue_full.hook", 5_000)),
        (None, {"crm": 0.9, "hook": 3.0}, Hold("held", "queue_full.hook", 5_000)),
        (LONG, {"hook": 1.0}, LONG),
        (LONG, {"hook": GO_ON_AT + 0.01}, LONG),
        (LONG, {"hook": GO_ON_AT}, None),
        (LONG, {}, None),
        (LONG, {"crm": 1.0, "hook": 0.9}, LONG),
        (LONG, {"crm": 1.0, "hook": 0.1}, Hold("held", "queue_full.crm", 5_000)),
        (FULL, {"hook": 1.0}, Hold("held", "queue_full.hook", 5_000)),
        (PAUSE, {"hook": 1.0}, PAUSE),
    ],
)
def test_a_full_queue_holds_the_intake(
    hold: Hold | None, fills: dict[str, float], after: Hold | None
) -> None:
    """The reason names the destination, and stays until a fifth of its queue's bound is free."""
    assert after == intake_hold(hold, 0.0, fills, 5_000)


class Filling(Store):
    """A store that is as full as a test says."""

    full = 0.95

    async def fullness(self) -> float:
        """Say so."""
        return self.full


async def test_an_engine_takes_nothing_in_until_there_is_room(redis: Any) -> None:
    """While the store is nearly full events wait in their queue; with room they go their way."""
    store, vendors, stop = Filling(redis, 4), Vendors(), asyncio.Event()
    engine = Engine(configuration(), store, "one", transport=vendors.transport)
    task = asyncio.create_task(engine.run(stop))

    async def held() -> bool:
        return INTAKE in await store.holds.all() and not engine.facts()["intakes"]

    try:
        await wait_until_async(held, within=20, what="the hold of the intake")
        await push(store, track("Waiting"))
        assert 1 == await store.intake("stream", "events").length()
        store.full = 0.5
        await wait_until_async(
            lambda: vendors.names() == ["Waiting"], within=20, what="what had waited"
        )
        assert {} == await store.holds.all()
    finally:
        stop.set()
        await task
