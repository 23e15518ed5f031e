"""Conformance: the laws that every adapter keeps, as a test class that its author inherits.

    class TestSlack(AdapterContract):
        @pytest.fixture
        def adapter(self) -> Slack:
            return Slack(SlackSettings(hook="https://hooks.slack.test/T0/B0"))

`AdapterContract` is for adapters that speak HTTP, `SendContract` for those with a `send`. Override
`samples` when the vendor wants particular events, `answer` when its yes is more than a 200. A law
that the vendor makes impossible is waived by its name, with the reason: `waive = {"law": "why"}`.
"""
# ruff: noqa: S101 - a law is an assertion

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import httpx

from destinations.contract import Adapter, speaks_http
from destinations.laws import Laws, many
from destinations.outcome import Held, Outcome, Rejected, Retry, Throttled, Unknown
from destinations.probes import HOSTILE, again, filled_with
from destinations.rehearsal import Vendor, a_delivery, carrying, drive, rehearse

if TYPE_CHECKING:
    from destinations.contract import Call
    from destinations.delivery import Delivery
    from destinations.rehearsal import Answers

__all__ = ["AdapterContract", "SendContract", "Vendor", "a_delivery", "carrying", "drive",
           "rehearse"]  # fmt: skip


class SendContract(Laws):
    """The laws for an adapter that has a `send` of its own."""

    def test_sends_for_itself(self, adapter: Adapter[Any]) -> None:
        """The adapter has a `send`; one that speaks HTTP inherits `AdapterContract`."""
        assert not speaks_http(adapter)

    def test_closes_twice(self, adapter: Adapter[Any]) -> None:
        """Closing an adapter that is closed is harmless."""
        asyncio.run(adapter.close())
        asyncio.run(adapter.close())


