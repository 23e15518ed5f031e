"""Just enough of HTTP/1.1, fast: one connection of the vendor."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from tests.support.vendor.ledger import Reply, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.vendor.malformed import Malformed

    Take = Callable[[Request], Reply | None]

END_OF_HEAD = b"\r\n\r\n"


class Connection(asyncio.Protocol):
    """Reads requests one after the other; pipelined ones wait for the answer before them."""

    def __init__(self, take: Take, open_ones: set[Connection]) -> None:
        self._take = take
        self._open = open_ones
        self._buffer = bytearray()
        self._waiting = False
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way back."""
        self.transport = cast("asyncio.Transport", transport)
        self._open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Forget it."""
        self._open.discard(self)

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete by now."""
        self._buffer += data
        self._go_on()

    def _go_on(self) -> None:
        while not self._waiting and (request := self._next()) is not None:
            reply = self._take(request)
            if reply is None:
                self._waiting = True
            elif reply.delay:
                self._waiting = True
                loop = asyncio.get_running_loop()
                loop.call_later(reply.delay, self._late, reply)
            else:
                self._answer(reply)

    def _late(self, reply: Reply) -> None:
        self._waiting = False
        self._answer(reply)
        self._go_on()

    def _answer(self, reply: Reply) -> None:
        if reply.data is None:
            self.transport.abort()
        elif reply.malformed is not None:
            self._waiting = True
            self._misbehave(reply.malformed, reply.data)
        elif not self.transport.is_closing():
            self.transport.write(reply.data)

    def _misbehave(self, how: Malformed, data: bytes) -> None:
        """Write what is to be written, byte by byte or for ever, while somebody listens."""
        if self.transport.is_closing():
            return
        loop = asyncio.get_running_loop()
        now, rest = (data[:1], data[1:]) if how.drip else (data, b"")
        if not self.transport.get_write_buffer_size():
            self.transport.write(now)
        else:
            rest = data
        if rest or how.endless:
            loop.call_later(how.drip or 0.01, self._misbehave, how, rest or how.endless)
        elif how.closes:
            self.transport.close()
        else:
            self._waiting = False
            self._go_on()

    def _next(self) -> Request | None:
        end = self._buffer.find(END_OF_HEAD)
        if end < 0:
            return None
        start, *lines = bytes(self._buffer[:end]).decode("latin-1").split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        begin = end + len(END_OF_HEAD)
        if headers.get("transfer-encoding", "").lower() == "chunked":
            found = unchunk(self._buffer, begin)
            if found is None:
                return None
            body, stop = found
        else:
            stop = begin + int(headers.get("content-length", "0"))
            if len(self._buffer) < stop:
                return None
            body = bytes(self._buffer[begin:stop])
        del self._buffer[:stop]
        method, target, _ = start.split(" ", 2)
        return Request(method, target.partition("?")[0], headers, body)


def unchunk(buffer: bytearray, begin: int) -> tuple[bytes, int] | None:
    """Return a chunked body and where it ends; None while some of it is still to come."""
    parts: list[bytes] = []
    while True:
        line_end = buffer.find(b"\r\n", begin)
        if line_end < 0:
            return None
        size = int(buffer[begin:line_end].split(b";")[0], 16)
        stop = line_end + 2 + size
        if len(buffer) < stop + 2:
            return None
        if size == 0:
            return b"".join(parts), stop + 2
        parts.append(bytes(buffer[line_end + 2 : stop]))
        begin = stop + 2
