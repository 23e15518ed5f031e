"""Run the vendor: `python -m tests.support.vendor [--record FILE]`, until SIGTERM.

It prints its port and the port where it is controlled as one line of JSON. The vendor's own door
can be closed and opened again while the other one stays (`/listen`).
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
from pathlib import Path
from typing import Any

import orjson
import uvloop

from tests.support.vendor import answers
from tests.support.vendor.behaviour import Behaviour
from tests.support.vendor.ledger import Ledger, Reply, Request
from tests.support.vendor.wire import Connection


class Server:
    """The vendor's door and the control door, over one ledger."""

    def __init__(self, seed: int) -> None:
        self.ledger = Ledger(seed)
        self.port = 0
        self._connections: set[Connection] = set()
        self._door: asyncio.Server | None = None
        self._controls: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, port: int = 0) -> None:
        """Listen where vendors listen."""
        loop = asyncio.get_running_loop()
        self._door = await loop.create_server(
            lambda: Connection(self.ledger.take, self._connections),
            "127.0.0.1", port or self.port, backlog=1024)  # fmt: skip
        self.port = int(self._door.sockets[0].getsockname()[1])

    def shut(self) -> None:
        """Refuse connections, and end those that are open."""
        if self._door:
            self._door.close()
            self._door = None
        for connection in list(self._connections):
            connection.transport.abort()

    async def open_control(self) -> int:
        """Listen for the test's own wishes; return the port."""
        loop = asyncio.get_running_loop()
        door = await loop.create_server(
            lambda: Connection(self._obey, self._controls), "127.0.0.1", 0)  # fmt: skip
        return int(door.sockets[0].getsockname()[1])

    def _obey(self, request: Request) -> Reply:
        wish = orjson.loads(request.body or b"{}")
        try:
            answer = self._wish(request.path, wish)
        except (KeyError, TypeError, ValueError) as error:
            return Reply(answers.raw(400, str(error).encode(), {}))
        return Reply(answers.raw(200, orjson.dumps(answer, default=tuple), {}))

    def _wish(self, path: str, wish: dict[str, Any]) -> Any:
        match path:
            case "/behave":
                self.ledger.behaviours.set(wish["path"], Behaviour.of(wish["behaviour"]))
            case "/arrivals":
                return self.ledger.arrivals[wish.get("since", 0) :]
            case "/count":
                return {"arrivals": len(self.ledger.arrivals), "requests": self.ledger.requests}
            case "/kept":
                return self.ledger.kept
            case "/forget":
                self.ledger.forget()
                for connection in list(self._connections):
                    connection.transport.abort()
            case "/shut":
                self.shut()
            case "/open":
                task = asyncio.get_running_loop().create_task(self.open())
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            case _:
                raise ValueError(f"no such wish: {path}")
        return None


async def serve(server: Server, port: int) -> None:
    """Run until SIGTERM."""
    await server.open(port)
    control = await server.open_control()
    end = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end.set)
    print(orjson.dumps({"port": server.port, "control": control}).decode(), flush=True)  # noqa: T201 - the handle reads it
    await end.wait()


def main() -> None:
    """Read the flags, serve, and write the arrivals down if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--record", type=Path)
    flags = parser.parse_args()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    server = Server(flags.seed)
    uvloop.run(serve(server, flags.port))
    if flags.record:
        lines = (orjson.dumps(tuple(arrival)) for arrival in server.ledger.arrivals)
        flags.record.write_bytes(b"\n".join(lines))


if __name__ == "__main__":
    main()