class AdapterContract(Laws):
    """The laws for an adapter that speaks HTTP: most adapters inherit this."""

    per_attempt: ClassVar[frozenset[str]] = frozenset()
    """Headers that state the time of an attempt (a signature), in lower case."""

    def test_speaks_http(self, adapter: Adapter[Any]) -> None:
        """The engine does the sending; an adapter with a `send` inherits `SendContract`."""
        assert speaks_http(adapter)

    def test_same_deliveries_same_bytes(self, adapter: Adapter[Any]) -> None:
        """The same deliveries make the same requests, byte for byte, in whatever process."""
        samples = self.samples(adapter)
        twin = type(adapter)(adapter.settings)
        first, second = (
            [_bytes(call, frozenset()) for call in rehearse(each, copies, self.answer).calls]
            for each, copies in ((adapter, samples), (twin, [again(s) for s in samples]))
        )
        assert first == second

    def test_retry_repeats_the_request(self, adapter: Adapter[Any]) -> None:
        """A later attempt sends what the first sent, so that the vendor can tell a repetition."""
        for sample in self.samples(adapter):
            assert self._sent(adapter, sample) == self._sent(adapter, again(sample, attempt=2))

    def test_deliveries_are_told_apart(self, adapter: Adapter[Any]) -> None:
        """Two events that differ in nothing but their message id make different requests."""
        for sample in self.samples(adapter):
            other = again(sample, messageId="another-message")
            assert self._sent(adapter, sample) != self._sent(adapter, other)

    def test_calls_keep_limits_and_order(self, adapter: Adapter[Any]) -> None:
        """A call carries deliveries it was handed, in their order, no more than `batch` allows."""
        deliveries = many(self.samples(adapter), adapter.batch.events)
        place = {delivery: n for n, delivery in enumerate(deliveries)}
        for call in rehearse(adapter, deliveries, self.answer).calls:
            places = [place[delivery] for delivery in call.deliveries]
            assert places == sorted(places)
            assert len(set(places)) <= adapter.batch.events

    def test_no_event_chooses_the_host(self, adapter: Adapter[Any]) -> None:
        """Whatever an event says, its requests go to the hosts of the settings."""
        samples = self.samples(adapter)
        usual = {_host(call) for call in rehearse(adapter, samples, self.answer).calls}
        for text in HOSTILE:
            hostile = [filled_with(text, sample) for sample in samples]
            for call in rehearse(adapter, hostile, self.answer).calls:
                assert _host(call) in usual
                assert not any(b"\r" in v or b"\n" in v for _, v in call.request.headers.raw)

    def test_refusal_rejects(self, adapter: Adapter[Any]) -> None:
        """400 is the event's fault: rejected."""
        assert self._kinds(adapter, Vendor(400)) == {Rejected}

    def test_unauthorised_holds(self, adapter: Adapter[Any]) -> None:
        """401 is the operator's to mend: held."""
        assert self._kinds(adapter, Vendor(401)) == {Held}

    def test_gone_holds(self, adapter: Adapter[Any]) -> None:
        """410 says that nothing will ever be taken here: held."""
        assert self._kinds(adapter, Vendor(410)) == {Held}

    def test_retry_after_is_believed(self, adapter: Adapter[Any]) -> None:
        """429 with Retry-After throttles, for no less than the vendor asked."""
        vendor = Vendor(429, headers={"retry-after": "120"})
        for outcome in drive(adapter, self.samples(adapter), vendor).values():
            assert isinstance(outcome, Throttled)
            assert outcome.wait >= timedelta(seconds=120)

    def test_failure_retries(self, adapter: Adapter[Any]) -> None:
        """503 may pass: retried, or throttled when it says for how long."""
        assert self._kinds(adapter, Vendor(503)) == {Retry}
        patient = Vendor(503, headers={"retry-after": "120"})
        assert self._kinds(adapter, patient) <= {Retry, Throttled}

    def test_every_call_counts(self, adapter: Adapter[Any]) -> None:
        """503 to any one of several requests is the outcome of those that it carried."""
        samples = self.samples(adapter)
        for place, call in enumerate(rehearse(adapter, samples, self.answer).calls):
            outcomes = drive(adapter, samples, _failing_at(place, self.answer))
            assert {type(outcomes[delivery]) for delivery in call.deliveries} <= {Retry, Throttled}

    def test_no_connection_retries(self, adapter: Adapter[Any]) -> None:
        """A request that never left is retried."""
        assert self._kinds(adapter, _failing(httpx.ConnectError("refused"))) == {Retry}

    def test_no_answer_is_unknown(self, adapter: Adapter[Any]) -> None:
        """A request that left and got no answer may have arrived: unknown."""
        assert self._kinds(adapter, _failing(httpx.ReadTimeout("late"))) == {Unknown}

    def _kinds(self, adapter: Adapter[Any], vendor: Answers) -> set[type[Outcome]]:
        return {type(o) for o in drive(adapter, self.samples(adapter), vendor).values()}

    def _sent(self, adapter: Adapter[Any], delivery: Delivery) -> list[object]:
        calls = rehearse(adapter, [delivery], self.answer).calls
        return [_bytes(call, self.per_attempt) for call in calls]


def _bytes(call: Call, without: frozenset[str]) -> object:
    request = call.request
    headers = [(k, v) for k, v in request.headers.raw if k.decode().lower() not in without]
    return request.method, str(request.url), headers, request.read()


def _host(call: Call) -> tuple[str, str, int | None, str]:
    url = call.request.url
    return url.scheme, url.host, url.port, call.request.headers["host"]


def _failing_at(place: int, answer: Answers) -> Answers:
    """Return a vendor that fails at one request, counted from 0, and answers the others."""
    places = itertools.count()
    return lambda request: httpx.Response(503) if next(places) == place else answer(request)


def _failing(error: httpx.TransportError) -> Answers:
    def fail(request: httpx.Request) -> httpx.Response:
        error.request = request
        raise error

    return fail
