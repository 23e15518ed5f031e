"""The other end of the wire: answers every request with 200, and knows when each came.

`python -m router.bench.sink` prints its port; `GET /PREFIX` returns the times of all requests to
paths that begin so. Some paths are in trouble: `/hang`, `/slow`, `/reset`, `/limited`.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
_LIMITED = b"HTTP/1.1 429 Too Many\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"
SLOW = 1.0
"""Seconds that `/slow` takes."""
_times: list[tuple[bytes, int]] = []


class _Door(asyncio.Protocol):
    """One connection; as little HTTP as measuring needs."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        now = time.time_ns()
        self._rest += data
        while (end := self._rest.find(b"\r\n\r\n")) >= 0:
            head = self._rest[:end]
            length = _LENGTH.search(head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._rest) < whole:
                return
            self._rest = self._rest[whole:]
            self._answer(head, now)

    def _answer(self, head: bytes, now: int) -> None:
        if self._transport is None:
            return
        method, path = head.split(b" ", 2)[:2]
        if method == b"GET":
            told = json.dumps([at for one, at in _times if one.startswith(path)]).encode()
            self._write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(told), told))
            return
        _times.append((path, now))
        match path:
            case b"/hang":
                return
            case b"/slow":
                asyncio.get_running_loop().call_later(SLOW, self._write, _OK)
            case b"/reset":
                self._transport.abort()
            case b"/limited":
                self._write(_LIMITED)
            case _:
                self._write(_OK)

    def _write(self, answer: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer)


@asynccontextmanager
async def sink() -> AsyncIterator[int]:
    """Run a sink in a process of its own; gives its port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "router.bench.sink", stdout=asyncio.subprocess.PIPE
    )
    try:
        if process.stdout is None:
            raise RuntimeError("the sink has no output")
        yield int(await process.stdout.readline())
    finally:
        process.terminate()
        await process.wait()


async def times(port: int, prefix: str = "/") -> list[int]:
    """Return when each request to a path that begins so came, in nanoseconds of Unix time."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {prefix} HTTP/1.1\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    told = await reader.readexactly(int(length[1]) if length else 0)
    writer.close()
    found: list[int] = json.loads(told)
    return found


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Door, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
