"""`router dead`: list, show, replay, discard, end to end over a real store."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from router.cli.failure import Exit
from tests.cli.conftest import Shop, an_event

if TYPE_CHECKING:
    from router.store.audit import Deed
    from router.store.store import Store


@pytest.fixture
def graves(shop: Shop) -> Shop:
    """Give three dead letters of the hook, one of the console, and one unreadable event."""
    shop.route(an_event(1), an_event(2), an_event(3, context={}), b'{"person": "raw-secret"')
    shop.bury("hook:webhook", "http_400", 400)
    shop.bury("ads:console", "exhausted.http_503", 503)
    return shop


def ids(shop: Shop, *query: str) -> list[str]:
    """Return the ids that a query lists."""
    return [line["id"] for line in shop.lines("dead", "list", *query)]


def test_list_shape(graves: Shop) -> None:
    """A JSON line has the letter's facts and no payload."""
    [letter] = graves.lines("dead", "list", "dest:hook", "message:m-1")

    for moment in ("dead_at", "first_failed_at", "id"):
        assert letter.pop(moment)
    expected = {
        "schema_version": 1, "destination": "hook", "reason": "http_400", "status": 400,
        "type": "track", "event": "Order Completed", "message_id": "m-1", "source": "default",
        "attempts": 3, "replays": 0,
    }  # fmt: skip
    assert expected == letter


def test_list_shows_the_shelf_without_its_content(graves: Shop) -> None:
    """What could not be read is listed with its reason; the event itself is not."""
    [item] = graves.lines("dead", "list", "dest:shelf")

    assert ("shelf", "invalid_json") == (item["destination"], item["reason"])
    assert item["id"].startswith("shelf/")
    assert "raw-secret" not in str(item) + graves("dead", "list").stdout


def test_list_for_people_is_bounded(graves: Shop) -> None:
    """The table stops at the limit and says that there is more."""
    result = graves("dead", "list", "--limit", "2")

    assert 3 == len(result.stdout.strip().splitlines())
    assert "more than 2: --limit shows more\n" == result.stderr


def test_list_of_nothing_is_no_failure(shop: Shop) -> None:
    """Having no dead letters is success; a query that matches nothing ends with 4."""
    assert 0 == shop("dead", "list").exit_code
    assert Exit.NOTHING_MATCHED == shop("dead", "list", "dest:hook").exit_code


def test_mistake_in_a_query_is_pointed_at(shop: Shop) -> None:
    """A query that cannot be read ends with 2 and an arrow under the mistake."""
    result = shop("dead", "list", "dest:hook", "statsu:5xx")

    assert Exit.USAGE == result.exit_code
    assert ["  dest:hook statsu:5xx", "            ^"] == result.stderr.splitlines()[1:]


def test_show_masks_values(graves: Shop) -> None:
    """The payload's keys are shown with the kind of their values; `--reveal` shows them."""
    [letter] = ids(graves, "dest:hook", "message:m-1")

    hidden = graves.json("dead", "show", letter)["payload"]
    revealed = graves.json("dead", "show", letter, "--reveal")["payload"]

    assert {"email": "<text>", "total": "<number>"} == hidden["properties"]
    assert "Order Completed" == hidden["event"]
    assert {"email": "person1@example.test", "total": 12.5} == revealed["properties"]
    assert "person1@example.test" not in graves("dead", "show", letter).output


def test_show_says_what_a_reason_means_and_what_to_do(graves: Shop) -> None:
    """A listed reason comes with its sentence and its advice."""
    letter, *_ = ids(graves, "reason:exhausted")

    shown = graves.json("dead", "show", letter)

    assert shown["meaning"].startswith("Attempts and time are used up")
    assert shown["advice"].startswith("See what the destination says")
    assert shown["advice"] in graves("dead", "show", letter).stdout


def test_show_reveals_the_shelf_only_when_asked(graves: Shop) -> None:
    """An unreadable event is shown as it came only with `--reveal`."""
    [item] = ids(graves, "dest:shelf")

    assert "<23 bytes>" == graves.json("dead", "show", item)["original"]
    assert '{"person": "raw-secret"' == graves.json("dead", "show", item, "--reveal")["original"]


def test_show_of_nothing_ends_with_6(shop: Shop) -> None:
    """An id that nothing has is not found."""
    assert Exit.NOT_FOUND == shop("dead", "show", "hook/0/1-1").exit_code


def test_replay_puts_letters_back_for_their_destination_only(graves: Shop) -> None:
    """Replayed letters wait in their own lane again, no other destination's queue grows."""
    result = graves.json("dead", "replay", "dest:hook")

    assert (3, 3, {"send": 3}) == (result["matched"], result["moved"], result["by_outcome"])
    hook, ads = graves.json("status", "--check")["destinations"]
    assert (3, 0, 0) == (hook["queue"], hook["dead"], ads["queue"])
    assert graves.json("status", "--check")["conservation"]["holds"]


