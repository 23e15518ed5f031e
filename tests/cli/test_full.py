"""Commands on a store that is full: what makes room works, what needs room says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from router.cli.failure import Exit
from router.store.connection import REFUSING
from tests.cli.conftest import an_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Shop


@pytest.fixture
def full(shop: Shop) -> Iterator[Shop]:
    """Give a store with dead letters and with a lane, both of two events, that is full by now."""

    async def bound(store: Any) -> None:
        await store.redis.config_set("maxmemory", "1")
        with pytest.raises(REFUSING):
            await store.redis.set("more", "than fits")

    shop.route(an_event(1), an_event(2))
    shop.bury("hook:webhook", "http_400", 400)
    shop.ask(bound)
    yield shop
    shop.ask(lambda store: store.redis.config_set("maxmemory", "0"))


def deeds(shop: Shop) -> list[tuple[str, int]]:
    """Return what the audit says was done, the latest first."""
    return [(deed.what, deed.changed) for deed in shop.ask(lambda store: store.audit.latest(9))]


@pytest.mark.parametrize(
    "words",
    [
        ["status", "--check"],
        ["destinations", "list"],
        ["destinations", "pause", "hook", "--reason", "full"],
        ["destinations", "show", "hook"],
        ["dead", "list", "dest:hook"],
        ["dead", "replay", "dest:hook", "--dry-run"],
        ["reload"],
    ],
)
def test_commands_work_in_a_full_store(full: Shop, words: list[str]) -> None:
    """Who looks, stops something or changes settings is not in need of room."""
    assert Exit.DONE == full(*words).exit_code


def test_letters_can_be_discarded(full: Shop) -> None:
    """What fills the store can be dropped, and that stands in the audit."""
    assert Exit.DONE == full("dead", "discard", "dest:hook", "--yes", "--reason", "room").exit_code
    assert [("dead discard", 2)] == deeds(full)
    assert full.json("status", "--check")["conservation"]["holds"]


def test_a_pause_and_its_end_stand_in_the_audit(full: Shop) -> None:
    """What is done in a full store is written down as ever."""
    full("destinations", "pause", "hook", "--reason", "full")
    full("destinations", "resume", "hook")

    assert [("destinations resume", 1), ("destinations pause", 1)] == deeds(full)


@pytest.mark.parametrize("words", [["push", "-"], ["dead", "replay", "dest:hook", "--yes"]])
def test_what_needs_room_is_refused_in_a_sentence(full: Shop, words: list[str]) -> None:
    """Queuing more ends with an error that says why, and changes nothing."""
    result = full(*words, stdin=an_event(3))

    assert Exit.ERROR == result.exit_code
    assert "takes nothing for now" in result.stderr
    assert full.json("status", "--check")["conservation"]["holds"]
    assert [] == full.queued()
