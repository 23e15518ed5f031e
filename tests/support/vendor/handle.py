"""The test's hold on a vendor that runs in a process of its own."""

from __future__ import annotations

import base64
import json
import socket
import sys
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any, Self

from tests.support.processes import Process
from tests.support.vendor.journal import Arrival
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path


class Vendor:
    """Start one with `with Vendor(folder) as vendor`, or ask for the fixture `vendor`."""

    def __init__(self, folder: Path, *, seed: int = 0, seconds: int = 1800) -> None:
        log = folder / "vendor.log"
        command = [sys.executable, "-m", "tests.support.vendor", "--seed", str(seed)]
        self.process = Process(command, log=log, seconds=seconds)
        self.process.wait_for("}\n")
        ports = json.loads(self.process.output().splitlines()[-1])
        self.port: int = ports["port"]
        self._control: int = ports["control"]
        self._seen: list[Arrival] = []
        self._is_shut = False

    @property
    def url(self) -> str:
        """Where the vendor is, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def behave(self, path: str = "/", **behaviour: Any) -> None:
        """Let everything under `path` behave so; words and meanings stand in `Behaviour`."""
        self._wish("/behave", {"path": path, "behaviour": behaviour})

    def arrivals(self, path: str = "/") -> list[Arrival]:
        """Return what arrived under `path` so far, in order."""
        fresh = self._wish("/arrivals", {"since": len(self._seen)})
        self._seen.extend(Arrival(*arrival) for arrival in fresh)
        return [arrival for arrival in self._seen if arrival.path.startswith(path)]

    def count(self) -> int:
        """Return how many messages arrived, taken or not."""
        return int(self._wish("/count")["arrivals"])

    def requests(self) -> list[dict[str, Any]]:
        """Return the whole requests under paths that behave with `keep=True`; bodies are bytes."""
        kept: list[dict[str, Any]] = self._wish("/kept")
        return [request | {"body": base64.b64decode(request["body"])} for request in kept]

    def wait_for(self, count: int, path: str = "/", *, within: float = 30.0) -> list[Arrival]:
        """Wait until so many different messages under `path` were accepted."""

        def enough() -> list[Arrival]:
            found = self.arrivals(path)
            taken = {(a.path, a.message_id) for a in found if a.taken}
            return found if len(taken) >= count else []

        if count <= 0:
            return self.arrivals(path)
        return wait_until(enough, within=within, every=0.05, what=f"{count} messages at {path}")

    def shut(self) -> None:
        """Refuse connections until `open`."""
        self._wish("/shut")
        self._is_shut = True

    def open(self) -> None:
        """Listen again, at the same port."""
        self._wish("/open")
        wait_until(self._listens, what="the vendor to listen again")
        self._is_shut = False

    def forget(self) -> None:
        """Behave well again, forget all, end every connection, and listen if shut."""
        self._wish("/forget")
        self._seen.clear()
        if self._is_shut:
            self.open()

    def stop(self) -> None:
        """End the process."""
        self.process.kill()

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
        except ConnectionRefusedError:
            return False
        return True

    def _wish(self, path: str, wish: dict[str, Any] | None = None) -> Any:
        connection = HTTPConnection("127.0.0.1", self._control, timeout=20)
        try:
            connection.request("POST", path, json.dumps(wish or {}))
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise ValueError(body.decode())
        return json.loads(body)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
