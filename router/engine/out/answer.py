"""An answer as it arrives: HTTP/1.1, read by httptools (llhttp) up to caps. No socket, no clock."""

from __future__ import annotations

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

LARGEST_ANSWER = 1_000_000
"""Bytes of an answer's body that are read; the rest is dropped with its connection."""
LARGEST_HEAD = 64 * 1024
"""Bytes that may come before the body, or with it as chunks' sizes and trailers."""
_TOLD = frozenset({b"content-length", b"transfer-encoding"})


class Malformed(Exception):  # noqa: N818 - it names what the answer is
    """What came is no whole HTTP answer."""


class Answer:
    """The answer to one request: feed it until it is `complete`.

    `reusable` tells whether its connection may carry another request. `bodiless` is the answer to
    a HEAD. Informational answers (1xx) before it are passed over, trailers behind it as well.
    """

    __slots__ = ("_body", "_came", "_headed", "_parser", "_room", "bodiless", "complete", "headers",
                 "reusable", "status")  # fmt: skip

    def __init__(self, *, bodiless: bool = False) -> None:
        self.bodiless = bodiless
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.complete = False
        self.reusable = False
        self._body: list[bytes] = []
        self._came = 0
        self._headed = False
        self._room = LARGEST_ANSWER
        self._parser: HttpResponseParser | None = HttpResponseParser(self)

    @property
    def content(self) -> bytes:
        """Its body, up to the cap."""
        return b"".join(self._body)

    def feed(self, data: bytes) -> None:
        """Take what came; raises Malformed. What comes behind the end makes it not reusable."""
        if self._parser is None:
            self.reusable = False
            return
        self._came += len(data)
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self.reusable = False
            if not self.complete:
                raise Malformed from None
        if self._came > LARGEST_HEAD and not self.complete:
            self._bound()
        if self.complete:
            self._parser = None  # they hold each other

    def end(self) -> None:
        """Say that nothing more will come; raises Malformed when something is missing."""
        told = any(name.lower() in _TOLD for name, _ in self.headers)
        if not self.complete and (told or not self._headed):
            raise Malformed
        self.complete = True
        self.reusable = False

    def _bound(self) -> None:
        if not self._headed:
            raise Malformed
        if self._came > LARGEST_HEAD + LARGEST_ANSWER:
            self.complete = True

    def on_message_begin(self) -> None:
        """Notice another answer behind this one, for which nobody asked."""
        if self.complete:
            self.reusable = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, but no trailer."""
        if not self._headed:
            self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Take the status."""
        if self.complete or self._parser is None:
            return
        self.status = self._parser.get_status_code()
        self._headed = self.status >= 200
        if not self._headed:
            self.headers.clear()
        elif self.bodiless:
            self.complete = True

    def on_body(self, data: bytes) -> None:
        """Take some of the body; beyond the cap the answer is complete without it."""
        if self.complete:
            return
        self._body.append(data[: self._room])
        self._room -= len(data)
        if self._room < 0:
            self.complete = True

    def on_message_complete(self) -> None:
        """Be complete, unless that was an informational answer."""
        if self._headed and not self.complete and self._parser is not None:
            self.complete = True
            self.reusable = self._parser.should_keep_alive()
