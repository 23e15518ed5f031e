"""A real Redis Cluster of three nodes on loopback; its slots are given out here, by no tool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redis.crc import key_slot

from tests.support.stores import StoreServer
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    import redis

NODES = 3
SLOTS = 16_384
NODE_TIMEOUT = 3_000
"""Milliseconds without a sign of life until the others take a node for lost."""


class StoreCluster:
    """Three nodes, each with its share of the slots, and perhaps a replica of each."""

    def __init__(self, folder: Path, *, seconds: int = 900, replicas: bool = False) -> None:
        self.nodes = [_node(folder / f"n{number}", seconds) for number in range(NODES)]
        self.replicas = [
            _node(folder / f"r{number}", seconds) for number in range(NODES if replicas else 0)
        ]

    @property
    def _all(self) -> list[StoreServer]:
        return [*self.nodes, *self.replicas]

    def start(self) -> StoreCluster:
        """Start the nodes, let them meet, give out the slots, and wait until all agree."""
        for node in self._all:
            node.launch()
        for number, node in enumerate(self._all):
            node.wait_ready()
            with node.client() as client:
                client.execute_command("CLUSTER SET-CONFIG-EPOCH", number + 1)
                if node in self.nodes:
                    first, last = (SLOTS * end // NODES for end in (number, number + 1))
                    client.execute_command("CLUSTER ADDSLOTSRANGE", first, last - 1)
        with self.nodes[0].client() as client:
            for node in self._all[1:]:
                bus = node.options["cluster-port"]
                client.execute_command("CLUSTER MEET", "127.0.0.1", node.port, bus)
        self._wait_whole()
        for primary, replica in zip(self.nodes, self.replicas, strict=False):
            with primary.client() as client, replica.client() as follower:
                follower.execute_command("CLUSTER REPLICATE", client.cluster("myid"))
        wait_until(self._follow, within=60, what="the replicas to follow")
        return self

    @property
    def url(self) -> str:
        """The address for the router; one node leads to all."""
        return f"redis+cluster://127.0.0.1:{self.nodes[0].port},127.0.0.1:{self.nodes[1].port}"

    def node_of(self, key: str) -> int:
        """Return which node had a key at first."""
        slot = key_slot(key.encode())
        return next(n for n in range(NODES) if slot < SLOTS * (n + 1) // NODES)

    def lose(self, number: int) -> None:
        """Kill a node with SIGKILL, at a moment when its replica has all that it acknowledged.

        No write is answered from there on. The replica is frozen: it takes over once it is thawed.
        """
        with self.nodes[number].client() as client, self.replicas[number].client() as follower:
            client.client_pause(60_000, all=False)

            def level() -> bool:
                said, seen = client.info("replication"), follower.info("replication")
                return bool(said["master_repl_offset"] == seen["slave_repl_offset"])

            wait_until(level, within=30, what="the replica to have all")
        self.replicas[number].freeze()
        self.nodes[number].kill()

    def wait_taken_over(self, number: int) -> None:
        """Thaw a lost node's replica, and wait until it is the node."""
        self.replicas[number].thaw()
        with self.replicas[number].client() as client:
            wait_until(lambda: client.role()[0] == b"master", within=60, what="the takeover")

    def begin_move(self, key: str) -> Move:
        """Begin to move a key's slot to the next node, as tools do: its keys follow."""
        move = Move(self, key)
        move.tell(move.target, "IMPORTING", move.source)
        move.tell(move.source, "MIGRATING", move.target)
        return move

    def flush(self) -> None:
        """Empty all nodes."""
        for node in self.nodes:
            node.flush()

    def kill(self) -> None:
        """End all nodes."""
        for node in self._all:
            node.kill()

    def _wait_whole(self) -> None:
        for node in self._all:
            with node.client() as client:
                wait_until(lambda: self._whole(client), within=60, what="the nodes to agree")

    def _whole(self, client: redis.Redis) -> bool:
        said: Any = client.cluster("info")
        return (said["cluster_state"], said["cluster_known_nodes"]) == ("ok", str(len(self._all)))

    def _follow(self) -> bool:
        for replica in self.replicas:
            with replica.client() as client:
                if client.info("replication").get("master_link_status") != "up":
                    return False
        return True


class Move:
    """A slot under way from its node to the next one, key by key."""

    def __init__(self, cluster: StoreCluster, key: str) -> None:
        number = cluster.node_of(key)
        self.source, self.target = cluster.nodes[number], cluster.nodes[(number + 1) % NODES]
        self._all = cluster.nodes
        self._slot = key_slot(key.encode())

    def tell(self, node: StoreServer, state: str, other: StoreServer) -> None:
        """Tell a node what becomes of the slot."""
        with node.client() as client, other.client() as peer:
            client.execute_command(
                "CLUSTER SETSLOT", self._slot, state, peer.execute_command("CLUSTER MYID")
            )

    def take(self, most: int) -> int:
        """Move some keys; returns how many."""
        with self.source.client() as client:
            found = client.execute_command("CLUSTER GETKEYSINSLOT", self._slot, most)
            if found:
                where = ("127.0.0.1", self.target.port, "", 0, 10_000, "KEYS")
                client.execute_command("MIGRATE", *where, *found)
        return len(found)

    def end(self) -> None:
        """Move what is left, and give the slot to its new node."""
        self.take(1_000)
        for node in (self.target, *self._all):
            self.tell(node, "NODE", self.target)

    def back(self) -> None:
        """Move the slot back, without its keys: they are gone."""
        self.target.flush()
        for node in (self.source, *self._all):
            self.tell(node, "NODE", self.source)


def _node(folder: Path, seconds: int) -> StoreServer:
    folder.mkdir()
    options = {
        "cluster-enabled": "yes",
        "cluster-node-timeout": NODE_TIMEOUT,
        "cluster-replica-validity-factor": 0,
        "repl-diskless-sync-delay": 0,
    }
    return StoreServer(folder, tcp=True, fsync="no", seconds=seconds, options=options)
