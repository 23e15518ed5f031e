"""A proxy before the store that cuts connections in the middle of a reply."""

from __future__ import annotations

import asyncio
import random
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path

CHUNK = 65_536


class Cutter:
    """Listens at `socket` for the server behind `target`; while told to, it cuts what it carries.

    A connection is cut when it has carried so many bytes of replies, drawn anew for each, and
    where the last byte that goes through stands in the midst of what the server said.
    """

    def __init__(self, target: Path, seed: int = 1) -> None:
        self.socket = target.with_name("cut.sock")
        self.cuts = 0
        self.most = 0
        """Bytes of replies after which a connection is cut at the latest; 0 cuts none."""
        self._target = target
        self._chance = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="cutter", daemon=True)
        self._ready = threading.Event()
        self._end = asyncio.Event()

    @property
    def url(self) -> str:
        """The address for redis-py."""
        return f"unix://{self.socket}?db=0"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._loop.close()

    async def _listen(self) -> None:
        server = await asyncio.start_unix_server(self._carry, self.socket)
        self._ready.set()
        await self._end.wait()
        server.close()
        carrying = asyncio.all_tasks() - {asyncio.current_task()}
        for task in carrying:
            task.cancel()
        await asyncio.gather(*carrying, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            back, forth = await asyncio.open_unix_connection(self._target)
        except OSError:
            writer.close()
            return
        asked = asyncio.ensure_future(self._forward(reader, forth))
        try:
            await self._reply(back, writer)
        except OSError:
            pass
        finally:
            asked.cancel()
            writer.transport.abort()
            forth.close()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def _reply(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry what the server says, until it is cut short."""
        left = 0
        while data := await reader.read(CHUNK):
            if self.most and left <= 0:
                left = self._chance.randint(1, self.most)
            left -= len(data)
            if self.most and left < 0 and len(data) > 1:
                writer.write(data[: len(data) // 2])
                await writer.drain()
                self.cuts += 1
                return
            writer.write(data)
            await writer.drain()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)
