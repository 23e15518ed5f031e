"""Connections to the store, with the timeouts and the retries that its scripts were made for."""

from __future__ import annotations

from typing import Any, TypeAlias

from redis import exceptions
from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from tenacity import (
    AsyncRetrying,
    retry_if_exception_type,
    stop_after_delay,
    wait_random_exponential,
)

from router.store import cluster
from router.store.refusal import naming
from router.store.resp import encoding
from router.store.sentinel import connect_service, of_service
from router.store.tls import check_files

Client: TypeAlias = Any
"""redis-py's asyncio client. Its annotations describe decoded and raw replies at once (`bytes |
str | None`), so nothing is gained by them here; this room's own methods are typed."""

StoreError = exceptions.RedisError
"""What every call of the store may raise."""

REFUSING = (
    exceptions.OutOfMemoryError,
    exceptions.ReadOnlyError,
    exceptions.NoPermissionError,
)
"""The store answers, and takes nothing for now: asking again at once would be in vain."""

UNREACHABLE = (
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.BusyLoadingError,
    exceptions.ClusterDownError,
    exceptions.TryAgainError,
    exceptions.ClusterError,
    exceptions.RedisClusterException,
    OSError,
    *REFUSING,
)
"""The store does not answer, or takes nothing, for now; it is worth asking again."""

ANSWER_WITHIN = 10.0
"""Seconds that a command may take; a blocking read waits at most half of it."""


def connect(url: str) -> Client:
    """Return a client that never repeats a command by itself.

    redis-py repeats every command up to ten times by default; our scripts would survive that, a
    lost reply should be seen and reasoned about all the same. `url` is `redis://`, `rediss://`,
    `unix://`, or names sentinels or nodes of a Cluster. Raises StoreUnavailable when a file of
    TLS cannot be used.
    """
    options: dict[str, Any] = {
        "retry": Retry(NoBackoff(), 0),
        "socket_timeout": ANSWER_WITHIN,
        "socket_connect_timeout": 5.0,
        "health_check_interval": 30,
    }
    if url.startswith(f"{cluster.SCHEME}://"):
        return cluster.connect(url, options)
    if of_service(url):
        return connect_service(url, options)
    pool = ConnectionPool.from_url(url, **options)
    pool.connection_class = naming(encoding(pool.connection_class))
    if url.startswith("rediss"):
        check_files(pool.connection_kwargs)
    return Redis.from_pool(pool)


def hiccups(within: float) -> AsyncRetrying:
    """Return tenacity's loop that waits for the store to answer, at most `within` seconds."""
    return AsyncRetrying(
        retry=retry_if_exception_type(UNREACHABLE),
        wait=wait_random_exponential(multiplier=0.05, max=1.0),
        stop=stop_after_delay(within),
        reraise=True,
    )
