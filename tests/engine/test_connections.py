"""Connections of the way out: used again, given up, encrypted; and what goes over them."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING

import httpx
import pytest
import trustme

from destinations import Retry, judge_error
from router.engine.hold.network import Network
from router.engine.out import pool
from router.engine.out.transport import TlsError, TlsTimeout, Transport
from tests.engine.test_transport import LOOPBACK, Server, answer, serving
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

CONNECTIONS = 2


@pytest.fixture(name="anyio_backend", params=[False, True], ids=["asyncio", "uvloop"])
def one_of_two_loops(request: pytest.FixtureRequest) -> tuple[str, dict[str, bool]]:
    """Return the event loop of the tests, and that of the workers."""
    return "asyncio", {"use_uvloop": request.param}


@pytest.fixture(name="way_out")
async def one_way_out() -> AsyncIterator[Transport]:
    """Return a transport that may go to loopback."""
    transport = Transport(LOOPBACK, connections=CONNECTIONS, timeout=5.0)
    yield transport
    await transport.aclose()


def post(server: Server, **more: object) -> httpx.Request:
    """Return a request to a server."""
    return httpx.Request("POST", server.url, **more)  # type: ignore[arg-type]  # httpx's own words


async def test_a_connection_is_used_again(way_out: Transport) -> None:
    """One request after another goes over one connection."""
    async with serving(answer("200 OK")) as server:
        for _ in range(3):
            await way_out.handle_async_request(post(server))

        assert 1 == server.connections


async def test_no_more_connections_rest_than_are_wanted(way_out: Transport) -> None:
    """After a crowd of requests some connections are kept, the others closed."""
    async with serving(answer("200 OK")) as server:
        some = [way_out.handle_async_request(post(server)) for _ in range(5)]
        await asyncio.gather(*some)

        assert 5 == server.connections
        await wait_until_async(lambda: server.open == CONNECTIONS)


async def test_a_resting_connection_is_closed(
    way_out: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that nobody needs is closed here, before the server may close it."""
    monkeypatch.setattr("router.engine.out.connection.KEEP_IDLE", 0.01)
    async with serving(answer("200 OK")) as server:
        await way_out.handle_async_request(post(server))
        await wait_until_async(lambda: server.open == 0)
        await way_out.handle_async_request(post(server))

        assert 2 == server.connections


async def test_what_comes_unasked_ends_a_connection(way_out: Transport) -> None:
    """Bytes that follow an answer are never taken for the next one."""
    async with serving(answer("200 OK") + answer("500 Later")) as server:
        statuses = [(await way_out.handle_async_request(post(server))).status_code for _ in "ab"]

        assert ([200, 200], 2) == (statuses, server.connections)


async def test_a_request_that_is_given_up_takes_its_connection_along(way_out: Transport) -> None:
    """An answer that comes too late meets nobody."""
    async with serving(None) as server:
        asking = asyncio.create_task(way_out.handle_async_request(post(server, content=b"1")))
        await wait_until_async(lambda: server.received.endswith(b"1"))
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

        await wait_until_async(lambda: server.open == 0)


async def test_a_request_says_its_length_once(way_out: Transport) -> None:
    """Whatever an adapter says of the length, what goes over the wire is framed by its body."""
    wrong = {"content-length": "3", "transfer-encoding": "chunked"}
    async with serving(answer("200 OK")) as server:
        await way_out.handle_async_request(post(server, content=b"hello", headers=wrong))

    assert 1 == server.received.count(b"content-length: 5\r\n")
    assert b"transfer-encoding" not in server.received.lower()
    assert server.received.endswith(b"\r\n\r\nhello")


@pytest.mark.parametrize("value", ["a\r\nx-more: b", "a\nx-more: b", "a\r", "\n"])
async def test_no_header_ends_its_line(way_out: Transport, value: str) -> None:
    """A value that would begin another header is not sent at all."""
    async with serving(answer("200 OK")) as server:
        with pytest.raises(httpx.LocalProtocolError):
            await way_out.handle_async_request(post(server, headers={"x-one": value}))

        assert 0 == server.connections


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/x", "/only/a/path"])
async def test_only_http_is_spoken(way_out: Transport, url: str) -> None:
    """Another scheme, or no host, is a fault of the configuration."""
    with pytest.raises(httpx.UnsupportedProtocol):
        await way_out.handle_async_request(httpx.Request("POST", url))


@pytest.fixture(name="encrypted")
async def an_encrypted_server(
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Callable[..., Awaitable[str]]]:
    """Return what starts a server with a certificate; its authority is the one that is trusted."""
    authority, servers = trustme.CA(), []
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    monkeypatch.setattr(pool, "trust", lambda: trusting)

    async def start(name: str, signer: trustme.CA = authority) -> str:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        signer.issue_cert(name).configure_cert(context)
        server = Server(answer("200 OK"))
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
        servers.append(listening)
        return f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"

    yield start
    for listening in servers:
        listening.close()


async def test_an_encrypted_request(
    way_out: Transport, encrypted: Callable[..., Awaitable[str]]
) -> None:
    """A server whose certificate is signed and bears its name is spoken to."""
    request = httpx.Request("POST", await encrypted("127.0.0.1"), content=b"x" * 500_000)

    assert 200 == (await way_out.handle_async_request(request)).status_code


@pytest.mark.parametrize("wrong", ["name", "authority"])
async def test_a_wrong_certificate_is_refused(
    way_out: Transport, encrypted: Callable[..., Awaitable[str]], wrong: str
) -> None:
    """A certificate for another name, or signed by a stranger, ends it before anything is sent."""
    signer = {"signer": trustme.CA()} if wrong == "authority" else {}
    url = await encrypted("vendor.test" if wrong == "name" else "127.0.0.1", **signer)
    with pytest.raises(TlsError):
        await way_out.handle_async_request(httpx.Request("POST", url))


async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take a connection and say nothing until the other side gives up."""
    while await reader.read(65536):
        pass
    writer.close()


async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Speak, but no TLS."""
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    writer.close()


@pytest.mark.parametrize(
    ("serve", "within", "told", "reason"),
    [(mute, 2.0, TlsTimeout, "tls_timeout"), (plain, 10.0, TlsError, "tls_error")],
)
async def test_a_host_that_speaks_no_tls_was_reached(
    serve: Callable[..., Awaitable[None]], within: float, told: type[Exception], reason: str
) -> None:
    """What takes connections and no TLS is ill itself: our own network is never blamed for it."""
    network, way_out = Network(), Transport(LOOPBACK, connections=1, timeout=within)
    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    with pytest.raises(told) as met:
        await way_out.handle_async_request(httpx.Request("POST", f"https://127.0.0.1:{port}/"))
    outcome = judge_error(met.value)  # type: ignore[arg-type]  # `told` says which it is
    away = {"other": Retry("connect_error")}

    assert Retry(reason) == outcome
    assert away == network.judged("away", away, 1)
    assert {"m": outcome} == network.judged("ill", {"m": outcome}, 2)
    assert {"m": outcome} == network.judged("ill", {"m": outcome}, 3, ours=True)
    listening.close()
    await way_out.aclose()
