"""HTTP: takes an httpx.Request to its host and brings an httpx.Response back.

httpx's types are kept, its pool is not (docs/decisions/0003, 0012).
"""

from __future__ import annotations

import time
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx

from destinations.endpoint import USER_AGENT
from router.engine.out.answer import LARGEST_ANSWER, Answer, Malformed
from router.engine.out.pool import PORTS, NoTls, Place, Pool, SilentTls

if TYPE_CHECKING:
    from collections.abc import Sequence
    from ipaddress import IPv4Network, IPv6Network

    from router.engine.out.connection import Connection

CONNECT_WITHIN = 5.0
_ABOUT_PACKING = frozenset({b"content-encoding", b"content-length"})
_FRAMING = frozenset({b"content-length", b"transfer-encoding"})
_CARRYING = frozenset({"POST", "PUT", "PATCH"})


class TlsError(httpx.ConnectError):
    """The host was reached and does not speak TLS as it must: that is its own trouble."""


class TlsTimeout(httpx.ConnectTimeout):
    """The host was reached and says nothing of TLS: that is its own trouble."""


class Transport(httpx.AsyncBaseTransport):
    """One destination's connections. Follows no redirects, keeps no cookies, uses no proxy."""

    def __init__(
        self,
        allowed: tuple[IPv4Network | IPv6Network, ...],
        *,
        connections: int,
        timeout: float,
    ) -> None:
        """Keep at most so many connections for another request, and none of them longer."""
        self._timeout = timeout
        self._pool = Pool(allowed, connections)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raises httpx.TransportError, or EgressRefused."""
        began = time.monotonic()
        place = _place(request)
        written = _written(request)
        connection = await self._connected(place, request)
        answer = Answer(bodiless=request.method == "HEAD")
        left = max(0.0, self._timeout - (time.monotonic() - began))
        try:
            await connection.exchange(written, answer, left)
        except Malformed:
            raise httpx.RemoteProtocolError("", request=request) from None
        except TimeoutError:
            raise httpx.ReadTimeout("", request=request) from None
        except OSError:
            raise httpx.ReadError("", request=request) from None
        self._pool.give(place, connection)
        headers, content = _plain(answer)
        return _Whole(content, answer.status, headers=headers, request=request)

    async def _connected(self, place: Place, request: httpx.Request) -> Connection:
        try:
            return await self._pool.take(place, min(self._timeout, CONNECT_WITHIN))
        except SilentTls:
            raise TlsTimeout("", request=request) from None
        except NoTls:
            raise TlsError("", request=request) from None
        except TimeoutError:
            raise httpx.ConnectTimeout("", request=request) from None
        except OSError:
            raise httpx.ConnectError("", request=request) from None

    async def aclose(self) -> None:
        """Close all connections."""
        self._pool.close()


class _Whole(httpx.Response):
    """A response whose body is all here: httpx reads one that it is given in many small steps."""

    def __init__(self, content: bytes, status: int, **more: Any) -> None:
        self._content = content  # where httpx keeps what it has read
        super().__init__(status, **more)
        self.is_closed = self.is_stream_consumed = True


def _place(request: httpx.Request) -> Place:
    url = request.url
    scheme, host = url.scheme, url.raw_host.decode("ascii")
    if scheme not in PORTS or not host:
        raise httpx.UnsupportedProtocol("", request=request)
    return Place(scheme, host, url.port or PORTS[scheme])


def _written(request: httpx.Request) -> bytes:
    """Return a request as it goes over the wire; how long it is we say ourselves.

    Raises httpx.LocalProtocolError for a header that would end its line.
    """
    content = request.content
    headers = [pair for pair in request.headers.raw if pair[0].lower() not in _FRAMING]
    if not any(name.lower() == b"user-agent" for name, _ in headers):
        headers.append((b"user-agent", USER_AGENT.encode()))
    if content or request.method in _CARRYING:
        headers.append((b"content-length", b"%d" % len(content)))
    lines = [b"%b: %b" % pair for pair in headers]
    target = request.url.raw_path
    head = b"\r\n".join((b"%b %b HTTP/1.1" % (request.method.encode(), target), *lines, b"\r\n"))
    if not head.count(b"\r") == head.count(b"\n") == len(lines) + 2:
        raise httpx.LocalProtocolError("", request=request)
    return head + content


def _plain(answer: Answer) -> tuple[Sequence[tuple[bytes, bytes]], bytes]:
    """Return an answer's headers and its body, unpacked up to the cap.

    httpx would unpack without a cap, and raise for a body that is not what its label says.
    """
    content = answer.content
    packed = [value for name, value in answer.headers if name.lower() == b"content-encoding"]
    if not packed:
        return answer.headers, content
    headers = [pair for pair in answer.headers if pair[0].lower() not in _ABOUT_PACKING]
    if b",".join(packed).lower() in {b"gzip", b"x-gzip", b"deflate"}:
        with suppress(zlib.error):
            either = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
            content = either.decompress(content, LARGEST_ANSWER)
    return headers, content