def test_dry_run_forecasts_and_changes_nothing(graves: Shop) -> None:
    """The forecast of a dry run is what the replay then does."""
    before = ids(graves)
    forecast = graves.json("dead", "replay", "--all", "--dry-run")

    assert before == ids(graves)
    done = graves.json("dead", "replay", "--all")
    assert {**forecast, "dry_run": False} == done


def test_replay_asks_consent_again(graves: Shop) -> None:
    """What consent forbids now stays dead, and nothing else to send is a refusal."""
    graves.mend("require: [ads]", "require: [analytics]")

    result = graves("dead", "replay", "dest:ads", "--json")

    assert Exit.REFUSED == result.exit_code
    assert {"blocked": 2} == json.loads(result.stdout)["by_outcome"]
    assert 2 == len(ids(graves, "dest:ads"))


def test_replay_leaves_letters_of_destinations_that_are_gone(graves: Shop) -> None:
    """A letter whose destination left the configuration stays, the others go: exit code 3."""
    graves.mend("  ads:\n    type: console", "  other:\n    type: console")

    result = graves("dead", "replay", "--all", "--json")

    assert Exit.SOME_FAILED == result.exit_code
    outcome = json.loads(result.stdout)["by_outcome"]
    assert {"send": 3, "unconfigured": 2, "unreadable": 1} == outcome


def test_replay_puts_back_what_can_be_read_now(graves: Shop) -> None:
    """An event from the shelf goes back onto the queue once it can be read; else it stays."""
    [item] = ids(graves, "dest:shelf")
    assert Exit.REFUSED == graves("dead", "replay", item).exit_code

    async def mend(store: Store) -> None:
        await store.redis.xadd("router:{0}:shelf", {"reason": "router_error", "raw": an_event(9)})

    graves.ask(mend)
    result = graves.json("dead", "replay", "dest:shelf")

    assert {"queue": 1, "unreadable": 1} == result["by_outcome"]
    assert [an_event(9)] == graves.queued()
    assert [item] == ids(graves, "dest:shelf")


def test_replay_of_ids(graves: Shop) -> None:
    """Letters can be named one by one; a name that nothing has changes nothing and ends with 6."""
    first, *_ = ids(graves, "dest:hook")

    assert Exit.NOT_FOUND == graves("dead", "replay", first, "hook/0/1-1").exit_code
    assert 1 == graves.json("dead", "replay", first)["moved"]
    assert Exit.NOT_FOUND == graves("dead", "replay", first).exit_code


def test_replay_limit_counts_what_moves(graves: Shop) -> None:
    """The limit is on what is sent, not on what is skipped."""
    graves.mend("require: [ads]", "require: [analytics]")

    result = graves.json("dead", "replay", "--all", "--limit", "2")

    assert {"send": 2, "blocked": 2} == result["by_outcome"]


def test_replay_of_everything_must_be_said(graves: Shop) -> None:
    """Without query, ids or `--all` nothing happens."""
    assert Exit.USAGE == graves("dead", "replay").exit_code
    assert Exit.USAGE == graves("dead", "discard", "--reason", "x").exit_code


def test_more_than_a_hundred_wants_a_yes(shop: Shop) -> None:
    """A large change is refused without a terminal, unless `--yes` is said."""
    shop.route(*(an_event(number) for number in range(101)))
    shop.bury("hook:webhook", "http_400", 400)

    refused = shop("dead", "replay", "dest:hook")

    assert Exit.USAGE == refused.exit_code
    assert "Replay 101 dead letters? Say --yes, or fewer with --limit." in refused.stderr
    assert 101 == shop.json("dead", "replay", "dest:hook", "--yes")["moved"]


def test_replay_says_that_a_paused_destination_waits(graves: Shop) -> None:
    """What is replayed to a destination that gets nothing waits, and that is said."""
    graves("destinations", "pause", "hook", "--reason", "vendor asked")

    result = graves("dead", "replay", "dest:hook")

    assert "hook is paused (vendor asked): what was replayed waits until that ends" in result.stderr


def test_discard_drops_for_good(graves: Shop) -> None:
    """Discarded letters are gone, stay counted as dead, and the reason is kept."""
    result = graves.json("dead", "discard", "dest:hook", "message:m-1,m-2", "--reason", "a test")

    assert {"hook": 2} == result["by_destination"]
    assert 1 == len(ids(graves, "dest:hook"))
    status = graves.json("status", "--check")
    assert (3, 2, 1) == tuple(
        status["destinations"][0][word] for word in ("dead_ever", "discarded", "dead")
    )
    assert status["conservation"]["holds"]

    async def latest(store: Store) -> list[Deed]:
        return await store.audit.latest(1)

    [deed] = graves.ask(latest)
    assert ("dead discard", "a test", 2) == (deed.what, deed.reason, deed.changed)


def test_discard_takes_from_the_shelf(graves: Shop) -> None:
    """Unreadable events can be discarded as well; a dry run only counts them."""
    counted = graves.json("dead", "discard", "dest:shelf", "--reason", "broken", "--dry-run")
    assert 1 == counted["discarded"]
    assert 1 == len(ids(graves, "dest:shelf"))

    graves("dead", "discard", "dest:shelf", "--reason", "broken")

    assert [] == ids(graves, "dest:shelf")
