"""Our own network's failure is no destination's fault."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from destinations import Delivered, Held, Outcome, Rejected, Retry, Unknown
from router.engine.hold.network import MEMORY, Network
from router.observe.reasons import HoldReason

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


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([AWAY, Delivered()]))))
def test_only_what_was_not_reached_is_ours(history: list[tuple[str, Outcome]]) -> None:
    """Whatever happens, an answer keeps its own meaning."""
    network = Network()
    for now, (destination, outcome) in enumerate(history):
        judged = met(network, destination, outcome, now)
        assert judged == outcome or (outcome is AWAY and judged == OURS)
