"""A Redis Cluster as the store: a client that asks the node which has the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from redis import exceptions
from redis.asyncio.cluster import ClusterNode, ClusterPipeline, RedisCluster

from router.store.refusal import chain, naming
from router.store.resp import encoding

if TYPE_CHECKING:
    from router.store.connection import Client

SCHEME = "redis+cluster"
PORT = 6379
CONNECTIONS = 10_000
"""To one node, at most: a client that has no more of them raises instead of waiting for one."""


_LOST = (
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.ClusterDownError,
    exceptions.MasterDownError,
    exceptions.SlotNotCoveredError,
)
"""After these, and no others that are of their kind, nodes are asked anew who has which slots."""


class NoNodes(exceptions.ConnectionError):
    """No node answers, or none that knows of all slots."""


class NodeAway(exceptions.ConnectionError):
    """Nodes of the Cluster answer, and one does not; or slots are nobody's for now."""


class _Pipeline(ClusterPipeline):
    """Commands that are sent together, to whatever nodes."""

    async def execute(self, *args: Any, **kwargs: Any) -> Any:
        """Send them; raises what a single command raises."""
        client: Any = self.cluster_client
        try:
            return await super().execute(*args, **kwargs)
        except _LOST as error:
            raise client.told(error) from None


class Cluster(RedisCluster):
    """A client of all nodes. Like that of one server it never repeats a command by itself."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        kind: Any = naming(encoding(self.connection_kwargs["connection_class"]))
        self.connection_kwargs["connection_class"] = kind
        for node in self.nodes_manager.startup_nodes.values():
            node.connection_class = kind

    async def execute_command(self, *args: Any, **kwargs: Any) -> Any:
        """Send a command to its node; raises NodeAway, or what the node says."""
        try:
            return await super().execute_command(*args, **kwargs)
        except _LOST as error:
            raise self.told(error) from None

    def pipeline(self, transaction: Any = None, shard_hint: Any = None) -> ClusterPipeline:
        """Return an empty pipeline; redis-py's own goes on asking a node that is gone."""
        if transaction or shard_hint:
            raise exceptions.RedisClusterException("no script or transaction spans two nodes")
        made: Any = _Pipeline  # redis-py declares an attribute and gives it no value
        found: ClusterPipeline = made(self)
        return found

    async def aclose(self) -> None:
        """Close all connections; redis-py closes none while the nodes are to be asked anew."""
        self._initialize = False
        await super().aclose()

    def told(self, error: Exception) -> Exception:
        """Return an error by its name; where a node is away, others are asked before all else."""
        if type(error) in _LOST:
            self._initialize = True
            return NodeAway("a node is away")
        return error

    async def initialize(self, *args: Any, **kwargs: Any) -> Any:
        """Find the nodes; raises why a node does not tell, and NoNodes where none answers."""
        try:
            return await super().initialize(*args, **kwargs)
        except exceptions.RedisClusterException as error:
            refused = (exceptions.AuthenticationError, exceptions.NoPermissionError)
            told = (one for one in chain(error) if isinstance(one, refused))
            raise next(told, NoNodes("no cluster of nodes answers for all slots")) from error


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


async def ping(redis: Client, key: str) -> None:
    """Ask the server, or every node of a Cluster, for a sign of life; raises what redis raises.

    A Cluster that lacks slots answers pings: some `key` is asked for as well.
    """
    if is_cluster(redis):
        await redis.ping(target_nodes=RedisCluster.PRIMARIES)
        await redis.exists(key)
    else:
        await redis.ping()


async def infos(redis: Client, *sections: str) -> list[dict[str, Any]]:
    """Return what the server says of itself, or each of the nodes that hold data."""
    if not is_cluster(redis):
        return [await redis.info(*sections)]
    told = await redis.info(*sections, target_nodes=RedisCluster.PRIMARIES)
    return list(told.values())
