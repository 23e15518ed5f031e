"""The operators' tasks do what the commands do, by the same rules, and are in the same audit."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from router.config import load
from router.dead.replay import Replay
from router.decide.verdict import PolicyError
from router.operations import letters
from router.operations.letters import Ids
from router.operations.signature import Signature
from router.store.embedded import EmbeddedStore
from router.worker.configured import Configured
from router.worker.tasks import tasks
from tests.cli.conftest import Shop, an_event, now_ms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from router.dead.replay import Watcher
    from router.store.audit import Deed
    from router.store.holds import Hold
    from router.store.store import Store

CALL = SimpleNamespace(request=SimpleNamespace(origin="gen42@here"))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Give a configuration whose embedded store runs during the test."""
    store = EmbeddedStore(tmp_path / "data")
    store.attach()
    yield Shop(tmp_path)
    store.leave()


def call(shop: Shop, task: str, *args: Any) -> None:
    """Run a task as Celery does."""
    configured = Configured(load(shop.file, {}), lambda: load(shop.file, {}))
    tasks(configured)[f"router.{task}"](CALL, *args)


def deeds(shop: Shop) -> list[Deed]:
    """Return the audit, the first deed first."""

    async def latest(store: Store) -> list[Deed]:
        return await store.audit.latest(10)

    found: list[Deed] = shop.ask(latest)
    return found[::-1]


def hold(shop: Shop, *, of: str = "hook") -> Hold | None:
    """Return what holds a destination."""

    async def held(store: Store) -> Hold | None:
        return (await store.holds.all()).get(of)

    found: Hold | None = shop.ask(held)
    return found


def ids(shop: Shop, *query: str) -> list[str]:
    """Return the ids that a query lists."""
    return [line["id"] for line in shop.lines("dead", "list", *query)]


def once() -> Watcher:
    """Return a watcher that bears one record and no second."""
    seen: list[int] = []

    def watch(steps: int) -> None:
        if seen:
            raise InterruptedError
        seen.append(steps)

    return watch


def failing(*_: Any) -> Any:
    """Fail, as a policy that cannot be applied does."""
    raise PolicyError("made to fail")


def test_pause_and_resume_are_in_the_audit(shop: Shop) -> None:
    """The audit knows what was done, why, and which process asked; a repeat is no deed."""
    for _ in range(2):
        call(shop, "pause", "hook", "vendor asked")
    for _ in range(2):
        call(shop, "resume", "hook")

    expected = [("destinations pause", "vendor asked"), ("destinations resume", "")]
    assert expected == [(deed.what, deed.reason) for deed in deeds(shop)]
    assert {("hook", 1, "celery gen42@here")} == {
        (deed.target, deed.changed, deed.by) for deed in deeds(shop)
    }


def test_probe_leaves_a_pause(shop: Shop) -> None:
    """A paused destination is not probed, and nothing of it is in the audit."""
    call(shop, "pause", "hook", "vendor asked")
    before = hold(shop)
    call(shop, "probe", "hook")

    assert before == hold(shop)
    assert 1 == len(deeds(shop))


@pytest.mark.parametrize("task", ["pause", "resume", "probe"])
def test_a_name_that_is_not_configured_changes_nothing(shop: Shop, task: str) -> None:
    """A task for a destination that is not there holds nothing and is no deed."""
    call(shop, task, "hok")

    assert hold(shop, of="hok") is None
    assert [] == deeds(shop)


def test_replay_sends_what_the_command_would_send(shop: Shop) -> None:
    """Letters go once; what lost its destination stays where it is."""
    shop.route(an_event(1))
    shop.bury("hook:webhook", "http_400", 400)
    shop.bury("ads:console", "exhausted.http_503", 503)
    shop.mend("  ads:\n    type: console", "  other:\n    type: console")
    everything = ids(shop)
    for _ in range(2):
        call(shop, "replay", [*everything, "hook/0/1-1", "no id"])

    assert ["ads"] == [each.partition("/")[0] for each in ids(shop)]
    [deed] = deeds(shop)
    assert ("dead replay", 1) == (deed.what, deed.changed)
    assert shop.json("status", "--check")["conservation"]["holds"]


def test_replay_routes_again_what_no_policy_has_seen(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A letter whose policy failed becomes a delivery of what its destination may see."""
    with monkeypatch.context() as broken:
        broken.setattr("router.decide.policy.policy.Policy.strip", failing)
        shop.route(an_event(1))
    [letter] = ids(shop, "dest:hook")

    call(shop, "replay", [letter])

    assert [] == ids(shop, "dest:hook")
    assert 1 == shop.json("status", "--check")["destinations"][0]["queue"]


def test_replay_takes_ids_of_the_shelf(shop: Shop) -> None:
    """An arrival that can be read now goes back onto the queue."""
    shop.route(b"{")

    async def readable(store: Store) -> None:
        [item] = [item async for item in store.shelf.scan()]
        await store.redis.xadd("router:{0}:shelf", {"reason": "router_error", "raw": an_event(9)})
        await store.shelf.drop(item)

    shop.ask(readable)
    call(shop, "replay", ids(shop, "dest:shelf"))

    assert [an_event(9)] == shop.queued()
    assert ["dead replay"] == [deed.what for deed in deeds(shop)]


def test_discard_keeps_the_reason(shop: Shop) -> None:
    """Discarded letters are gone for good; why stands in the audit, once."""
    shop.route(an_event(1))
    shop.bury("hook:webhook", "http_400", 400)
    doomed = ids(shop)
    for _ in range(2):
        call(shop, "discard", doomed, "a test")

    assert [] == ids(shop)
    [deed] = deeds(shop)
    assert ("dead discard", "a test", 1) == (deed.what, deed.reason, deed.changed)


def test_a_deed_that_failed_midway_is_in_the_audit(shop: Shop) -> None:
    """What had gone before a replay or a discard broke off is written down."""

    async def broken(store: Store) -> None:
        for number in range(4):
            fields = {"reason": "router_error", "raw": an_event(number)}
            await store.redis.xadd("router:{0}:shelf", fields)
        shelved = [item.id async for item in store.shelf.scan()]
        decides = letters.forecaster(load(shop.file, {}))
        how = Replay(store, decides, "events", now_ms(), watch=once())
        with pytest.raises(InterruptedError):
            await letters.replay(how, Ids(shelved[:2]), Signature("ann"))
        with pytest.raises(InterruptedError):
            await letters.discard(store, Ids(shelved[2:]), Signature("ann"), watch=once())

    shop.ask(broken)

    expected = [("dead replay", 1), ("dead discard", 1)]
    assert expected == [(deed.what, deed.changed) for deed in deeds(shop)]
