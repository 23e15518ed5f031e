"""The laws of the store hold on a Cluster as well: a fourth kind of store for the tests in here."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from router.store.connection import connect
from tests.conftest import REAL_STORES, client_of_empty
from tests.support.cluster import StoreCluster

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.support.stores import StoreServer

BY_SHARD = {"test_a_full_generation_ends", "test_marks_go_by_themselves"}
KINDS = [pytest.param("fake", id="fakeredis"), *REAL_STORES, pytest.param("cluster", id="cluster")]


@pytest.fixture(scope="session")
def store_cluster() -> Iterator[StoreCluster]:
    """Give three nodes that last as long as the tests."""
    with tempfile.TemporaryDirectory(prefix="rt-") as folder:
        cluster = StoreCluster(Path(folder), seconds=3600).start()
        yield cluster
        cluster.kill()


@pytest.fixture(params=KINDS, name="redis")
async def redis_client(
    request: pytest.FixtureRequest, _servers: dict[str, StoreServer]
) -> AsyncIterator[Any]:
    """Give a client of an empty store of each kind, a Cluster among them."""
    if request.param == "cluster":
        if request.node.originalname in BY_SHARD:
            pytest.skip("each shard has marks of its own there")
        cluster: StoreCluster = request.getfixturevalue("store_cluster")
        cluster.flush()
        client: Any = connect(cluster.url)
    else:
        client = client_of_empty(request.param, _servers)
    yield client
    await client.aclose()
