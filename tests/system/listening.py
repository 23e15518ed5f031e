"""Listen to everything that a store is told, and read everything that it holds."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Self

import redis

from router.store.codec import Undecodable, unpack
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.stores import StoreServer

MARK = "the tap is open"


class Tap:
    """Records every command of every client, by database, while it is open."""

    def __init__(self, server: StoreServer) -> None:
        self._server = server
        self._client = redis.Redis.from_url(server.url, socket_timeout=60)
        self._thread = threading.Thread(target=self._listen, name="tap", daemon=True)
        self._lines: dict[int, list[str]] = {}
        self._closed = False

    def said(self, database: int) -> bytes:
        """Return what was said to one database, a line a command."""
        return "\n".join(self._lines.get(database, [])).encode("utf-8", "surrogateescape")

    def _listen(self) -> None:
        with self._client.monitor() as monitor:  # type: ignore[no-untyped-call]  # redis-py's own
            for command in monitor.listen():
                if self._closed:
                    return
                self._lines.setdefault(int(command["db"]), []).append(str(command["command"]))

    def _noise(self) -> bool:
        with self._server.client() as client:
            client.echo(MARK)
        return MARK.encode() in self.said(0)

    def __enter__(self) -> Self:
        self._thread.start()
        wait_until(self._noise, what="the tap to hear")
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        with self._server.client() as client:
            client.echo(MARK)
        self._thread.join(10)
        self._client.close()


def dump(server: StoreServer, database: int) -> dict[bytes, bytes]:
    """Return every key of a database with all that it holds, unpacked where it is packed."""
    url = server.url.replace("db=0", f"db={database}")
    with redis.Redis.from_url(url, socket_timeout=10) as client:
        return {key: b"\n".join(_parts(_held(client, key))) for key in client.scan_iter(count=500)}


def _held(client: redis.Redis, key: bytes) -> Any:
    readers: dict[bytes, Callable[[bytes], Any]] = {
        b"string": client.get,
        b"hash": client.hgetall,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1),
        b"stream": client.xrange,
        b"none": lambda _: None,
    }
    kind = client.type(key)
    assert isinstance(kind, bytes)
    return readers[kind](key)


def _parts(value: Any) -> list[bytes]:
    """Return all bytes in a reply; packed entries are opened, envelope and body."""
    match value:
        case bytes():
            return [value, *_opened(value)]
        case dict():
            return [part for pair in value.items() for each in pair for part in _parts(each)]
        case list() | tuple() | set():
            return [part for each in value for part in _parts(each)]
        case None:
            return []
        case _:
            return [str(value).encode()]


def _opened(value: bytes) -> list[bytes]:
    try:
        entry = unpack(value)
    except Undecodable:
        return []
    envelope = (entry.message_id, entry.type, entry.source, entry.transformed, entry.signals,
                entry.options)  # fmt: skip
    return [repr(envelope).encode(), entry.body]
