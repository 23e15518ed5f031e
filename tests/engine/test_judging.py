"""What one attempt means for its deliveries and its destination: a probe burns nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

import httpx
import pytest

from destinations import Delivered, Outcome, Rejected, Retry, Throttled, Unknown
from router.engine.deliver.attempt import Attempt, Attempter, Homed
from router.engine.deliver.turn import Item
from router.engine.hold.capacity import Capacity
from router.engine.hold.learning import Learner
from router.engine.hold.standing import DOWN, SLOW, Standing
from router.engine.judge.judging import judge_attempt, judge_destination
from router.engine.judge.settlement import Bury, Decision, Done, Moment, Patience, Stay
from router.store.holds import Hold
from router.store.store import Store
from tests.engine.stage import Vendors, configuration, hook, push, running, track
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from typing import Any

    from router.engine.deliver.home import Home

NOW = Moment(1_000_000, 0)
PATIENCE = Patience(1, timedelta(0))


def one(outcome: Outcome, seconds: float = 0.1) -> tuple[Attempt, Homed]:
    """Return an attempt of one delivery, and that delivery."""
    item = Item(cast("Home", None), b"1-0", b"ann", b"raw")
    return Attempt([item], {item: outcome}, seconds=seconds), item


def probed(reason: str) -> Hold:
    """Return a hold that is probed."""
    return Hold("held", reason, 0, 1)


@pytest.mark.parametrize(
    ("outcome", "probing", "decision"),
    [
        (Rejected("http_404", 404), probed("http_404"), Stay("http_404", None)),
        (Rejected("http_403", 403), probed("http_404"), Stay("http_404", None)),
        (Rejected("http_404", 404), probed("slow"), Bury),
        (Rejected("http_404", 404), None, Bury),
        (Rejected("http_400", 400), probed("http_404"), Bury),
        (Retry("http_503", 503), probed("http_404"), Stay(DOWN, None)),
        (Retry("http_503", 503), None, Bury),
        (Delivered(), probed("http_404"), Done()),
    ],
)
def test_a_probe_burns_nothing(
    outcome: Outcome, probing: Hold | None, decision: Decision | type[Bury]
) -> None:
    """What fails, or is refused as before, stays where it is for as long as it is a probe."""
    attempt, item = one(outcome)
    found = judge_attempt(attempt, PATIENCE, NOW, probing=probing)[item]

    assert decision == found or (decision is Bury and isinstance(found, Bury))


@pytest.mark.parametrize(("seconds", "reason"), [(9.0, SLOW), (7.0, None)])
def test_slowness_ends_with_a_quick_answer(seconds: float, reason: str | None) -> None:
    """A destination that is held for slowness is let go when a probe comes back in time."""
    attempt, item = one(Delivered(), seconds)
    before, standing = probed(SLOW), Standing(slow_after=8.0)
    hold = judge_destination(attempt, {item: Done()}, standing, before, NOW.now_ms)

    assert reason == (hold and hold.reason)


@pytest.mark.parametrize(
    ("outcome", "limit"),
    [
        (Delivered(), 2), (Rejected("http_400", 400), 2),
        (Retry("http_503", 503), 1), (Unknown("read_timeout"), 1),
        (Throttled(timedelta(seconds=1), "http_429"), 1),
    ],
)  # fmt: skip
async def test_what_counts_as_a_refusal(outcome: Outcome, limit: int) -> None:
    """Throttled, failed and unanswered requests say that fewer are borne; other answers do not."""

    class Attempts:
        """Every attempt comes to the same."""

        async def attempt(self, _: list[Homed]) -> Attempt:
            return one(outcome)[0]

    capacity = Capacity(100)
    learner = Learner("hook", cast("Attempter", Attempts()), capacity=capacity)
    for _ in range(20):
        await learner.attempt([], 1)

    assert limit == capacity.limit


async def test_two_that_cannot_be_reached_are_held_for_our_network(redis: Any) -> None:
    """Where no destination can be reached, both are held, and nothing is charged to them."""
    store, vendors = Store(redis, 4), Vendors()

    def away(_: str, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("", request=request)

    async def reasons() -> set[str]:
        return {hold.reason for hold in (await store.holds.all()).values()}

    vendors.answer = away
    config = configuration({"hook": hook(), "other": hook()})
    async with running(config, redis, vendors):
        await push(store, track("One"))

        async def both() -> bool:
            return await reasons() == {"network"} and len(await store.holds.all()) == 2

        await wait_until_async(both, within=20, what="two holds")
