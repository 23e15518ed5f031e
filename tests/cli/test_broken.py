"""Looking while the configuration is broken: what the store knows by itself is shown."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from router.cli.failure import Exit
from tests.cli.conftest import Shop, an_event

if TYPE_CHECKING:
    from pathlib import Path

    from router.store.store import Store

BROKEN = "the configuration is broken; this is what the store knows by itself"
TABBED = "\tnonsense: 1\n"
"""No YAML at all."""


@pytest.mark.parametrize(
    "more", ["typo: 1\n", TABBED, "  odd: [\n", "shards: many\n", "a: ${NO}\n"]
)
def test_status_is_shown_while_the_file_is_broken(shop: Shop, more: str) -> None:
    """Whatever is wrong elsewhere, the errors go to standard error and the state is shown."""
    shop.route(an_event(1), an_event(2))
    shop.file.write_text(shop.file.read_text() + more)

    result = shop("status", "--check")

    assert (0, f"router: {BROKEN}") == (result.exit_code, result.stderr.splitlines()[-1])
    assert result.stderr.startswith(f"{shop.file}:")
    assert "conservation holds" in result.stdout
    status = shop.json("status")
    assert [("ads", "healthy", 2), ("hook", "healthy", 2)] == [
        (one["name"], one["state"], one["queue"]) for one in status["destinations"]
    ]
    assert status["next"] == "router check: the configuration is broken"
    assert result.stderr.splitlines()[:-1] == status["problems"]


def test_what_workers_serve_is_what_is_configured(shop: Shop) -> None:
    """A lane that left the configuration is told from those that workers serve, nobody is stale."""
    shop.route(an_event(1))

    async def live(store: Store) -> None:
        facts = {"lanes": ["hook:webhook"], "config": "0123456789abcdef", "host": "there"}
        await store.members.heartbeat("one", timedelta(minutes=5), facts)

    shop.ask(live)
    shop.file.write_text(shop.file.read_text() + TABBED)

    status = shop.json("status")
    assert [("hook", "healthy"), ("ads", "unconfigured")] == [
        (one["name"], one["state"]) for one in status["destinations"]
    ]
    assert not status["workers"][0]["stale"]


def test_dead_letters_and_destinations_are_listed(shop: Shop) -> None:
    """Other commands that only look work as well, those that change something do not."""
    shop.route(an_event(1))
    shop.bury("hook:webhook", "exhausted")
    shop("destinations", "pause", "hook", "--reason", "a test")
    shop.file.write_text(shop.file.read_text() + TABBED)

    (letter,) = shop.lines("dead", "list")
    assert letter["id"] in shop("dead", "show", letter["id"]).stdout
    rows = shop.json("destinations", "list")["destinations"]
    assert [("ads", "healthy"), ("hook", "paused")] == [(row["name"], row["state"]) for row in rows]
    assert "paused" in shop("destinations", "list").stdout
    for words in (("destinations", "resume", "hook"), ("dead", "discard", letter["id"])):
        assert Exit.USAGE == shop(*words).exit_code


@pytest.mark.parametrize(
    "text",
    [
        "redis: ${NOWHERE}\ndestinations: {}\n",
        "reddis: redis://127.0.0.1:1/0\ndestinations: {}\n",
        "redis: nonsense\n",
        "{redis: 'redis://127.0.0.1:1/0'}\n",
        "redis: &a redis://127.0.0.1:1/0\nredis: *a\n",
        "",
        "- 1\n",
    ],
)
def test_a_file_that_does_not_say_where_the_store_is(shop: Shop, text: str) -> None:
    """On doubt no other store is looked at: what to do is told."""
    shop.file.write_text(text)

    result = shop("status")

    assert Exit.USAGE == result.exit_code
    assert "router: the configuration is broken, and does not say where" in result.stderr
    assert result.stdout == ""


def test_a_line_is_enough_to_look(shop: Shop) -> None:
    """A file that names the store and nothing else shows its state."""
    shop.route(an_event(1))
    shop.file.write_text("data: ./data\n")

    assert ["ads", "hook"] == [one["name"] for one in shop.json("status")["destinations"]]


def test_looking_makes_no_store(shop: Shop, tmp_path: Path) -> None:
    """A broken file whose store is not there yet makes none."""
    shop.file.write_text("data: ./elsewhere\n")

    result = shop("status")

    assert (Exit.USAGE, "") == (result.exit_code, result.stdout)
    assert f"router: there is no embedded store in {tmp_path / 'elsewhere'}" in result.stderr
    assert not (tmp_path / "elsewhere").exists()
