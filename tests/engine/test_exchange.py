"""One attempt of an adapter: whatever its author did wrong, only its own deliveries suffer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from destinations import Adapter, Delivered, Delivery, Held, Rejected, Retry, Settings, Unknown
from destinations.contract import Call, Exchange, Judgement, Outcomes
from router.engine.deliver.exchange import NotStarted, attempt
from router.engine.out.egress import EgressRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def delivery(name: str) -> Delivery:
    """Return a delivery with an id."""
    return Delivery(body=b"{}", destination="hook", message_id=name, type="track")


GOOD, BAD, ALSO = delivery("good"), delivery("bad"), delivery("also")


class Line(Adapter[Settings]):
    """One request for all deliveries; subclasses go wrong."""

    def requests(self, deliveries: Sequence[Delivery]) -> Iterable[Call]:
        """Send all at once."""
        yield Call(httpx.Request("POST", "https://vendor.test/"), tuple(deliveries))


class RaisesInRequests(Line):
    """Cannot stand the bad one."""

    def requests(self, deliveries: Sequence[Delivery]) -> Iterable[Call]:
        """Raise for the bad one."""
        if BAD in deliveries:
            raise KeyError("secret value")
        return super().requests(deliveries)


class RaisesInJudge(Line):
    """Cannot read the answer for the bad one."""

    def judge(self, call: Call, response: httpx.Response) -> Judgement:
        """Raise for the bad one."""
        if BAD in call.deliveries:
            raise ValueError(response.text)
        return None


class Exits(Line):
    """Uses a vendor's library that ends the process."""

    def requests(self, deliveries: Sequence[Delivery]) -> Iterable[Call]:
        """Exit for the bad one."""
        if BAD in deliveries:
            raise SystemExit(3)
        return super().requests(deliveries)


class RaisesMidway(Line):
    """Falls over between two requests."""

    def exchange(self, deliveries: Sequence[Delivery]) -> Exchange:
        """Raise after the first answer."""
        yield Call(httpx.Request("GET", "https://vendor.test/"), tuple(deliveries))
        if BAD in deliveries:
            raise ZeroDivisionError
        return dict.fromkeys(deliveries, Delivered())


class ReturnsNothing(Line):
    """Forgets its return."""

    def exchange(self, deliveries: Sequence[Delivery]) -> Any:
        """Return None."""
        yield Call(httpx.Request("GET", "https://vendor.test/"), tuple(deliveries))


class ReturnsStrangers(Line):
    """Returns deliveries that nobody gave it, and an outcome that is none."""

    def exchange(self, deliveries: Sequence[Delivery]) -> Any:
        """Return what it should not."""
        yield Call(httpx.Request("GET", "https://vendor.test/"), tuple(deliveries))
        return {delivery("stranger"): Delivered(), GOOD: Delivered(), BAD: True}


class YieldsRubbish(Line):
    """Yields something that is no call."""

    def exchange(self, deliveries: Sequence[Delivery]) -> Any:
        """Yield the deliveries themselves."""
        yield deliveries


class Sends(Adapter[Settings]):
    """Does its work itself."""

    def __init__(self, outcome: Any = None) -> None:
        super().__init__(Settings())
        self.outcome = outcome

    async def send(self, deliveries: Sequence[Delivery]) -> Outcomes:
        """Hang, or return what the test says."""
        if self.outcome is None:
            await asyncio.Event().wait()
        return dict.fromkeys(deliveries, self.outcome)


async def ok(_: httpx.Request, __: int) -> httpx.Response:
    """Answer 200 to everything."""
    return httpx.Response(200)


@pytest.mark.parametrize("adapter", [RaisesInRequests, RaisesInJudge, RaisesMidway, Exits])
async def test_a_bad_one_dies_alone(adapter: type[Line]) -> None:
    """Whichever part of an adapter raises, the batch's other deliveries arrive."""
    outcomes = await attempt(adapter(Settings()), [GOOD, BAD, ALSO], ok, 1.0)

    assert (Delivered(), Delivered()) == (outcomes[GOOD], outcomes[ALSO])
    bad = outcomes[BAD]
    assert isinstance(bad, Rejected)
    assert bad.reason.startswith("adapter_error.")


@pytest.mark.parametrize("adapter", [ReturnsNothing, YieldsRubbish])
async def test_an_adapter_that_makes_no_sense_is_contained(adapter: type[Line]) -> None:
    """An adapter that breaks the contract gets its deliveries rejected, one by one."""
    outcomes = await attempt(adapter(Settings()), [GOOD, BAD], ok, 1.0)

    assert {GOOD, BAD} == outcomes.keys()
    assert all(isinstance(outcome, Rejected) for outcome in outcomes.values())


async def test_only_outcomes_of_ones_own_count() -> None:
    """Outcomes of strangers are left out, what is no outcome is a rejection."""
    outcomes = await attempt(ReturnsStrangers(Settings()), [GOOD, BAD, ALSO], ok, 1.0)

    assert [GOOD, BAD, ALSO] == list(outcomes)
    assert Delivered() == outcomes[GOOD]
    assert isinstance(outcomes[BAD], Rejected)
    assert Rejected("not_carried") == outcomes[ALSO]


async def test_a_send_without_end_is_unknown() -> None:
    """A `send` that takes too long is cancelled; nobody knows whether it arrived."""
    assert {GOOD: Unknown("timeout")} == await attempt(Sends(), [GOOD], ok, 0.01)


async def test_a_send_says_what_came_of_it() -> None:
    """The outcomes of a `send` are taken as they are."""
    assert {GOOD: Retry("busy")} == await attempt(Sends(Retry("busy")), [GOOD], ok, 1.0)


async def test_a_refused_address_holds_the_destination() -> None:
    """When no address may be connected to, nothing is burned: the settings are wrong."""

    async def refused(_: httpx.Request, __: int) -> httpx.Response:
        raise EgressRefused("egress_private_address")

    outcomes = await attempt(Line(Settings()), [GOOD, BAD], refused, 1.0)

    assert {GOOD: Held("egress_private_address"), BAD: Held("egress_private_address")} == outcomes


async def test_what_was_not_started_is_nobodys_outcome() -> None:
    """A request that could not start says so to the caller."""

    async def late(_: httpx.Request, __: int) -> httpx.Response:
        raise NotStarted("rate")

    with pytest.raises(NotStarted):
        await attempt(Line(Settings()), [GOOD], late, 1.0)


async def test_isolation_keeps_what_it_has_achieved() -> None:
    """When the rate runs out while a batch is tried one by one, what arrived has arrived."""
    sent: list[httpx.Request] = []

    async def once(request: httpx.Request, _: int) -> httpx.Response:
        if sent:
            raise NotStarted("rate")
        sent.append(request)
        return httpx.Response(200)

    assert {GOOD: Delivered()} == await attempt(
        RaisesInRequests(Settings()), [GOOD, ALSO, BAD], once, 1.0
    )


async def test_no_value_reaches_reason_or_log(caplog: pytest.LogCaptureFixture) -> None:
    """What an adapter's exception says stays with it: reasons and logs name its type alone."""
    outcomes = await attempt(RaisesInRequests(Settings()), [BAD], ok, 1.0)

    assert {BAD: Rejected("adapter_error.keyerror")} == outcomes
    assert "secret value" not in caplog.text
