"""`router status`: what it reads, what it proves, what it suggests."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from rich.console import Console

from router.cli import status_text
from router.cli.failure import Exit
from router.store import keys
from router.store.oddities import OTHERS, OddityKind
from tests.cli.conftest import Shop, an_event, now_ms

if TYPE_CHECKING:
    import pytest

    from router.store.store import Store


def destination(shop: Shop, name: str) -> dict[str, Any]:
    """Return what the status says of a destination."""
    found: list[dict[str, Any]] = shop.json("status")["destinations"]
    return next(one for one in found if one["name"] == name)


def test_shape(shop: Shop) -> None:
    """The JSON form has these words, whatever happened."""
    status = shop.json("status", "--check")

    assert {"schema_version", "at", "destinations", "recent_since", "intake", "workers", "next",
            "conservation", "oddities", "problems", "suspects"} == status.keys()  # fmt: skip
    expected = {
        "name": "hook", "type": "webhook", "state": "healthy", "reason": None, "since": None,
        "next_probe": None, "queue": 0, "oldest_seconds": None, "retrying": 0, "parked": 0,
        "delivered": 0, "filtered": {}, "dead": 0, "dead_ever": 0, "discarded": 0, "counters": {},
        "recent": {"delivered": 0, "filtered": 0, "dead": 0},
    }  # fmt: skip
    assert expected == status["destinations"][0]
    assert {"holds": True, "missing": []} == status["conservation"]


def test_counts_what_was_routed(shop: Shop) -> None:
    """Queue, filtered, duplicates and shelf stand where they belong."""
    shop.route(an_event(1), an_event(1), an_event(2, context={}), b"{broken")

    status = shop.json("status")
    hook, ads = status["destinations"]
    assert (2, 1) == (hook["queue"], ads["queue"])
    assert {"consent.missing": 1} == ads["filtered"]
    intake = status["intake"]
    assert (4, 2, 1, 1) == (
        intake["read"],
        intake["accepted"],
        intake["duplicates"],
        intake["shelf"],
    )
    assert {"invalid_json": 1} == intake["shelved"]


def test_dead_letters_are_counted(shop: Shop) -> None:
    """A dead letter leaves the queue and is counted as dead, now and ever."""
    shop.route(an_event(1))
    shop.bury("hook:webhook", "http_400", 400)

    hook = destination(shop, "hook")

    assert (0, 1, 1, 1) == (hook["queue"], hook["dead"], hook["dead_ever"], hook["recent"]["dead"])


def test_check_proves_conservation(shop: Shop) -> None:
    """`--check` says so when every delivery is accounted for."""
    shop.route(an_event(1), an_event(2))
    shop.bury("ads:console", "http_400", 400)

    result = shop("status", "--check")

    assert ("conservation holds", 0) == (result.stdout.splitlines()[-1], result.exit_code)


def test_check_tells_what_is_missing(shop: Shop) -> None:
    """A delivery that vanished is told with its lane, and the exit code is 10."""
    shop.route(an_event(1))

    async def steal(store: Store) -> None:
        for shard in range(store.shards):
            await store.redis.delete(keys.lane(shard, "hook:webhook"))

    shop.ask(steal)
    result = shop("status", "--check")

    assert Exit.NOT_CONSERVED == result.exit_code
    assert ["conservation fails", "  hook:webhook: 1 delivery missing"] == (
        result.stdout.splitlines()[-2:]
    )
    missing = [{"lane": "hook:webhook", "deliveries": 1, "letters": 0}]
    assert missing == shop.json("status", "--check")["conservation"]["missing"]


def test_pause_is_shown_with_its_reason(shop: Shop) -> None:
    """State, reason and since are those of the hold in the store."""
    shop("destinations", "pause", "hook", "--reason", "vendor asked")

    hook = destination(shop, "hook")

    assert ("paused", "vendor asked") == (hook["state"], hook["reason"])
    assert hook["since"].endswith("Z")


def test_lane_without_destination_is_unconfigured(shop: Shop) -> None:
    """What waits for a destination that left the configuration is still shown."""
    shop.route(an_event(1))
    shop.mend("  ads:\n    type: console", "  other:\n    type: console")

    assert ("unconfigured", 1) == (
        destination(shop, "ads")["state"], destination(shop, "ads")["queue"]
    )  # fmt: skip


def test_suggests_the_next_command(shop: Shop) -> None:
    """The suggestion is for the worst of what is the matter."""
    assert shop.json("status")["next"] is None

    shop.route(b"{broken")
    assert "router dead list dest:shelf" == shop.json("status")["next"]

    shop.route(an_event(1))
    assert "router run" == shop.json("status")["next"]


def test_suggestions_name_the_file_that_was_named(shop: Shop) -> None:
    """A configuration that an option named is named again, one of the environment is not."""
    shop.route(b"{broken")
    odd = shop.file.rename(shop.file.with_name("our router.yaml"))

    suggested = shop.json("status", "--config", str(odd))["next"]

    assert f"router dead list dest:shelf --config '{odd}'" == suggested


def test_table_fits_people(shop: Shop) -> None:
    """The table names every destination and shows no value of an event."""
    shop.route(an_event(1))
    shop.bury("hook:webhook", "http_400", 400)

    shown = shop("status").stdout

    assert "hook" in shown
    assert "ads" in shown
    assert "person1@example.test" not in shown
    assert "hidden" not in shown


def test_narrow_terminals_show_the_reason_whole(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In 80 columns no state, figure or reason is cut into pieces: reasons go below."""
    shop("destinations", "pause", "hook", "--reason", "the vendor asked for it")
    narrow = io.StringIO()
    monkeypatch.setattr(status_text, "console", lambda: Console(width=80, file=narrow))

    shop("status")

    [row] = [line for line in narrow.getvalue().splitlines() if line.startswith("hook")]
    assert ["hook", "paused", "0", "0", "0", "0", "0"] == row.split()
    assert "paused   hook: the vendor asked for it, " in narrow.getvalue()


