"""An endpoint: a URL and its fixed headers, parsed once, from which requests are made cheaply."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import httpx
import orjson
from pydantic import SecretStr

from destinations.host import impossible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

USER_AGENT = "destination-router"


class Endpoint:
    """Where an adapter sends to; `post` and `json` make an `httpx.Request` in a few microseconds.

    Build it once, in the adapter's `__init__`; `at` leads from it to what is below.
    `httpx.Request(url, json=...)` parses the URL, merges the headers and encodes with the standard
    library anew for each request, which costs eight times as much. Its repr shows the host
    alone: a path may be a password.
    """

    __slots__ = ("_headers", "method", "url")

    def __init__(
        self,
        url: str | SecretStr,
        headers: Mapping[str, str | SecretStr] | None = None,
        *,
        method: str = "POST",
    ) -> None:
        """Take the URL, the headers of every request, and the method.

        Raises ValueError when the URL is not absolute http(s), or a header could not be sent.
        """
        self.method = method
        self.url = _http_url(_reveal(url))
        merged = {"user-agent": USER_AGENT, "content-type": "application/json"}
        merged |= {name.lower(): _reveal(value) for name, value in (headers or {}).items()}
        self._headers = [(b"host", self.url.netloc), *map(_sendable, merged.items())]

    def post(self, body: bytes, headers: Iterable[tuple[bytes, bytes]] = ()) -> httpx.Request:
        """Make a request with this body, and these headers beside the fixed ones."""
        request = httpx.Request(
            self.method,
            self.url,
            headers=[*self._headers, (b"content-length", b"%d" % len(body)), *headers],
            stream=httpx.ByteStream(body),
        )
        request.read()
        return request

    def json(self, value: Any, headers: Iterable[tuple[bytes, bytes]] = ()) -> httpx.Request:
        """Make a request whose body is this value as JSON."""
        return self.post(orjson.dumps(value), headers)

    def get(self, headers: Iterable[tuple[bytes, bytes]] = ()) -> httpx.Request:
        """Make a GET request, whatever the method of the endpoint is."""
        return httpx.Request("GET", self.url, headers=[*self._headers, *headers])

    def at(
        self, *path: str, query: Mapping[str, str] | None = None, method: str | None = None
    ) -> Endpoint:
        """Return the endpoint of something below this one: `contacts.at(id, method="PUT")`.

        Parts of the path and the query are escaped, so that a value cannot lead elsewhere. Raises
        ValueError when a part is empty, `.` or `..`.
        """
        if not all(part.strip(".") for part in path):
            raise ValueError("a part of a path must not be empty or made of dots")
        own, _, asked = self.url.raw_path.partition(b"?")
        if path:
            own = b"/".join((own.rstrip(b"/"), *(quote(part, safe="").encode() for part in path)))
        asked = b"&".join(filter(None, (asked, urlencode(query or {}).encode())))
        below = copy(self)
        below.url = self.url.copy_with(raw_path=own + b"?" + asked if asked else own)
        below.method = method or self.method
        return below

    def __repr__(self) -> str:
        return f"<Endpoint {self.method} {self.url.host}>"


def _reveal(value: str | SecretStr) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def _http_url(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
        _ = url.host  # decoding it finds what is no IDNA
    except (httpx.InvalidURL, UnicodeError):
        raise ValueError("this is not a URL: its host or its port cannot be") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("a URL must begin with https:// (or http://) and name a host")
    if why := impossible(url.raw_host.decode("ascii")):
        raise ValueError(f"the host of this URL {why}")
    if url.userinfo:
        raise ValueError("a URL must not hold a password: put it into an authorization header")
    return url.copy_with(fragment=None) if url.fragment else url


def _sendable(item: tuple[str, str]) -> tuple[bytes, bytes]:
    name, value = item
    if not name.replace("-", "").replace("_", "").isalnum() or not name.isascii():
        raise ValueError("a header's name is made of letters, digits and dashes")
    if not value.isprintable() or not value.isascii() or value != value.strip():
        raise ValueError(f"the header {name} holds a character that cannot be sent")
    return name.encode(), value.encode()
