"""A Redis Cluster as the store: a client that asks the node which has the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from redis import exceptions
from redis.asyncio.cluster import ClusterNode, RedisCluster

from router.store.refusal import known

if TYPE_CHECKING:
    from router.store.connection import Client

SCHEME = "redis+cluster"
PORT = 6379
CONNECTIONS = 10_000
"""To one node, at most: a client that has no more of them raises instead of waiting for one."""


class Cluster(RedisCluster):
    """A client of all nodes. Like that of one server it never repeats a command by itself."""

    async def execute_command(self, *args: Any, **kwargs: Any) -> Any:
        """Send a command to its node; raises DiskRefuses where that has a full disk."""
        try:
            return await super().execute_command(*args, **kwargs)
        except exceptions.ResponseError as error:
            raise known(error) from None

    async def initialize(self, *args: Any, **kwargs: Any) -> Any:
        """Find the nodes; raises ConnectionError where redis-py raises something of its own."""
        try:
            return await super().initialize(*args, **kwargs)
        except exceptions.RedisClusterException as error:
            raise exceptions.ConnectionError("no cluster of nodes answers for all slots") from error


def is_cluster(redis: Client) -> bool:
    """Tell whether a client speaks to a Cluster: no script may touch keys of two slots there."""
    return isinstance(redis, RedisCluster)


def connect(url: str, options: dict[str, Any]) -> Client:
    """Return a client for `redis+cluster://[user[:password]@]host[:port][,host[:port] ...]`.

    Some nodes are enough: they name the others. `options` are those of every connection.
    """
    user, password, hosts = parts(url)
    return Cluster(
        startup_nodes=[ClusterNode(host, port) for host, port in hosts],
        username=user,
        password=password,
        max_connections=CONNECTIONS,
        **options,
    )


def parts(url: str) -> tuple[str | None, str | None, list[tuple[str, int]]]:
    """Return user, password and nodes of an address; raises ValueError for what is no port."""
    _, _, rest = url.partition("://")
    login, _, names = rest.rstrip("/").rpartition("@")
    user, _, password = map(unquote, login.partition(":"))
    hosts = []
    for name in names.split(","):
        host, _, port = name.rpartition(":") if ":" in name else (name, "", "")
        hosts.append((host, int(port) if port else PORT))
    return user or None, password or None, hosts


async def infos(redis: Client, *sections: str) -> list[dict[str, Any]]:
    """Return what the server says of itself, or each of the nodes that hold data."""
    if not is_cluster(redis):
        return [await redis.info(*sections)]
    told = await redis.info(*sections, target_nodes=RedisCluster.PRIMARIES)
    return list(told.values())
