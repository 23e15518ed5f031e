"""What routing costs, counted in calls and commands: seconds are for `router bench`."""

from __future__ import annotations

import itertools
import sys
from datetime import timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from router.bench.scene import FIVE, multiplied
from router.config import parse
from router.config.compiled import compiled, sources
from router.engine.route.routing import Router
from router.events.event import Arrival
from router.store.intakes import PEEK_EVENTS
from router.store.marks import limits
from router.store.store import Store

if TYPE_CHECKING:
    from types import FrameType

    from router.store.intakes import Peek

NOW = 1_790_000_000_000
EVENTS = 400
LONG = timedelta(minutes=1)
MARKS = limits(timedelta(days=1), 1_000_000)
CALLS = 95
"""Calls of Python functions to route an event to five destinations; 89 when this was written."""
BODIES = 2.6
"""Bodies to pack for an event of the demonstration, of five; 2.5 when this was written."""


@pytest.fixture(name="scene", scope="module")
def benchmark() -> tuple[Router, list[Arrival]]:
    """Return the benchmark's router and its events."""
    written = yaml.safe_load(FIVE.replace("PORT", "9"))
    config = parse(
        yaml.safe_dump({"egress": {"allow": ["127.0.0.0/8"]}, "privacy_key": "k" * 32, **written}),
        {},
    )
    lines = (files("router.cli.demo") / "events.jsonl").read_bytes().splitlines()
    arrivals = [
        Arrival(raw, f"events:{NOW + number}-0", None, NOW + number)
        for number, raw in enumerate(itertools.islice(multiplied(lines), EVENTS))
    ]
    return Router(compiled(config), sources(config), b"secret", 16), arrivals


def test_calls_to_route_an_event(scene: tuple[Router, list[Arrival]]) -> None:
    """Routing an event takes no more calls of Python functions than it did."""
    router, arrivals = scene
    router.route(arrivals, NOW)
    calls = 0

    def count(_: FrameType, what: str, __: Any) -> None:
        nonlocal calls
        calls += what == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        batch = router.route(arrivals, NOW)
    finally:
        sys.setprofile(before)

    assert EVENTS == len(batch.routed)
    assert calls <= CALLS * EVENTS


def test_bodies_of_an_event(scene: tuple[Router, list[Arrival]]) -> None:
    """What several policies leave alike is packed once, so few bodies are made."""
    router, arrivals = scene
    routed = router.route(arrivals, NOW).routed

    assert 5 * EVENTS == sum(len(one.sends) for one in routed)
    assert sum(len(one.bodies) for one in routed) <= BODIES * EVENTS


async def test_commands_of_a_batch(
    scene: tuple[Router, list[Arrival]], redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking ahead and handing off are one command each, however many events they move."""
    router, arrivals = scene
    store, asked = Store(redis, 16), 0
    intake = store.intake("stream", "events")
    lease = intake.lease("one", LONG)
    await lease.acquire()
    await store.push("events", [{"event": one.raw} for one in arrivals])
    await store.push("events", [{"event": one.raw} for one in arrivals])
    ask = redis.execute_command

    async def hand_off(peek: Peek) -> None:
        routed = router.route(peek.arrivals, NOW).routed
        await intake.hand_off(
            lease, peek, router.lanes, routed, shelved=(), marks=MARKS, now_ms=NOW
        )

    async def count(*args: Any, **more: Any) -> Any:
        nonlocal asked
        asked += 1
        return await ask(*args, **more)

    first = await intake.peek()
    await hand_off(first)  # from now on the script is loaded
    monkeypatch.setattr(redis, "execute_command", count)
    second = await intake.peek(behind=first)
    await hand_off(second)

    assert (PEEK_EVENTS, PEEK_EVENTS) == (first.count, second.count)
    assert 2 == asked
