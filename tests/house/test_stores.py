"""The stores that tests run against are real, empty when given, and durable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from redis import Redis as Client

from tests.support.stores import StoreServer

if TYPE_CHECKING:
    from pathlib import Path

    from redis.asyncio import Redis


async def test_each_kind_runs_scripts(redis: Redis) -> None:
    """Every store under the laws runs Lua over its keys."""
    assert not await redis.exists("k")

    answer = await redis.eval("return redis.call('INCR', KEYS[1])", 1, "k")

    assert 1 == answer


def test_given_empty(redis_url: str) -> None:
    """A store holds nothing when a test gets it."""
    with Client.from_url(redis_url) as client:
        assert 0 == client.dbsize()
        client.set("left", "behind")


@pytest.mark.system
@pytest.mark.parametrize("tcp", [False, True], ids=["socket", "port"])
def test_what_it_acknowledged_survives_a_kill(short_path: Path, *, tcp: bool) -> None:
    """A killed store has everything again that it said yes to."""
    server = StoreServer(short_path, tcp=tcp, seconds=60).start()
    with server.client() as client:
        client.rpush("list", *range(1000))

    server.restart()

    with server.client() as client:
        assert 1000 == client.llen("list")
    server.kill()
