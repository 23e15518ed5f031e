"""A stage for whole engines: a configuration, a store, and vendors that answer as they are told."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
import yaml

from router.config.reading.load import parse
from router.engine.engine import Engine
from router.store.codec import Entry, pack
from router.store.store import Store
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from router.config.sections.whole import Config

LANE = "hook:webhook"


def hook(*, batched: bool = False, delivery: Any = None, **sections: Any) -> dict[str, Any]:
    """Return a webhook destination; `batched` makes it send arrays."""
    settings = {"url": "https://hook.test/in", "format": "array" if batched else "object"}
    return {
        "type": "webhook",
        "settings": settings,
        "consent": {"not_required": "a test"},
        "delivery": {"timeout": "1s", **(delivery or {})},
        **sections,
    }


def configuration(destinations: dict[str, Any] | None = None, **more: Any) -> Config:
    """Return a configuration of one webhook, or of the given destinations."""
    value = {
        "privacy_key": "a key for tests: 0123456789abcdef",
        "shards": 4,
        "worker": {"lease": "2s"},
        "destinations": destinations or {"hook": hook()},
        **more,
    }
    return parse(yaml.safe_dump(value), {})


class Vendors:
    """Answers for every destination by the rules of the test, and remembers what came.

    With a `gate` answers wait until it opens.
    """

    def __init__(self) -> None:
        self.requests: dict[str, list[httpx.Request]] = defaultdict(list)
        self.gate: asyncio.Event | None = None
        self.answer: Callable[[str, httpx.Request], httpx.Response] = lambda *_: httpx.Response(200)

    def transport(self, name: str) -> httpx.AsyncBaseTransport:
        """Return the way out for one destination."""

        async def handle(request: httpx.Request) -> httpx.Response:
            self.requests[name].append(request)
            if self.gate is not None:
                await self.gate.wait()
            return self.answer(name, request)

        return httpx.MockTransport(handle)

    def bodies(self, name: str = "hook") -> list[dict[str, Any]]:
        """Return what a destination was sent, decoded."""
        return [json.loads(request.content) for request in self.requests[name]]

    def names(self, name: str = "hook") -> list[str]:
        """Return the names of the events that a destination was sent."""
        return [body["event"] for body in self.bodies(name)]


def track(event: str, user: str = "u1", **more: Any) -> dict[str, Any]:
    """Return an event with an id of its own name."""
    return {"type": "track", "event": event, "userId": user, "messageId": f"id-{event}", **more}


async def push(store: Store, *events: dict[str, Any]) -> None:
    """Queue events as producers do."""
    await store.push("events", [{"event": json.dumps(event)} for event in events])


async def place(store: Store, shard: int, turn: bytes, name: str, **more: Any) -> bytes:
    """Put a delivery straight into the lane, as a hand-off would; return its id."""
    entry = Entry(name, "track", "default", 0, (), json.dumps({"event": name}).encode(), **more)
    key = f"router:{{{shard}}}:lane:{LANE}"
    found: bytes = await store.redis.xadd(key, {"u": turn, "d": pack(entry)})
    return found


@asynccontextmanager
async def running(
    config: Config, redis: Any, vendors: Vendors, owner: str = "one"
) -> AsyncIterator[Engine]:
    """Run an engine until the block ends; a failure of the engine fails the test."""
    store = Store(redis, config.shards)
    engine = Engine(config, store, owner, transport=vendors.transport)
    stop = asyncio.Event()
    task = asyncio.create_task(engine.run(stop))
    try:
        yield engine
        if task.done():
            task.result()
    finally:
        stop.set()
        await task


async def settled(store: Store, **counts: int) -> None:
    """Wait until the lane's counters are these and conservation holds."""

    async def done() -> bool:
        # fakeredis may read it amid a hand-off: then it does not hold yet
        ledger = await store.ledger()
        lane = ledger.lanes[LANE]
        return ledger.holds and all(getattr(lane, name) == n for name, n in counts.items())

    await wait_until_async(done, within=20, what=f"the lane to count {counts}")
    ledger = await store.ledger()
    assert ledger.holds, ledger


def now_ms() -> int:
    """Return the wall clock in milliseconds."""
    return int(time.time() * 1000)
