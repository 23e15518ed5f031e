"""The rights that a worker's user needs: complete, minimal, and asked for before all else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from redis import exceptions

from router.store.connection import connect
from router.store.rights import COMMANDS, check_rights, rule
from router.store.scripts import Scripts
from router.store.trouble import trouble
from tests.house.modules import ROOT
from tests.support.stores import StoreServer, binary

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

QUEUES = ("events", "events-list")


@pytest.fixture(params=["valkey", "redis"])
async def store(request: pytest.FixtureRequest, short_path: Path) -> AsyncIterator[StoreServer]:
    """Give a store with a user who has exactly the rights of the rule."""
    if binary(request.param) is None:
        pytest.skip("no redis-server on the path")
    server = StoreServer(short_path, request.param, tcp=True).start()
    with server.client() as client:
        client.execute_command("ACL", "SETUSER", *rule("router", QUEUES), ">word")
    yield server
    server.kill()


async def missing(server: StoreServer, *queues: str) -> str:
    """Return what the user may not do, in the words of the log; empty when it may do all."""
    client = connect(f"redis://router:word@127.0.0.1:{server.port}/0")
    try:
        await check_rights(Scripts(client), queues or QUEUES)
    except exceptions.NoPermissionError as error:
        return trouble(error)
    finally:
        await client.aclose()
    return ""


def change(client: Any, *words: str) -> None:
    """Change the user's rights."""
    client.execute_command("ACL", "SETUSER", "router", *words)


async def test_the_rule_is_enough(store: StoreServer) -> None:
    """Whoever has the rights of the rule misses none."""
    assert not await missing(store)


async def test_each_missing_command_is_named(store: StoreServer) -> None:
    """Take away any one command, and the sentence names it and where the rule stands."""
    with store.client() as client:
        for command in COMMANDS:
            change(client, f"-{command}")
            told = await missing(store)
            change(client, f"+{command}")
            assert f"use {command.replace('|', ' ')}" in told.replace("|", " ")
            assert "docs/stores.md" in told


async def test_missing_keys_and_channels_are_named(store: StoreServer) -> None:
    """A queue of another name, and a channel, are rights as well."""
    assert "use del orders: docs" in await missing(store, "orders", "events-list")
    with store.client() as client:
        change(client, "resetchannels")

    assert "use publish router:wake, subscribe router:wake: docs" in await missing(store)


def test_scripts_run_nothing_else() -> None:
    """Every command of every script is in the rule."""
    scripts = (ROOT / "router" / "store" / "scripts").glob("*.lua")
    calls = [re.findall(r"redis\.p?call\('(\w+)'", script.read_text()) for script in scripts]

    assert {name.lower() for found in calls for name in found} <= set(COMMANDS)
