"""A configuration of its own for every test, with its embedded store running, and its commands."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from router.cli import main
from router.store.embedded import EmbeddedStore
from tests.dead.morgue import bury, route, stored

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

    from router.events.event import Arrival
    from router.store.store import Store

CONFIGURATION = """
data: ./data
shards: 2
consent: {categories: [analytics, ads]}
destinations:
  hook:
    type: webhook
    settings: {url: "http://127.0.0.1:9/hidden-path", secret: "hidden-secret"}
    consent: {not_required: "our own log"}
  ads:
    type: console
    consent: {require: [ads]}
egress: {allow: [127.0.0.0/8]}
"""
CONSENTING = {"consent": {"categoryPreferences": {"ads": True}}}


def an_event(number: int, **more: Any) -> bytes:
    """Return a track event of its own user, who consents to everything."""
    event = {
        "type": "track",
        "event": "Order Completed",
        "messageId": f"m-{number}",
        "userId": f"u-{number}",
        "properties": {"email": f"person{number}@example.test", "total": 12.5},
        "context": CONSENTING,
        **more,
    }
    return json.dumps(event).encode()


class Shop:
    """One configuration file, and the commands on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "router.yaml"
        self.file.write_text(CONFIGURATION)

    def __call__(self, *words: str, stdin: bytes | None = None) -> Result:
        """Run a command."""
        environ = {"ROUTER_CONFIG": str(self.file)}
        return CliRunner().invoke(main, words, input=stdin, env=environ, catch_exceptions=False)

    def json(self, *words: str) -> dict[str, Any]:
        """Run a command with --json, and return its object."""
        result = self(*words, "--json")
        value: dict[str, Any] = json.loads(result.stdout)
        return value

    def lines(self, *words: str) -> list[dict[str, Any]]:
        """Run a command with --json, and return its lines."""
        return [json.loads(line) for line in self(*words, "--json").stdout.splitlines()]

    def mend(self, old: str, new: str) -> None:
        """Change the configuration."""
        text = self.file.read_text()
        assert old in text
        self.file.write_text(text.replace(old, new))

    def route(self, *raws: bytes) -> None:
        """Let events be routed, and nothing be delivered."""

        async def work() -> None:
            async with stored(self.file) as (config, store):
                await route(config, store, raws, now_ms())

        asyncio.run(work())

    def bury(self, lane: str, reason: str, status: int | None = None) -> int:
        """Let everything in a lane die."""

        async def work() -> int:
            async with stored(self.file) as (_, store):
                return await bury(store, lane, reason, now_ms(), status)

        return asyncio.run(work())

    def ask(self, question: Any) -> Any:
        """Ask the store something: `question` is an async function of it."""

        async def work() -> Any:
            async with stored(self.file) as (_, store):
                return await question(store)

        return asyncio.run(work())

    def arrivals(self, kind: str, name: str) -> list[Arrival]:
        """Return what waits in an intake."""

        async def read(store: Store) -> list[Arrival]:
            return list((await store.intake(kind, name).peek()).arrivals)

        found: list[Arrival] = self.ask(read)
        return found

    def queued(self) -> list[bytes]:
        """Return what waits on the stream."""
        return [arrival.raw for arrival in self.arrivals("stream", "events")]


def now_ms() -> int:
    """Return the time in milliseconds."""
    return int(time.time() * 1000)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Give a configuration whose embedded store runs during the test."""
    made = Shop(tmp_path)
    store = EmbeddedStore(tmp_path / "data")
    store.attach()
    yield made
    store.leave()
