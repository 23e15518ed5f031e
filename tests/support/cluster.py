"""A real Redis Cluster of three nodes on loopback; its slots are given out here, by no tool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redis.crc import key_slot

from tests.support.stores import StoreServer, free_port
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    import redis

NODES = 3
SLOTS = 16_384


class StoreCluster:
    """Three nodes without replicas, each with its share of the slots."""

    def __init__(self, folder: Path, *, seconds: int = 900) -> None:
        self.nodes = []
        for number in range(NODES):
            place = folder / f"n{number}"
            place.mkdir()
            options = {"cluster-enabled": "yes", "cluster-port": free_port()}
            node = StoreServer(place, tcp=True, fsync="no", seconds=seconds, options=options)
            self.nodes.append(node)

    def start(self) -> StoreCluster:
        """Start the nodes, let them meet, give out the slots, and wait until all agree."""
        for number, node in enumerate(self.nodes):
            node.start()
            with node.client() as client:
                first, last = (SLOTS * end // NODES for end in (number, number + 1))
                client.execute_command("CLUSTER ADDSLOTSRANGE", first, last - 1)
                client.execute_command("CLUSTER SET-CONFIG-EPOCH", number + 1)
        with self.nodes[0].client() as client:
            for node in self.nodes[1:]:
                bus = node.options["cluster-port"]
                client.execute_command("CLUSTER MEET", "127.0.0.1", node.port, bus)
        for node in self.nodes:
            with node.client() as client:
                wait_until(lambda: self._whole(client), within=60, what="the nodes to agree")
        return self

    @property
    def url(self) -> str:
        """The address for the router; one node leads to all."""
        return f"redis+cluster://127.0.0.1:{self.nodes[0].port},127.0.0.1:{self.nodes[1].port}"

    def node_of(self, key: str) -> int:
        """Return which node has a key."""
        slot = key_slot(key.encode())
        return next(n for n in range(NODES) if slot < SLOTS * (n + 1) // NODES)

    def flush(self) -> None:
        """Empty all nodes."""
        for node in self.nodes:
            node.flush()

    def kill(self) -> None:
        """End all nodes."""
        for node in self.nodes:
            node.kill()

    def _whole(self, client: redis.Redis) -> bool:
        said: Any = client.cluster("info")
        return (said["cluster_state"], said["cluster_known_nodes"]) == ("ok", str(NODES))
