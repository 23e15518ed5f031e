"""What every benchmark stands on: events of many users, a store of its own, a destination each."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from router.config import load
from router.store.opening import open_store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from router.config import Config
    from router.store.store import Store

USERS = 500
BATCH = 500
ASIDE = "bench:aside"
PATIENCE = 300.0
"""Seconds after which a benchmark that does not end is given up."""

HEAD = "data: ./data\negress: {allow: [127.0.0.0/8]}\n"
TRUST = "pii: {trusted: [array, archive]}\n"
"""With it, personal data is looked for in every value that goes to the other three."""
FIVE = """
destinations:
  array:
    type: webhook
    settings: {url: "http://127.0.0.1:PORT/array", format: array}
    privacy: {rules: [{match: "traits.email", do: hash}, {match: "context.ip", do: truncate}]}
  lines:
    type: webhook
    settings: {url: "http://127.0.0.1:PORT/lines", format: lines}
    privacy: {rules: [{match: "properties.products[*].sku", do: mask}]}
  allowed:
    type: webhook
    settings: {url: "http://127.0.0.1:PORT/allowed", format: array}
    privacy:
      default: drop
      rules: [{match: "properties", do: keep}, {match: "context.page", do: keep}]
  archive:
    type: file
    settings: {path: archive.jsonl}
  nothing:
    type: drill
    settings: {batch: 500}
"""
ONE = """
destinations:
  hook:
    type: webhook
    settings: {url: "http://127.0.0.1:PORT/hook", secret: "a signing secret"}
    delivery: {concurrency: 32}
"""
DRILLS = """
destinations:
  first: {type: drill}
  second: {type: drill}
  third: {type: drill}
  fourth: {type: drill}
"""


@dataclass(frozen=True, slots=True)
class Scene:
    """A store and a configuration of five destinations, or of one."""

    config: Config
    store: Store
    file: Path
    """The configuration, for other processes."""

    async def push(self, events: Iterator[bytes], count: int) -> None:
        """Queue so many events."""
        for start in range(0, count, BATCH):
            some = itertools.islice(events, min(BATCH, count - start))
            stream = self.config.queue.stream
            await self.store.push(stream, [{"event": event} for event in some])

    async def keep(self, events: Iterator[bytes], count: int) -> None:
        """Put events aside, to be queued all at once by `release`."""
        for start in range(0, count, BATCH):
            some = itertools.islice(events, min(BATCH, count - start))
            await self.store.push(ASIDE, [{"event": event} for event in some])

    async def release(self) -> None:
        """Queue what was put aside."""
        await self.store.redis.rename(ASIDE, self.config.queue.stream)

    async def drained(self, accepted: int) -> None:
        """Wait until so many events were accepted and nothing waits any more."""
        async with asyncio.timeout(PATIENCE):
            while True:
                ledger = await self.store.ledger()
                waiting = sum(lane.pending for lane in ledger.lanes.values())
                if ledger.accepted >= accepted and not waiting:
                    return
                await asyncio.sleep(0.05)


@asynccontextmanager
async def staged(destinations: str, port: int = 9) -> AsyncIterator[Scene]:
    """Set a scene in a folder of its own, with an embedded store of its own."""
    with tempfile.TemporaryDirectory(prefix="router-bench-") as folder:
        text = HEAD + destinations.replace("PORT", str(port))
        file = Path(folder) / "router.yaml"
        file.write_text(text, "utf-8")
        config = load(file, {})
        async with open_store(config) as store:
            yield Scene(config, store, file)


def multiplied(lines: Sequence[bytes]) -> Iterator[bytes]:
    """Yield events without end: those given, with new message ids and of many users."""
    templates = [event for line in lines if isinstance(event := _decoded(line), dict)]
    for number, template in enumerate(itertools.cycle(templates)):
        user = number % USERS
        event = {**template, "messageId": f"bench-{number:012}", "anonymousId": f"anon-{user}"}
        event.pop("integrations", None)
        if user % 5:
            event["userId"] = f"user-{user}"
        yield orjson.dumps(event)


def _decoded(line: bytes) -> object:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
