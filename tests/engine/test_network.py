"""Our own network's failure is no destination's fault."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from destinations import Delivered, Held, Outcome, Rejected, Retry, Unknown
from router.engine.hold.holding import Holding
from router.engine.hold.network import MEMORY, Network
from router.engine.hold.standing import DOWN, held
from router.observe.reasons import HoldReason
from router.store.store import Store

AWAY = Retry("connect_error")
OURS = Held(HoldReason.NETWORK)


def met(network: Network, destination: str, outcome: Outcome, now: float) -> Outcome:
    """Return what an attempt's only outcome is taken for."""
    return network.judged(destination, {"m": outcome}, now)["m"]


def test_one_destination_away_is_its_own_fault() -> None:
    """As long as nobody else is away, a vendor that cannot be reached is down for itself."""
    network = Network()
    assert [AWAY] * 20 == [met(network, "a", AWAY, now) for now in range(20)]


def test_several_away_and_none_reached_is_ours() -> None:
    """From the second destination on that cannot be reached, none is charged."""
    network = Network()
    assert AWAY == met(network, "a", AWAY, 1)
    assert OURS == met(network, "b", AWAY, 2)
    assert OURS == met(network, "a", AWAY, 3)


def test_any_answer_says_that_the_network_works() -> None:
    """An answer, even a refusal or a broken one, ends the suspicion."""
    for answer in (
        Delivered(), Rejected("http_400", 400), Retry("http_503", 503), Unknown("read_error"),
    ):  # fmt: skip
        network = Network()
        met(network, "a", AWAY, 1)
        met(network, "b", AWAY, 2)
        assert answer == met(network, "c", answer, 3)
        assert AWAY == met(network, "a", AWAY, 4)


@pytest.mark.parametrize("reason", ["tls_error", "tls_timeout"])
def test_who_speaks_no_tls_says_nothing(reason: str) -> None:
    """A host that was connected to is ill itself; whether others can be reached it does not say."""
    network, ill = Network(), Retry(reason)
    met(network, "a", AWAY, 1)
    assert ill == met(network, "b", ill, 2)
    assert OURS == met(network, "c", AWAY, 3)
    assert ill == met(network, "b", ill, 4)


@pytest.mark.parametrize("own", [Rejected("no_id"), Held("egress")])
def test_what_nobody_answered_says_nothing(own: Outcome) -> None:
    """An adapter's own refusal, alone or beside what was not reached, proves no network."""
    network = Network()
    met(network, "a", AWAY, 1)
    assert own == met(network, "c", own, 2)
    assert {"m": OURS, "own": own} == network.judged("b", {"m": AWAY, "own": own}, 3)


def test_what_was_long_ago_says_nothing() -> None:
    """Two destinations that were away at different times are two outages."""
    network = Network()
    met(network, "a", AWAY, 1)
    assert AWAY == met(network, "b", AWAY, 2 + MEMORY)


def test_who_reached_nobody_does_not_contradict() -> None:
    """A process that knows nothing of others says of a hold what was said before."""
    newcomer = Network()
    assert {"m": OURS} == newcomer.judged("a", {"m": AWAY}, 1, ours=True)
    met(newcomer, "b", Delivered(), 2)
    assert {"m": AWAY} == newcomer.judged("a", {"m": AWAY}, 3, ours=True)
    assert {"m": OURS} == newcomer.judged("a", {"m": AWAY}, 3 + MEMORY, ours=True)


def test_what_was_found_its_own_fault_stays_so() -> None:
    """Where somebody found that the network works, several unreached change nothing of it."""
    network = Network()
    met(network, "a", AWAY, 1)
    assert {"m": AWAY} == network.judged("b", {"m": AWAY}, 2, ours=False)
    assert {"m": OURS} == network.judged("b", {"m": AWAY}, 3)


class Worker:
    """One of several processes that probe the same destination."""

    def __init__(self, redis: Any, name: str) -> None:
        self.holding = Holding("y", Store(redis, 4).holds, name)
        self.network = Network()

    async def fail(self, now: float) -> str:
        """Probe in vain; returns the reason that stands in the store then."""
        holds, before = self.holding._holds, self.holding.hold
        [outcome] = self.network.judged("y", {"m": AWAY}, now, ours=self.holding.ours).values()
        reason = outcome.reason if isinstance(outcome, Held) else DOWN
        hold = self.holding.begin(held(before, reason, int(now * 1000)), before)
        if hold is not None:
            await self.holding.write(hold, before)
        return (await holds.all())["y"].reason

    async def look(self) -> None:
        """See what stands in the store."""
        found = (await self.holding._holds.all()).get("y")
        self.holding.see(found, 0, asked_at=time.monotonic())


@pytest.mark.parametrize("first", [0, 1])
async def test_workers_that_know_different_things_come_to_one_reason(
    redis: Any, first: int
) -> None:
    """Whoever probes, the reason changes at most twice: one worker reached others, one did not."""
    workers = Worker(redis, "one"), Worker(redis, "two")
    reasons = []
    for now in range(20):
        lonely, busy = workers
        met(lonely.network, "x", AWAY, now)
        met(busy.network, "z", Delivered(), now)
        reasons.append(await workers[(now + first) % 2].fail(now))
        for worker in workers:
            await worker.look()

    changes = [after for before, after in pairwise(reasons) if before != after]
    assert len(changes) <= 2
    assert [DOWN] * 10 == reasons[10:]


async def test_of_two_that_begin_to_hold_the_first_says_why(redis: Any) -> None:
    """Workers that did not see each other's hold write one, and it does not change."""
    one, two = Worker(redis, "one"), Worker(redis, "two")
    met(one.network, "x", AWAY, 1)
    assert "network" == await one.fail(2)
    assert "network" == await two.fail(2)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([AWAY, Delivered()]))))
def test_only_what_was_not_reached_is_ours(history: list[tuple[str, Outcome]]) -> None:
    """Whatever happens, an answer keeps its own meaning."""
    network = Network()
    for now, (destination, outcome) in enumerate(history):
        judged = met(network, destination, outcome, now)
        assert judged == outcome or (outcome is AWAY and judged == OURS)
