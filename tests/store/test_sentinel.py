"""Clients of a service: they ask sentinels for its master, and ask again when it is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from redis.exceptions import ConnectionError as Away

from router.store.connection import UNREACHABLE, connect
from router.store.line import Line
from router.store.sentinel import service
from router.store.trouble import trouble
from tests.support.sentinels import SERVICE, WatchedStore
from tests.support.stores import StoreServer, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FULL = "rediss+sentinel://us%40er:p%2Fw@one:1,two/orders/2?sentinel_password=s&ssl_ca_certs=/ca.pem"


@pytest.fixture
def store(short_path: Path) -> Iterator[WatchedStore]:
    """Give a master, a replica and a sentinel."""
    server = WatchedStore(short_path)
    yield server.start()
    server.end()


def test_an_address_names_a_service() -> None:
    """Sentinels, service, database, who we are to each, and TLS for both are in the address."""
    found = service(FULL)

    assert (("one", 1), ("two", 26379)) == found.sentinels
    assert ("orders", 2) == (found.name, found.database)
    assert {"username": "us@er", "password": "p/w"} == found.credentials
    assert {"password": "s"} == found.asking
    assert {"ssl_ca_certs": "/ca.pem", "ssl": True, "ssl_cert_reqs": "required",
            "ssl_check_hostname": True} == found.tls  # fmt: skip
    assert "p/w" not in repr(found)


@pytest.mark.system
async def test_a_replica_is_left_for_the_master(store: WatchedStore) -> None:
    """Whoever refuses to write was a master once: the next command asks who is one now."""
    client = connect(store.url)
    line = Line(client)
    pool: Any = client.connection_pool
    find, pool.sentinel_manager.discover_master = (
        pool.sentinel_manager.discover_master,
        stale(store),
    )
    with pytest.raises(Away, match="now a slave"):
        await client.set("a", 1)
    with pytest.raises(Away, match="now a slave"):
        await line.ask("SET", "a", 1)

    pool.sentinel_manager.discover_master = find

    assert await client.set("a", 1)
    assert b"OK" == await line.ask("SET", "a", 2)
    await client.aclose()


def stale(store: WatchedStore) -> Any:
    """Return what a sentinel says that has not heard of a failover."""

    async def discover(name: str) -> tuple[str, int]:
        assert name == SERVICE
        return "127.0.0.1", store.replica.port

    return discover


async def test_unknown_services_and_dead_sentinels_are_no_hang(short_path: Path) -> None:
    """Nobody there, or somebody who is no sentinel, is told as what it is."""
    server = StoreServer(short_path, tcp=True).start()
    for port, told in ((free_port(), "does not answer"), (server.port, "is no sentinel")):
        client = connect(f"redis+sentinel://127.0.0.1:{port}/{SERVICE}/0")
        with pytest.raises(UNREACHABLE) as caught:
            await client.ping()
        assert trouble(caught.value).startswith(told)
        await client.aclose()
    server.kill()
