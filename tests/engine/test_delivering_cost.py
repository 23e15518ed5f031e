"""What delivering costs, counted in calls and commands: seconds are for `router bench`."""

from __future__ import annotations

import asyncio
import itertools
import sys
from datetime import timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

import fakeredis
import pytest
import yaml

from router.bench.scene import FIVE, ONE, multiplied
from router.bench.sink import sink
from router.config import parse
from router.config.compiled import compiled, sources
from router.engine.assembly import assemble
from router.engine.deliver.turn import Item
from router.engine.route.routing import Router
from router.events.event import Arrival
from router.store.lanes import Settlement
from router.store.store import Store
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from types import FrameType

    from router.config.sections.whole import Config
    from router.engine.deliver.dispatch import Dispatcher
    from router.engine.deliver.home import Home

NOW = 1_790_000_000_000
EVENTS = 200
ELSEWHERE = ("asyncio/", "selectors.py", "tests/")
"""Whose calls are not counted: how often a loop looks at its sockets is chance."""
ALONE = 221
"""Calls of Python functions to deliver an event in a request; 216 when this was written."""
TOGETHER = 43
"""Calls to deliver one of many in a request; 41.2 when this was written."""


class Shard:
    """A share of users that is owned for good, whose settlements stay in memory."""

    alive = True
    remaining = 60.0

    def __init__(self) -> None:
        self.settled = Settlement()

    def settlement(self, _: str) -> Settlement:
        """Return what grows."""
        return self.settled

    def take_off(self) -> None:
        """Keep no count of batches."""

    def land(self) -> None:
        """Keep none here either."""

    @property
    def caution(self) -> Shard:
        """Suspect nobody."""
        return self

    wary = False

    def notice(self, _: str) -> None:
        """Have nothing more."""


def configured(destinations: str, port: int) -> Config:
    """Return the configuration of a benchmark."""
    written = yaml.safe_load(destinations.replace("PORT", str(port)))
    head = {"egress": {"allow": ["127.0.0.0/8"]}, "privacy_key": "k" * 32}
    return parse(yaml.safe_dump({**head, **written}), {})


def entries(config: Config, part: Dispatcher, shard: Shard) -> list[Item[Home]]:
    """Return what routing the benchmark's events leaves in one destination's lane."""
    lines = (files("router.cli.demo") / "events.jsonl").read_bytes().splitlines()
    arrivals = [
        Arrival(raw, f"events:{NOW + number}-0", None, NOW + number)
        for number, raw in enumerate(itertools.islice(multiplied(lines), EVENTS))
    ]
    router = Router(compiled(config), sources(config), b"secret", 16)
    place = router.lanes.index(part.lane)
    return [
        Item(cast("Home", shard), b"%d-0" % number, one.turn, one.bodies[dict(one.sends)[place]])
        for number, one in enumerate(router.route(arrivals, NOW).routed)
    ]


async def drain(part: Dispatcher, items: list[Item[Home]], shard: Shard) -> None:
    """Deliver them all with one worker, one batch after another."""
    before = len(shard.settled.delivered)
    part.add(items)
    await wait_until_async(
        lambda: len(shard.settled.delivered) == before + len(items), what="deliveries"
    )


async def calls(part: Dispatcher, config: Config) -> int:
    """Count the calls of Python functions while the benchmark's events are delivered."""
    shard = Shard()
    working = asyncio.create_task(part.work())
    await drain(part, entries(config, part, shard)[:5], shard)  # connections are open from here
    items = entries(config, part, shard)
    counted = 0

    def count(frame: FrameType, what: str, _: Any) -> None:
        nonlocal counted
        if what == "call":
            counted += not any(place in frame.f_code.co_filename for place in ELSEWHERE)

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        await drain(part, items, shard)
    finally:
        sys.setprofile(before)
        part.stop()
        await working
    return counted


@pytest.mark.parametrize(
    ("name", "destinations", "most"), [("hook", ONE, ALONE), ("array", FIVE, TOGETHER)]
)
async def test_calls_to_deliver_an_event(name: str, destinations: str, most: int) -> None:
    """Delivering an event takes no more calls of Python functions than it did."""
    async with sink() as port:
        config = configured(destinations, port)
        parts = assemble(config, Store(fakeredis.FakeAsyncRedis(), 16), "one")
        part = next(one for one in parts.dispatchers if one.name == name)
        counted = await calls(part, config)
        await parts.close()

    assert counted <= most * EVENTS


async def test_commands_to_settle_deliveries(monkeypatch: pytest.MonkeyPatch) -> None:
    """What became of a shard's deliveries is written by one command, of however many lanes."""
    redis: Any = fakeredis.FakeAsyncRedis()
    store = Store(redis, 16)
    lease = store.lease(0, "one", timedelta(minutes=1))
    await lease.acquire()
    known = {f"{name}:webhook": Settlement(delivered=[b"1-0"] * EVENTS) for name in "ab"}
    await store.lanes.settle(lease, 0, known, NOW)  # from now on the script is loaded
    ask, asked = redis.execute_command, 0

    async def count(*command: Any, **more: Any) -> Any:
        nonlocal asked
        asked += 1
        return await ask(*command, **more)

    monkeypatch.setattr(redis, "execute_command", count)
    await store.lanes.settle(lease, 0, known, NOW)

    assert 1 == asked
