"""Queues with a bound: what is more waits in the intake, or is refused and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from router.engine.route.queues import Bound, Queues, refused
from router.observe.reserved import INTAKE
from router.store.handoff import Routed
from router.store.store import Store
from tests.engine.stage import LANE, Vendors, configuration, hook, push, running, settled, track
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from collections.abc import Sequence

ASKED = 1_000
WAITING = Bound("hook", "hook:webhook", 0, 100, refuses=False)
REFUSING = Bound("crm", "crm:webhook", 1, 50, refuses=True)


def gauge(
    lengths: dict[str, int], *bounds: Bound, failing: int = 0
) -> tuple[Queues, list[Sequence[str]]]:
    """Return queues of given lengths, so many of each failing, and what is measured of them."""
    asked: list[Sequence[str]] = []

    async def measure(lanes: Sequence[str]) -> list[int]:
        asked.append(lanes)
        return [lengths[lane] for lane in lanes]

    async def stuck() -> dict[str, int]:
        return dict.fromkeys(lengths, failing)

    return Queues(bounds, measure, stuck), asked


async def test_without_bounds_nothing_is_measured() -> None:
    """What is not configured costs nothing."""
    queues, asked = gauge({})

    assert {} == await queues.fills()
    assert not queues.near(10_000)
    assert [] == asked


async def test_what_is_far_from_its_bound_is_not_measured_each_time() -> None:
    """A queue is measured when as many were routed as had room at the last measurement."""
    lengths = {"hook:webhook": 40}
    queues, asked = gauge(lengths, WAITING)

    assert queues.near(20)
    assert frozenset() == await queues.look(20)
    assert [False, False, True] == [queues.near(20) for _ in range(3)]
    assert 1 == len(asked)


async def test_a_full_queue_stops_the_intake_once_more_than_it_is_full() -> None:
    """What stopped an intake counts as full at the next look, though it has drained a little."""
    lengths = {"hook:webhook": 100, "crm:webhook": 0}
    queues, _ = gauge(lengths, WAITING, REFUSING)

    assert await queues.look(20) is None
    lengths["hook:webhook"] = 90
    assert {"hook": 1.0} == await queues.fills()
    assert {"hook": 0.9} == await queues.fills()
    assert frozenset() == await queues.look(20)


async def test_a_full_queue_that_refuses_stops_nobody() -> None:
    """Only its own destination goes without."""
    queues, _ = gauge({"hook:webhook": 0, "crm:webhook": 50}, WAITING, REFUSING)

    assert frozenset({1}) == await queues.look(20)
    assert {"hook": 0.0} == await queues.fills()
    event = Routed(0, b"ann", None, ((0, 0), (1, 0)), ((2, "filter.events"),), (), (b"body",))
    [left] = refused([event], frozenset({1}))
    assert ((0, 0),) == left.sends
    assert ((2, "filter.events"), (1, "queue_full")) == left.skips


async def test_what_is_stuck_is_not_waited_for() -> None:
    """Failing events fill no queue that the intake waits for; one that refuses counts them."""
    lengths = {"hook:webhook": 119, "crm:webhook": 69}
    queues, _ = gauge(lengths, WAITING, REFUSING, failing=20)

    assert {"hook": 0.99} == await queues.fills()
    assert frozenset({1}) == await queues.look(20)


async def test_one_failing_event_does_not_stop_the_intake(redis: Any) -> None:
    """Under the smallest bound others' events go on, though one user's are stuck behind one."""
    store, vendors = Store(redis, 4), Vendors()
    vendors.answer = lambda _, request: httpx.Response(503 if b"bad" in request.content else 200)
    config = configuration({"hook": hook(delivery={"queue": {"events": 1}})})
    async with running(config, redis, vendors):
        await push(store, *(track(name, "ann") for name in ("bad", "next", "last")))
        await wait_until_async(lambda: _stuck(store), what="three to be stuck")
        for n in range(3):
            await push(store, track(f"e{n}", f"u{n}"))
            await settled(store, delivered=n + 1, pending=3)

    assert {"e0", "e1", "e2"} == set(vendors.names()) - {"bad"}


async def _stuck(store: Store) -> bool:
    return (await store.members.stuck())[LANE] == 3


async def test_events_beyond_the_bound_wait_in_the_intake(redis: Any) -> None:
    """A long queue holds the intake for a reason that names it; with room it goes on."""
    store, vendors = Store(redis, 4), Vendors()
    vendors.answer = lambda *_: httpx.Response(401)
    config = configuration({"hook": hook(batched=True, delivery={"queue": {"events": 300}})})

    async def held() -> bool:
        hold = (await store.holds.all()).get(INTAKE)
        return hold is not None and hold.reason == "queue_full.hook"

    async with running(config, redis, vendors) as engine:
        await push(store, *(track(f"e{n}", f"u{n}") for n in range(ASKED)))
        await wait_until_async(held, within=20, what="the hold of the intake")
        await wait_until_async(lambda: not engine.facts()["intakes"], what="the intake let go")
        pending = (await store.ledger()).lanes[LANE].pending
        assert 300 <= pending <= 300 + 200
        assert ASKED - pending == await store.intake("stream", "events").length()
        vendors.answer = lambda *_: httpx.Response(200)
        await settled(store, delivered=ASKED, pending=0)
    assert {} == await store.holds.all()


async def test_a_queue_that_refuses_counts_what_it_loses(redis: Any) -> None:
    """Beyond the bound events are filtered for this destination; others get them all."""
    store, vendors = Store(redis, 4), Vendors()
    vendors.answer = lambda name, _: httpx.Response(401 if name == "hook" else 200)
    queue = {"events": 300, "full": "refuse"}
    config = configuration(
        {"hook": hook(batched=True, delivery={"queue": queue}), "well": hook(batched=True)}
    )
    async with running(config, redis, vendors):
        await push(store, *(track(f"e{n}", f"u{n}") for n in range(ASKED)))
        lane = "well:webhook"

        async def done() -> bool:
            return (await store.ledger()).lanes[lane].delivered == ASKED

        await wait_until_async(done, within=20, what="the other destination's events")
        ledger = await store.ledger()
        pending, lost = ledger.lanes[LANE].pending, ledger.lanes[LANE].filtered["queue_full"]
        assert 300 <= pending <= 300 + 200
        assert ASKED == pending + lost
        vendors.answer = lambda *_: httpx.Response(200)
        await settled(store, delivered=pending, pending=0)
        await push(store, track("later"))
        await settled(store, delivered=pending + 1)
