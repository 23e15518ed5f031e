"""Letters of users who denied consent after their event died: they are never sent again."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from router.dead.query import parse_query
from router.dead.replay import Replay, Tally
from router.dead.scan import matching
from router.decide.verdict import PolicyError
from router.operations.letters import forecaster
from tests.dead.morgue import bury, route, stored
from tests.support.canary import EMAIL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from router.config import Config
    from router.store.store import Store

CONFIGURATION = """
data: ./data
shards: 2
destinations:
  ads: {type: console, consent: {require: [ads]}}
  free: {type: console, consent: {not_required: "a test"}, uses: [analytics]}
"""
ADS = "ads:console"
NOW = int(time.time() * 1000)


def said(name: str, user: str, *, ads: bool, **more: Any) -> bytes:
    """Return an event with its user's consent."""
    context = {"consent": {"categoryPreferences": {"ads": ads}}}
    return json.dumps({"type": "track", "event": name, "messageId": name, "userId": user,
                       "timestamp": f"2020-01-01T00:00:0{1 + (not ads)}Z", "context": context,
                       **more}).encode()  # fmt: skip


@pytest.fixture
async def morgue(tmp_path: Path) -> AsyncIterator[tuple[Config, Store]]:
    """Give a store with a letter of ann, one of hers on a device, and one of bob."""
    (tmp_path / "router.yaml").write_text(CONFIGURATION)
    async with stored(tmp_path / "router.yaml") as (config, store):
        events = [said("a1", "ann", ads=True), said("b1", "bob", ads=True)]
        events.append(said("a2", "eve", ads=True, anonymousId="device"))
        await route(config, store, events, NOW)
        await bury(store, ADS, "exhausted.http_503", NOW, 503)
        yield config, store


def records(store: Store) -> Any:
    """Return all letters."""
    return matching(store, parse_query("dest:ads", NOW), NOW + 60_000)


async def dry_and_wet(config: Config, store: Store, **more: Any) -> tuple[Tally, Tally]:
    """Return what is forecast, and what a replay then does."""
    how = Replay(store, forecaster(config), "events", NOW + 60_000, **more)
    forecast = await how.forecast(records(store))
    return forecast, await how.run(records(store))


async def test_a_replay_filters_what_was_withdrawn(morgue: tuple[Config, Store]) -> None:
    """A letter of a user who denied since leaves the dead as filtered, as a dry run foretells."""
    config, store = morgue
    await route(config, store, [said("no", "ann", ads=False)], NOW)
    forecast, tally = await dry_and_wet(config, store)

    assert {"send": 2, "filtered": 1} == forecast.by_forecast() == tally.by_forecast()
    ledger = await store.ledger()
    assert {"consent.withdrawn": 1, "consent.category_denied": 1} == ledger.lanes[ADS].filtered
    assert (2, 0) == (ledger.lanes[ADS].pending, ledger.lanes[ADS].letters)
    assert ledger.holds


async def test_a_letter_is_judged_by_both_ids_of_its_event(morgue: tuple[Config, Store]) -> None:
    """What was denied on the device, before anybody was signed in, holds for the letter."""
    config, store = morgue
    denial = said("no", "", ads=False, anonymousId="device")
    await route(config, store, [denial], NOW)
    forecast, tally = await dry_and_wet(config, store)

    assert {"send": 2, "filtered": 1} == forecast.by_forecast() == tally.by_forecast()


async def test_without_a_denial_all_go(morgue: tuple[Config, Store]) -> None:
    """Who denied nothing loses nothing; a limit counts what moves."""
    config, store = morgue
    forecast, tally = await dry_and_wet(config, store, limit=2)

    assert {"send": 2} == forecast.by_forecast() == tally.by_forecast()


async def test_t4_a_letter_whose_policy_failed_is_judged_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T4: nothing leaves while a policy fails, nor afterwards if its user denied meanwhile."""

    def failing(*_: Any) -> Any:
        raise PolicyError("made to fail")

    (tmp_path / "router.yaml").write_text(CONFIGURATION)
    async with stored(tmp_path / "router.yaml") as (config, store):
        with monkeypatch.context() as broken:
            broken.setattr("router.decide.policy.policy.Policy.strip", failing)
            user = said("a1", "eve", ads=True, anonymousId="device", properties={"to": EMAIL})
            await route(config, store, [user, said("b1", "bob", ads=True)], NOW)
        await route(config, store, [said("no", "", ads=False, anonymousId="device")], NOW)
        forecast, tally = await dry_and_wet(config, store)

        assert {"send": 1, "filtered": 1} == forecast.by_forecast() == tally.by_forecast()
        assert (await store.ledger()).holds
