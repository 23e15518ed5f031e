"""A store with a replica and a sentinel that watches over them, on loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import redis
from redis.sentinel import Sentinel

from tests.support.processes import Process
from tests.support.stores import StoreServer, binary, free_port
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

SERVICE = "main"
RULES = """
port {port}
bind 127.0.0.1
dir {folder}
sentinel monitor {service} 127.0.0.1 {master} 1
sentinel down-after-milliseconds {service} 1000
sentinel failover-timeout {service} 5000
"""


class WatchedStore(StoreServer):
    """A master; when it dies, the sentinel makes its replica the next one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(_made(folder / "a"), tcp=True, options={"repl-diskless-sync-delay": 0})
        self.replica = StoreServer(
            _made(folder / "b"), tcp=True, options={"replicaof": f"127.0.0.1 {self.port}"}
        )
        self._folder = _made(folder / "s")
        self.sentinel_port = free_port()
        self._sentinel: Process | None = None

    @property
    def url(self) -> str:
        """The address of the service."""
        return f"redis+sentinel://127.0.0.1:{self.sentinel_port}/{SERVICE}/0"

    def start(self) -> WatchedStore:
        """Start all three and wait until the sentinel knows the replica."""
        self.launch()
        wait_until(self._answers, within=30, what="the master to answer")
        self.replica.start()
        rules = self._folder / "sentinel.conf"
        rules.write_text(RULES.format(port=self.sentinel_port, folder=self._folder,
                                      service=SERVICE, master=self.port))  # fmt: skip
        command = [str(binary("valkey")), str(rules), "--sentinel"]
        log = self._folder / "sentinel.log"
        self._sentinel = Process(command, log=log, seconds=self.seconds)
        self._sentinel.wait_for("+slave", within=60)
        wait_until(self._replicates, within=30, what="the replica to follow")
        return self

    def client(self) -> redis.Redis:
        """Return a client of whoever is the master now."""
        asked = Sentinel([("127.0.0.1", self.sentinel_port)], socket_timeout=10)  # type: ignore[no-untyped-call]  # redis-py's
        found: redis.Redis = asked.master_for(SERVICE)  # type: ignore[no-untyped-call]  # as above
        return found

    def wait_failover(self) -> None:
        """Wait until the replica is the master."""
        assert self._sentinel
        self._sentinel.wait_for("+switch-master", within=60)

    def end(self) -> None:
        """Kill whatever still runs."""
        for one in (self.process, self.replica.process, self._sentinel):
            if one:
                one.kill()

    def _answers(self) -> bool:
        with self._own() as client:
            try:
                return bool(client.ping())
            except (redis.ConnectionError, redis.TimeoutError):
                return False

    def _replicates(self) -> bool:
        with self._own() as client:
            replica: dict[str, Any] = client.info("replication").get("slave0", {})
            return replica.get("state") == "online"

    def _own(self) -> redis.Redis:
        return redis.Redis(port=self.port, socket_timeout=10)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
