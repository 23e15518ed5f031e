"""A server that says one thing to whatever it is asked."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping


@asynccontextmanager
async def saying(reply: bytes, to: Mapping[bytes, bytes] | None = None) -> AsyncIterator[int]:
    """Give the port of a server that answers every command alike, some by name otherwise."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while heard := await reader.read(65536):
                for command in _commands(heard):
                    writer.write((to or {}).get(command, reply))
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def _commands(heard: bytes) -> list[bytes]:
    """Return the names of the commands in what came, each of which came whole."""
    return [words.split(b"\r\n")[2].upper() for words in heard.split(b"*")[1:]]
