"""Sentinel: the master of a service is asked for at every connection, so a failover is followed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from redis.asyncio import Redis
from redis.asyncio.sentinel import (
    MasterNotFoundError,
    Sentinel,
    SentinelManagedConnection,
    SentinelManagedSSLConnection,
)
from redis.exceptions import AuthenticationError, RedisError, ResponseError

from router.store.refusal import naming
from router.store.resp import encoding
from router.store.tls import check_files

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMES = ("redis+sentinel", "rediss+sentinel")
PORT = 26379
NO_MASTER = "the sentinels know no master of that name"
UNWANTED = "the sentinels do not let us ask"
ANSWERS_WITHIN = 2.0
"""Seconds for a sentinel, dead or alive: then the next one is asked."""


@dataclass(frozen=True, slots=True)
class WatchedMaster:
    """What `redis+sentinel://user:password@host:port,host:port/service/0` names."""

    sentinels: tuple[tuple[str, int], ...]
    name: str
    database: int
    credentials: dict[str, str] = field(repr=False)
    """Of the servers: `username` and `password`, those that are given."""
    asking: dict[str, str] = field(repr=False)
    """The same of the sentinels, which know users of their own."""
    tls: dict[str, Any]
    """The options of TLS, with servers and sentinels alike; empty without it."""


def of_service(url: str) -> bool:
    """Tell whether an address names sentinels."""
    return url.partition("://")[0] in SCHEMES


def service(url: str) -> WatchedMaster:
    """Return what an address names; the configuration has checked it."""
    parts = urlsplit(url)
    hosts = parts.netloc.rpartition("@")[2].split(",")
    name, _, database = parts.path.strip("/").partition("/")
    words = dict(parse_qsl(parts.query))
    asking = {
        word.removeprefix("sentinel_"): text
        for word, text in words.items()
        if word.startswith("sentinel_")
    }
    given = {"username": parts.username, "password": parts.password}
    files = {word: text for word, text in words.items() if word.startswith("ssl_")}
    checked = {"ssl": True, "ssl_cert_reqs": "required", "ssl_check_hostname": True}
    return WatchedMaster(
        tuple(_host(text) for text in hosts), unquote(name), int(database or 0),
        {word: unquote(text) for word, text in given.items() if text}, asking,
        files | checked if parts.scheme == "rediss+sentinel" else {},
    )  # fmt: skip


def _host(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":") if ":" in text else (text, "", PORT)
    return host, int(port)


class _Following(SentinelManagedConnection):
    """A connection that asks for the master whenever it is made anew, by whomever."""

    async def send_packed_command(self, command: Any, check_health: bool = True) -> None:  # noqa: FBT001, FBT002 - redis-py's own
        """Send; redis-py itself would go back to the address that it had."""
        if not self.is_connected:
            await self.connect()  # type: ignore[no-untyped-call]  # redis-py says nothing of it
        await super().send_packed_command(command, check_health)


class _FollowingEncrypted(_Following, SentinelManagedSSLConnection):
    """The same over TLS."""


class _Sentinels(Sentinel):
    """Sentinels; a server that is none, or does not want us, knows no master."""

    async def discover_master(self, service_name: str) -> tuple[str, int]:
        """Return the master's address; raises MasterNotFoundError, from what kept us from it."""
        try:
            found: tuple[str, int] = await super().discover_master(service_name)
        except ResponseError as error:
            raise MasterNotFoundError("this is no sentinel") from error
        except MasterNotFoundError:
            await self._sign_of_life()
            raise MasterNotFoundError(NO_MASTER) from None
        return found

    async def _sign_of_life(self) -> None:
        """Ask a sentinel for no more than an answer: redis-py does not say what was wrong."""
        try:
            await self.sentinels[0].ping()
        except AuthenticationError as error:
            raise MasterNotFoundError(UNWANTED) from error
        except RedisError as error:
            raise MasterNotFoundError("no sentinel answers") from error


class _Client(Redis):
    """A client that closes the connections to its sentinels as well."""

    asked: _Sentinels

    async def aclose(self, close_connection_pool: bool | None = None) -> None:  # noqa: FBT001 - redis-py's own
        """Close all connections."""
        await super().aclose(close_connection_pool)
        await self.asked.aclose()


def connect_service(url: str, options: Mapping[str, Any]) -> Redis:
    """Return a client of a service's master; `options` are those of any connection.

    Raises StoreUnavailable when a file of TLS cannot be used. A master that turned into a replica
    refuses to write: that ends the connection, and the next one asks again.
    """
    named = service(url)
    check_files(named.tls)
    kind = _FollowingEncrypted if named.tls else _Following
    quick = {"socket_timeout": ANSWERS_WITHIN, "socket_connect_timeout": ANSWERS_WITHIN}
    sentinel = _Sentinels(  # type: ignore[no-untyped-call]  # as above
        list(named.sentinels),
        sentinel_kwargs={**options, **quick, **named.asking, **named.tls},
    )
    more: dict[str, Any] = {**options, **named.credentials, **named.tls}
    more.pop("ssl", None)  # the kind of connection says it
    client: _Client = sentinel.master_for(
        named.name, _Client, connection_class=naming(encoding(kind)), db=named.database, **more
    )
    client.asked = sentinel
    return client
