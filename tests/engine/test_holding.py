"""Holds under concurrency: what was open when a destination was held does not change the hold."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx

from router.store.holds import Hold
from router.store.store import Store
from tests.engine.stage import Vendors, configuration, hook, now_ms, push, running, track
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from router.config.model import Config
    from router.engine.engine import Engine

OPEN = 4


class Gate(Vendors):
    """Keeps requests open until it is opened, and refuses the credential of each."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = asyncio.Event()

    def transport(self, name: str) -> httpx.AsyncBaseTransport:
        """Return the way to the gate."""

        async def handle(request: httpx.Request) -> httpx.Response:
            self.requests[name].append(request)
            await self.opened.wait()
            return httpx.Response(401)

        return httpx.MockTransport(handle)

    async def filled(self, store: Store) -> None:
        """Queue events of several users and wait until their requests are open together."""
        await push(store, *(track(f"e{n}", f"u{n}") for n in range(OPEN)))
        await wait_until_async(lambda: len(self.requests["hook"]) == OPEN, what="all to be open")

    async def refuse(self, engine: Engine) -> None:
        """Refuse all that are open and wait until they are judged."""
        self.opened.set()
        await wait_until_async(
            lambda: not engine.facts()["in_flight"]["hook"], every=0.001, what="the judgement"
        )


def concurrent() -> Config:
    """Return the configuration of a destination with some requests open at once."""
    return configuration({"hook": hook(delivery={"concurrency": OPEN})})


async def test_requests_that_fail_together_are_one_hold(redis: Any) -> None:
    """Failures of requests that were open when it was held are no failed probes."""
    store, gate = Store(redis, 4), Gate()
    async with running(concurrent(), redis, gate) as engine:
        await gate.filled(store)
        await gate.refuse(engine)
        hold = (await store.holds.all())["hook"]

    assert ("held", 0) == (hold.state, hold.probes)


async def test_a_pause_stays_a_pause(redis: Any) -> None:
    """What fails late under an operator's pause starts no probing."""
    store, gate = Store(redis, 4), Gate()
    pause = Hold("paused", "by hand", now_ms(), by="operator")
    async with running(concurrent(), redis, gate) as engine:
        [dispatcher] = engine._parts.dispatchers
        await gate.filled(store)
        await store.holds.put("hook", pause)
        await wait_until_async(lambda: dispatcher.hold == pause, what="the pause to be known")
        await gate.refuse(engine)

        assert pause == dispatcher.hold
        assert pause == (await store.holds.all())["hook"]
