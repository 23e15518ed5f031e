"""The way out over HTTP, against a small server that sends exactly the bytes of the test."""

from __future__ import annotations

import asyncio
import gzip
import logging
import struct
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import TYPE_CHECKING

import httpx
import pytest

from router.engine.out.answer import LARGEST_ANSWER
from router.engine.out.transport import Transport
from tests.support.stores import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

LOOPBACK = (ip_network("127.0.0.0/8"),)


class Server:
    """Answers every request with the same bytes; `received` is what came."""

    def __init__(self, answer: bytes | None, *, reset: bool = False) -> None:
        self.answer = answer
        self.reset = reset
        self.received = b""
        self.connections = 0
        self.open = 0
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read requests without bodies, or with short ones, and answer."""
        self.connections += 1
        self.open += 1
        try:
            while data := await reader.read(65536):
                self.received += data
                if self.answer is None:
                    continue
                if self.reset:
                    linger = struct.pack("ii", 1, 0)
                    writer.get_extra_info("socket").setsockopt(1, 13, linger)
                    break
                writer.write(self.answer)
                if not self.answer:
                    break
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            self.open -= 1
            writer.close()


@asynccontextmanager
async def serving(answer: bytes | None, *, reset: bool = False) -> AsyncIterator[Server]:
    """Run a server for one test."""
    server = Server(answer, reset=reset)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/path"
    try:
        yield server
    finally:
        listening.close()


@asynccontextmanager
async def way_out(within: float = 5.0) -> AsyncIterator[Callable[..., object]]:
    """Give a transport that may go to loopback."""
    transport = Transport(LOOPBACK, connections=2, timeout=within)
    try:
        yield transport.handle_async_request
    finally:
        await transport.aclose()


async def ask(server: Server | str, *, within: float = 5.0, **more: object) -> httpx.Response:
    """Send one request and return the answer."""
    url = server if isinstance(server, str) else server.url
    transport = Transport(LOOPBACK, connections=2, timeout=within)
    try:
        request = httpx.Request("POST", url, content=b"hello", **more)  # type: ignore[arg-type]  # httpx's own words
        return await transport.handle_async_request(request)
    finally:
        await transport.aclose()


def answer(status: str, body: bytes = b"", **headers: str) -> bytes:
    """Return an HTTP answer as bytes."""
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def test_status_headers_and_body_come_back() -> None:
    """An answer is an httpx.Response with all that the vendor said."""
    async with serving(answer("429 Slow Down", b'{"ok":false}', retry_after="7")) as server:
        response = await ask(server, headers={"x-own": "mine"})

    assert (429, "7", {"ok": False}) == (
        response.status_code, response.headers["retry-after"], response.json())  # fmt: skip
    assert server.received.endswith(b"\r\n\r\nhello")
    assert b"x-own: mine" in server.received.lower()
    assert b"user-agent: destination-router" in server.received.lower()


async def test_no_redirect_is_followed() -> None:
    """A redirect comes back as it is: where it leads nobody has allowed."""
    async with serving(b"") as trap, serving(answer("302 Found", location=trap.url)) as server:
        assert 302 == (await ask(server)).status_code

        assert 0 == trap.connections


async def test_no_cookie_is_kept() -> None:
    """What a vendor sets is not sent back to it."""
    async with serving(answer("200 OK", set_cookie="id=1; Path=/")) as server:
        transport = Transport(LOOPBACK, connections=1, timeout=5)
        for _ in range(2):
            await transport.handle_async_request(httpx.Request("GET", server.url))
        await transport.aclose()

    assert 1 == server.connections
    assert b"cookie:" not in server.received.lower()


async def test_a_long_answer_is_cut() -> None:
    """No more of an answer is read than the cap."""
    async with serving(answer("200 OK", b"x" * (LARGEST_ANSWER + 50_000))) as server:
        assert LARGEST_ANSWER == len((await ask(server)).content)


async def test_a_compressed_answer_is_readable() -> None:
    """A vendor that compresses without being asked is understood."""
    body = gzip.compress(b'{"ok":true}')
    async with serving(answer("200 OK", body, content_encoding="gzip")) as server:
        assert {"ok": True} == (await ask(server)).json()


async def test_a_compressed_answer_is_no_bomb() -> None:
    """However well an answer is compressed, it comes to no more than the cap."""
    body = gzip.compress(b"0" * 50_000_000)
    async with serving(answer("200 OK", body, content_encoding="gzip")) as server:
        assert LARGEST_ANSWER >= len((await ask(server)).content)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "nonsense"])
async def test_a_falsely_labelled_answer_keeps_its_status(encoding: str) -> None:
    """A body that is not what its label says is left as it is; the status still counts."""
    async with serving(answer("503 Busy", b"not that", content_encoding=encoding)) as server:
        response = await ask(server)

    assert (503, b"not that") == (response.status_code, response.content)


async def test_a_refused_connection_is_a_connect_error() -> None:
    """Nobody listens: nothing was sent."""
    with pytest.raises(httpx.ConnectError):
        await ask(f"http://127.0.0.1:{free_port()}/")


async def test_silence_is_a_read_timeout() -> None:
    """A server that takes the request and says nothing leaves it unknown."""
    async with serving(None) as server:
        with pytest.raises(httpx.ReadTimeout):
            await ask(server, within=0.1)


@pytest.mark.parametrize("reset", [True, False])
async def test_a_broken_connection_is_unknown(*, reset: bool) -> None:
    """A connection that ends before the answer may have carried the request."""
    async with serving(b"", reset=reset) as server:
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            await ask(server)


async def test_half_an_answer_is_unknown() -> None:
    """An answer that ends too early is no answer."""
    async with serving(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf") as server:
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError, httpx.ReadTimeout)):
            await ask(server, within=0.3)


async def test_a_path_leaves_as_it_was_written() -> None:
    """Escapes in a URL are not rewritten: a vendor may have signed them."""
    async with serving(answer("200 OK")) as server:
        await ask(server.url + "/a%2Fb%41?q=%7E+1")

    assert b"/path/a%2Fb%41?q=%7E+1 " in server.received


async def test_no_url_and_no_body_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG neither the path (it may be a password), nor bodies, nor headers are written."""
    caplog.set_level(logging.DEBUG)
    async with serving(answer("200 OK", b"canary-answer")) as server:
        await ask(server.url + "/canary-path", headers={"authorization": "canary-key"})

    assert "canary" not in caplog.text
