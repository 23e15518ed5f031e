"""Adaptive concurrency against a real server of known capacity, over loopback."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from router.engine.out.transport import Transport
from router.store.connection import connect
from router.store.store import Store
from tests.engine.stage import Vendors, configuration, hook, push, running, track

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from router.engine.engine import Engine
    from tests.support.stores import StoreServer

SLOTS = 12
SERVICE = 0.1
"""Seconds that the server works on each request."""
ANSWERS = 5_000
NEAR = 0.2
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Queueing:
    """A server that works on `SLOTS` requests at once and lets all others wait."""

    def __init__(self) -> None:
        self.port = 0
        self.answers = 0
        self.done = asyncio.Event()
        self.engines: list[Engine] = []
        self.seen: list[list[int]] = []
        self._slots = asyncio.Semaphore(SLOTS)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection; note what each engine has open."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(httpx.Headers(_fields(head))["content-length"])
                await reader.readexactly(length)
                async with self._slots:
                    await _served()
                writer.write(OK)
                self._note()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _note(self) -> None:
        self.answers += 1
        self.seen.append([one.facts()["in_flight"]["hook"] for one in self.engines])
        if self.answers == ANSWERS:
            self.done.set()

    def means(self) -> list[float]:
        """Return how many requests each engine had open, in the later half."""
        late = self.seen[len(self.seen) // 2 :]
        return [sum(each) / len(late) for each in zip(*late, strict=True)]


def _served() -> asyncio.Future[None]:
    """Return what is done once the server has worked on a request."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def end() -> None:
        if not done.done():
            done.set_result(None)

    loop.call_later(SERVICE, end)
    return done


def _fields(head: bytes) -> list[tuple[bytes, bytes]]:
    lines = head.split(b"\r\n")[1:-2]
    return [(name, value.strip()) for name, _, value in (line.partition(b":") for line in lines)]


@asynccontextmanager
async def serving() -> AsyncIterator[Queueing]:
    """Run the server meanwhile."""
    queueing = Queueing()
    server = await asyncio.start_server(queueing.serve, "127.0.0.1", 0)
    queueing.port = server.sockets[0].getsockname()[1]
    try:
        yield queueing
    finally:
        server.close()


class ByNetwork(Vendors):
    """Real connections in place of made-up vendors."""

    def transport(self, _: str) -> httpx.AsyncBaseTransport:
        """Return the way out to loopback."""
        allowed = configuration(egress={"allow": ["127.0.0.0/8"]}).egress.allow
        return Transport(allowed, connections=64, timeout=5.0)


@pytest.mark.chaos
@pytest.mark.timeout(300)
@pytest.mark.parametrize("workers", [1, 2])
async def test_it_lands_near_the_servers_capacity(
    own_store: StoreServer, workers: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Together, workers keep as many requests open as the server works on, in fair shares."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(serving())
        place = hook(delivery={"concurrency": "auto", "timeout": "5s"})
        place["settings"]["url"] = f"http://127.0.0.1:{server.port}/in"
        config = configuration({"hook": place}, shards=8, worker={"lease": "20s"})
        client = connect(own_store.url)
        stack.push_async_callback(client.aclose)
        store = Store(client, config.shards)
        await push(store, *(track(f"e{n}", f"u{n % 997}") for n in range(ANSWERS + 500)))
        for number in range(workers):
            own = connect(own_store.url)
            stack.push_async_callback(own.aclose)
            engine = running(config, own, ByNetwork(), f"w{number}")
            server.engines.append(await stack.enter_async_context(engine))
        await asyncio.wait_for(server.done.wait(), 240)
    means = server.means()
    fair = sum(means) ** 2 / (workers * sum(mean**2 for mean in means))
    with capsys.disabled():
        print(f"\ncapacity {SLOTS}: {', '.join(f'{mean:.1f}' for mean in means)} open,"  # noqa: T201 - the figures are wanted
              f" {sum(means):.1f} in all, fairness {fair:.2f}")  # fmt: skip

    assert (1 - NEAR) * SLOTS <= sum(means) <= (1 + NEAR) * SLOTS
    assert fair > 0.9
