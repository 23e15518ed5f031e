"""`router destinations drop`: what waits for a destination that left becomes dead letters."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from router.cli.failure import Exit
from tests.cli.conftest import an_event

if TYPE_CHECKING:
    from click.testing import Result

    from router.store.audit import Deed
    from router.store.store import Store
    from tests.cli.conftest import Shop

SECTION = "  ads:\n    type: console"


def drop(shop: Shop, name: str = "ads", *more: str) -> Result:
    """Drop a destination, confirmed."""
    return shop("destinations", "drop", name, "--confirm", name, *more)


@pytest.fixture
def left(shop: Shop) -> Shop:
    """Give a configuration that lost a destination for which three events wait."""
    shop.route(an_event(1), an_event(2), an_event(3))
    shop.mend(SECTION, "  other:\n    type: console")
    return shop


def test_what_waits_becomes_dead_letters(left: Shop) -> None:
    """All of it is dead with its reason, nothing else is, and conservation holds."""
    result = drop(left)

    assert "3 dead letters made of what waited for ads\n" == result.stdout
    assert "next: router dead list dest:ads reason:unconfigured\n" == result.stderr
    assert 3 == len(left.lines("dead", "list", "dest:ads", "reason:unconfigured"))
    status = left.json("status", "--check")
    queues = {one["name"]: (one["queue"], one["dead"]) for one in status["destinations"]}
    assert {"hook": (3, 0), "other": (0, 0), "ads": (0, 3)} == queues
    assert status["conservation"]["holds"]


def test_it_is_in_the_audit_once(left: Shop) -> None:
    """Who dropped how many and why is kept; a repeat finds nothing and is no mistake."""
    drop(left, "ads", "--reason", "we left them")
    again = drop(left)

    async def latest(store: Store) -> list[Deed]:
        return await store.audit.latest(10)

    [deed] = left.ask(latest)
    expected = ("destinations drop", "ads", "we left them", 3)
    assert expected == (deed.what, deed.target, deed.reason, deed.changed)
    assert deed.by
    assert ("nothing waits for ads\n", Exit.DONE) == (again.stdout, again.exit_code)


def test_what_was_dropped_can_be_sent_when_the_destination_is_back(left: Shop) -> None:
    """A replay leaves the letters where they are until the destination is configured again."""
    drop(left)
    assert Exit.REFUSED == left("dead", "replay", "dest:ads").exit_code

    left.mend("  other:\n    type: console", SECTION)

    assert {"send": 3} == left.json("dead", "replay", "dest:ads")["by_outcome"]


def test_a_configured_destination_is_not_dropped(shop: Shop) -> None:
    """What is configured keeps its queue: exit code 5."""
    shop.route(an_event(1))

    result = drop(shop)

    assert Exit.REFUSED == result.exit_code
    assert "router: ads is configured: pause it" in result.stderr
    assert [1, 1] == [one["queue"] for one in shop.json("status")["destinations"]]


def test_a_type_that_was_left_is_dropped_alone(shop: Shop) -> None:
    """Of a destination with a new type, what waits for the old one is dropped, and no more."""
    shop.route(an_event(1))
    shop.mend(SECTION, "  ads:\n    type: file\n    settings: {path: out.jsonl}")
    shop.route(an_event(2))

    assert 1 == shop.json("destinations", "drop", "ads", "--confirm", "ads")["dropped"]

    queues = {one["type"]: one["queue"] for one in shop.json("status")["destinations"]}
    assert {"webhook": 2, "file": 1, "console": 0} == queues


def test_a_worker_that_may_still_deliver_it_is_in_the_way(left: Shop) -> None:
    """While a living worker has another configuration nothing is dropped: exit code 5."""

    async def live(store: Store) -> None:
        await store.members.heartbeat("w1", timedelta(minutes=1), {"config": "another"})

    left.ask(live)
    result = drop(left)

    assert Exit.REFUSED == result.exit_code
    assert "a worker with another configuration may still deliver to ads" in result.stderr
    assert [] == left.lines("dead", "list")


def test_the_name_must_be_said_twice_and_be_known(left: Shop) -> None:
    """A slip of the finger drops nothing: exit code 2; nor does an unknown name: 6."""
    assert Exit.USAGE == left("destinations", "drop", "ads").exit_code
    assert Exit.USAGE == left("destinations", "drop", "ads", "--confirm", "hook").exit_code
    assert Exit.NOT_FOUND == drop(left, "adz").exit_code
    assert [] == left.lines("dead", "list")
