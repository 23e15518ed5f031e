"""A user on a Cluster: the rights that the page for operators names there are enough, and told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from redis.exceptions import NoPermissionError

from router.store import keys
from router.store.connection import connect
from router.store.lanes import Settlement
from router.store.rights import check_rights, rule
from router.store.trouble import trouble
from tests.store.working import LANES, QUEUES, Hands, leased, settle, waiting
from tests.support.processes import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.cluster import StoreCluster

COURTESY = "client|"
"""As in the test of one server's rights: clients tell their name, if they may."""


def more() -> list[str]:
    """Return the rights that the page adds for a Cluster."""
    page = (ROOT / "docs" / "stores.md").read_text("utf-8")
    found = re.search(r"On a Cluster the user also needs `([^`]+)`", page)
    assert found
    return found[1].split()


def change(cluster: StoreCluster, *words: str) -> None:
    """Change the user's rights on every node."""
    for node in cluster.nodes:
        with node.client() as client:
            client.execute_command("ACL", "SETUSER", "router", *words)


@pytest.fixture
def cluster(store_cluster: StoreCluster) -> Iterator[StoreCluster]:
    """Give an empty Cluster with a user who has exactly these rights."""
    store_cluster.flush()
    _, *words = rule("router", tuple(QUEUES.values()))
    change(store_cluster, *words, *more(), ">word")
    for node in store_cluster.nodes:
        with node.client() as client:
            client.execute_command("ACL", "LOG", "RESET")
    yield store_cluster
    for node in store_cluster.nodes:
        with node.client() as client:
            client.execute_command("ACL", "DELUSER", "router")


def as_user(cluster: StoreCluster) -> Any:
    """Return a client of the user."""
    return connect(cluster.url.replace("://", "://router:word@"))


async def test_the_rights_are_enough_on_a_cluster(cluster: StoreCluster) -> None:
    """Hand-off, settling, status and news work, also while a slot moves; nothing is refused."""
    redis = as_user(cluster)
    hands = await Hands.on(redis)
    await check_rights(hands.store.scripts, tuple(QUEUES.values()))
    async with redis.pubsub() as news:
        await news.subscribe(keys.WAKE)
        await hands.push("e0", "e1")
        await hands.hand_off()
    (first, _), lease = await waiting(hands.store), await leased(hands.store, "0")
    await settle(hands.store, lease, Settlement(delivered=[first.id]))
    move = cluster.begin_move(keys.shard(0))
    move.take(1_000)
    asked = await redis.xlen(keys.lane(0, LANES[0]))  # the old node sends us on: ASK
    move.end()
    move.back()

    assert 1 == asked
    assert [] == refused(cluster)
    await redis.aclose()


@pytest.mark.parametrize("command", ["cluster|slots", "command", "evalsha"])
async def test_a_right_that_is_missing_on_a_cluster_is_named(
    cluster: StoreCluster, command: str
) -> None:
    """Without one of them the sentence names it and where the rule stands."""
    change(cluster, f"-{command}")
    redis = as_user(cluster)
    with pytest.raises(NoPermissionError) as caught:
        await Hands.on(redis)
    assert f"does not let its user use {command}: docs/stores.md" in trouble(caught.value)
    await redis.aclose()


def refused(cluster: StoreCluster) -> list[str]:
    """Return what the nodes refused, but for courtesies."""
    found: list[str] = []
    for node in cluster.nodes:
        with node.client() as client:
            log = client.execute_command("ACL", "LOG")
        found += [str(entry.get("object", entry)) for entry in log]
    return [name for name in found if COURTESY not in name]