def test_oddities_of_maps_are_shown(shop: Shop) -> None:
    """What was odd in events' maps stands with its number and the name that was meant."""
    kinds = {OddityKind("shop", "name_unknown", "Webhok"): 7, OTHERS: 2}
    shop.ask(lambda store: store.oddities.note(kinds, now_ms()))

    assert [("shop", "name_unknown", "Webhok", "Webhook", 7), (*OTHERS, None, 2)] == [
        tuple(odd.values()) for odd in shop.json("status")["oddities"]
    ]
    shown = shop("status").stdout
    assert "integrations.Webhok from shop" in shown
    assert "7 events lately; did you mean Webhook?" in shown


def test_many_oddities_are_counted(shop: Shop) -> None:
    """Of very many names some are shown, and of the rest the number."""
    kinds = {OddityKind("shop", "name_unknown", f"n{n}"): 1 for n in range(13)}
    shop.ask(lambda store: store.oddities.note(kinds, now_ms()))

    assert "3 more" in shop("status").stdout


def test_suspects_are_named(shop: Shop) -> None:
    """What workers ended with stands there by lane and id, the worst first, and no payload."""
    shop.route(an_event(1))

    async def suspect(store: Store) -> None:
        await store.redis.hset(keys.suspects(keys.shard(0)), "hook:webhook 1-0", "1 here:7:a")
        await store.redis.hset(
            keys.suspects(keys.intake("stream", "router:events")), "2-0", "3 here:7:a"
        )
        await store.redis.sadd(keys.INTAKES, "stream:router:events")

    shop.ask(suspect)

    assert [
        {"home": "stream:router:events", "entry": "2-0", "deaths": 3},
        {"home": "shard 0", "entry": "hook:webhook 1-0", "deaths": 1},
    ] == shop.json("status")["suspects"]
    drawn = shop("status").stdout
    assert "suspect  2-0 in stream:router:events: 3 workers ended with it in flight" in drawn
    assert "suspect  hook:webhook 1-0 in shard 0: 1 worker ended with it in flight" in drawn
