"""Letters whose policy failed: the original is routed again, for their destination only."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from router.config import privacy_key
from router.dead.forecast import Forecast, Forecaster, by_lane
from router.dead.query import parse_query
from router.dead.replay import Replay, Tally
from router.dead.scan import matching
from router.decide.routes import compile_routes
from router.decide.verdict import PolicyError
from router.engine.route.routing import entry_of
from router.store.codec import unpack
from tests.dead.morgue import route, stored

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from router.config import Config
    from router.decide.routes import Routes
    from router.store.store import Store

CONFIGURATION = """
data: ./data
shards: 2
destinations:
  first: {type: console}
  second: {type: console}
"""
EVENT = json.dumps({"type": "track", "event": "Signed Up", "userId": "u-1"}).encode()
NOW = int(time.time() * 1000)


def routes_of(config: Config) -> Routes:
    """Compile the routes of a configuration."""
    kinds = {section.type: section.adapter_class for section in config.destinations.values()}
    return compile_routes(config, kinds, privacy_key(config))


def failing(*_: Any) -> Any:
    """Fail, as a policy that cannot be applied does."""
    raise PolicyError("made to fail")


@pytest.fixture
async def morgue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Config, Store]]:
    """Give a store with one event whose policy failed for both destinations."""
    (tmp_path / "router.yaml").write_text(CONFIGURATION)
    async with stored(tmp_path / "router.yaml") as (config, store):
        with monkeypatch.context() as broken:
            broken.setattr("router.decide.policy.policy.Policy.strip", failing)
            await route(config, store, [EVENT], NOW)
        yield config, store


def forecaster(config: Config, **changes: Any) -> Forecaster:
    """Return what forecasts by this configuration."""
    routes = routes_of(config)
    plain = Forecaster(by_lane(routes), routes.signals, {}, entry_of, routes.reshaped)
    return replace(plain, **changes)


async def replayed(store: Store, by: Forecaster, query: str = "") -> Tally:
    """Replay what a query matches."""
    now = int(time.time() * 1000)
    records = matching(store, parse_query(query, now), now)
    return await Replay(store, by, "events", now).run(records)


async def bodies(store: Store, lane: str) -> list[dict[str, Any]]:
    """Return the payloads that wait in a lane."""
    found = []
    for shard in range(store.shards):
        [waiting] = await store.lanes.read(shard, [(lane, b"0-0", 10)])
        found += [json.loads(unpack(one.raw).body) for one in waiting]
    return found


async def test_letters_of_a_failed_policy_have_no_payload(morgue: tuple[Config, Store]) -> None:
    """Such letters are listed with what is known, and the shelf's original is not listed beside."""
    _, store = morgue

    records = [each async for each in matching(store, parse_query("", NOW), NOW + 60_000)]

    assert ["first", "second"] == [record.destination for record in records]
    assert {("policy_error", "track", None)} == {
        (record.reason, record.type, record.payload) for record in records
    }


async def test_replay_routes_again_for_one_destination(morgue: tuple[Config, Store]) -> None:
    """Only the destination asked for gets it, with the message id that it always had."""
    config, store = morgue
    records = [each async for each in matching(store, parse_query("", NOW), NOW + 60_000)]

    tally = await replayed(store, forecaster(config), "dest:first")

    assert {"first": {"send": 1}} == tally.by_destination()
    [payload] = await bodies(store, "first:console")
    assert records[0].message_id == payload["messageId"]
    assert [] == await bodies(store, "second:console")


async def test_original_leaves_with_its_last_letter(morgue: tuple[Config, Store]) -> None:
    """The original, with everything in it, stays as long as a letter needs it and not longer."""
    config, store = morgue

    await replayed(store, forecaster(config), "dest:first")
    assert 1 == await store.shelf.length()
    await replayed(store, forecaster(config), "dest:second")

    assert 0 == await store.shelf.length()
    assert (await store.ledger()).holds


async def test_letter_stays_while_its_policy_fails(morgue: tuple[Config, Store]) -> None:
    """A policy that still fails keeps the letter where it is."""
    config, store = morgue

    tally = await replayed(store, forecaster(config, entry_of=failing))

    assert {"policy_error": 2} == tally.by_forecast()
    assert 1 == await store.shelf.length()


async def test_letter_is_filtered_by_what_holds_now(
    morgue: tuple[Config, Store], tmp_path: Path
) -> None:
    """Routed again, an event that its destination may not have any more counts as filtered."""
    _, store = morgue
    file = tmp_path / "router.yaml"
    pages = "second: {type: console, events: 'type = \"page\"'}"
    file.write_text(CONFIGURATION.replace("second: {type: console}", pages))
    async with stored(file) as (config, _):
        tally = await replayed(store, forecaster(config))

    assert {"send": 1, "filtered": 1} == tally.by_forecast()
    ledger = await store.ledger()
    assert {"filter.events": 1} == dict(ledger.lanes["second:console"].filtered)
    assert ledger.holds


async def test_letter_whose_original_is_gone_stays(morgue: tuple[Config, Store]) -> None:
    """Without its original nothing is left to send, and that is what is said."""
    config, store = morgue
    async for item in store.shelf.scan():
        await store.shelf.drop(item)

    tally = await replayed(store, forecaster(config))

    assert {Forecast.NO_PAYLOAD.value: 2} == tally.by_forecast()
