"""HTTP: takes an httpx.Request to its host over aiohttp and brings an httpx.Response back.

The only place that speaks HTTP. httpx's own pool scans all connections at every request (110-190
requests/s with 50 of them, docs/decisions/0003), so its types are kept and its pool is not.
"""

from __future__ import annotations

import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import aiohttp
import httpx
from yarl import URL

from router.engine.out.egress import CheckedResolver, EgressRefused, literal, refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from ipaddress import IPv4Network, IPv6Network

LARGEST_ANSWER = 1_000_000
"""Bytes of an answer that are read; the rest is dropped with its connection."""
KEEP_IDLE = 4.0
"""Seconds; shorter than the five after which many servers close an idle connection."""
_ABOUT_PACKING = frozenset({b"content-encoding", b"content-length"})
_NO_AUTO = ("Accept", "Accept-Encoding", "User-Agent", "Content-Type")


class Transport(httpx.AsyncBaseTransport):
    """One destination's connections. Follows no redirects, keeps no cookies, uses no proxy."""

    def __init__(
        self,
        allowed: tuple[IPv4Network | IPv6Network, ...],
        *,
        connections: int,
        timeout: float,
        agent: str = "destination-router",
    ) -> None:
        self._allowed = allowed
        self._connections = connections
        self._timeout = aiohttp.ClientTimeout(total=timeout, sock_connect=min(timeout, 5.0))
        self._agent = agent
        self._sessions: dict[str, aiohttp.ClientSession] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raises httpx.TransportError, or EgressRefused."""
        url = request.url
        self._check_literal(url)
        headers = request.headers
        if "user-agent" not in headers:
            headers["user-agent"] = self._agent
        try:
            async with self._session(url.scheme).request(
                request.method,
                URL(str(url), encoded=True),
                headers=headers.multi_items(),
                data=request.content or None,
                allow_redirects=False,
            ) as response:
                said, content = _plain(response, await _read(response))
                return httpx.Response(
                    response.status, headers=said, content=content, request=request
                )
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise _translated(error, request) from None

    def _check_literal(self, url: httpx.URL) -> None:
        if literal(url.host):
            reason = refusal(url.host, self._allowed, url.scheme)
            if reason:
                raise EgressRefused(reason)

    def _session(self, scheme: str) -> aiohttp.ClientSession:
        session = self._sessions.get(scheme)
        if session is None:
            connector = aiohttp.TCPConnector(
                limit=self._connections,
                keepalive_timeout=KEEP_IDLE,
                resolver=CheckedResolver(self._allowed, scheme),
                ttl_dns_cache=30,
            )
            session = self._sessions[scheme] = aiohttp.ClientSession(
                connector=connector,
                timeout=self._timeout,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=_NO_AUTO,
                trust_env=False,
            )
        return session

    async def aclose(self) -> None:
        """Close all connections."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Read an answer up to the cap; past it, the connection goes with the rest."""
    content = await response.content.read(LARGEST_ANSWER)
    while len(content) < LARGEST_ANSWER and not response.content.at_eof():
        more = await response.content.read(LARGEST_ANSWER - len(content))
        content += more
    if not response.content.at_eof():
        response.close()
    return content


def _plain(
    response: aiohttp.ClientResponse, content: bytes
) -> tuple[Sequence[tuple[bytes, bytes]], bytes]:
    """Return an answer's headers and its body, unpacked up to the cap.

    httpx would unpack without a cap, and raise for a body that is not what its label says.
    """
    encoding = response.headers.get("content-encoding")
    if encoding is None:
        return response.raw_headers, content
    rest = [pair for pair in response.raw_headers if pair[0].lower() not in _ABOUT_PACKING]
    if encoding.lower() in {"gzip", "x-gzip", "deflate"}:
        with suppress(zlib.error):
            either = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
            content = either.decompress(content, LARGEST_ANSWER)
    return rest, content


def _translated(error: Exception, request: httpx.Request) -> httpx.TransportError:
    """Return httpx's name for what happened; most specific first. Messages are left behind."""
    kind: type[httpx.TransportError]
    match error:
        case aiohttp.ConnectionTimeoutError():
            kind = httpx.ConnectTimeout
        case aiohttp.ClientConnectorError():
            kind = httpx.ConnectError
        case TimeoutError():
            kind = httpx.ReadTimeout
        case aiohttp.ServerDisconnectedError():
            kind = httpx.RemoteProtocolError
        case aiohttp.InvalidURL():
            kind = httpx.UnsupportedProtocol
        case _:
            kind = httpx.ReadError
    return kind("", request=request)
