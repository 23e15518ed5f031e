"""The latest known preferences: asked together, never stale, and nothing starts without them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from redis.exceptions import ConnectionError as Gone

from router.engine.deliver.exchange import NotStarted
from router.engine.deliver.latest import Latest
from router.store.holds import Hold
from router.store.preferences import Change, Preferences
from router.store.store import Store
from tests.engine.stage import LANE, Vendors, configuration, hook, push, running, settled, track
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

CONFIG = configuration({"hook": hook(consent={"require": ["ads"]})})


def said(event: str, *, ads: bool) -> dict[str, Any]:
    """Return an event that carries its user's consent."""
    return track(event, context={"consent": {"categoryPreferences": {"ads": ads}}})


class Away(Preferences):
    """Preferences that cannot be read until the test says so."""

    def __init__(self, redis: Any) -> None:
        super().__init__(redis)
        self.asked = 0
        self.away = True

    async def read(self, turns: Sequence[bytes]) -> dict[bytes, bytes]:
        """Answer, or fail as a store that is gone."""
        self.asked += 1
        if self.away:
            raise Gone("away")
        return await super().read(turns)


async def test_while_the_store_does_not_answer_nothing_starts(redis: Any) -> None:
    """Nobody knows what was denied: nothing is sent, nothing is burned, and then it goes on."""
    store, vendors, away = Store(redis, 4), Vendors(), Away(redis)
    await store.holds.put("hook", Hold("paused", "by_hand", 0, by="ann"))
    async with running(CONFIG, redis, vendors) as engine:
        await push(store, said("a1", ads=True))
        await settled(store, configured=1)
        engine._parts.latest._preferences = away
        await store.holds.end("hook", 0, by="operator")
        await wait_until_async(lambda: _is(away.asked > 1), what="two questions")
        assert [] == vendors.names()
        away.away = False
        await settled(store, delivered=1, pending=0)

    assert {} == (await store.ledger()).lanes[LANE].other


async def _is(fact: bool) -> bool:  # noqa: FBT001 - a fact
    return fact


async def test_a_preference_that_moved_meanwhile_is_read_again(
    redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hand-off made of an overtaken preference moves nothing, and is made again at once."""
    store = Store(redis, 4)
    changes, stale = Latest.changes, [Change(b"ann's twelve", b"older", b"newer")]

    async def overtaken_once(latest: Latest, *stated: Any) -> list[Change]:
        return [stale.pop()] if stale else await changes(latest, *stated)

    monkeypatch.setattr(Latest, "changes", overtaken_once)
    async with running(CONFIG, redis, Vendors()):
        await push(store, said("no", ads=False))
        await settled(store, configured=1, pending=0)

    assert [] == stale
    assert 1 == await store.preferences.count()


class Slow(Preferences):
    """Preferences that answer when the test lets them, or not at all."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[set[bytes]] = []

    async def read(self, turns: Sequence[bytes]) -> dict[bytes, bytes]:
        """Remember the question; give the next answer."""
        self.asked.append(set(turns))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        found: dict[bytes, bytes] = answer
        return found


NO = b'[[1,{"categories":{"ads":false}}]]'


async def gathered(*asked: Any) -> list[Any]:
    """Return what came of questions asked at once, failures included."""
    return list(await asyncio.gather(*asked, return_exceptions=True))


async def test_attempts_that_begin_together_ask_together() -> None:
    """One round trip serves all who ask at once, each with its own users' preferences."""
    slow = Slow({b"a": NO})
    latest = Latest(slow)
    found = await gathered(latest.known([b"a"]), latest.known([b"b"]), latest.known([b"a", b"c"]))

    assert [{b"a", b"b", b"c"}] == slow.asked
    assert [{b"a": {"categories": {"ads": False}}}, {}] == found[:2]


async def test_no_answer_is_older_than_its_question() -> None:
    """Who asks while a question is under way waits for the next one."""
    slow = Slow({}, {b"a": NO})
    latest = Latest(slow)
    await latest.known([b"a"])

    assert await latest.known([b"a"])
    assert [{b"a"}, {b"a"}] == slow.asked


async def test_without_an_answer_nothing_starts() -> None:
    """A store that does not answer is asked once for all who share the question."""
    slow = Slow(Gone("away"), {})
    latest = Latest(slow)
    found = await gathered(latest.known([b"a"]), latest.known([b"b"]))

    assert [NotStarted, NotStarted] == [type(each) for each in found]
    assert {} == await latest.known([b"a"])
    assert 2 == len(slow.asked)
