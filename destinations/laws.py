"""Laws: what every adapter keeps, however it delivers; `destinations.conformance` adds to them."""
# ruff: noqa: S101 - a law is an assertion

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, ClassVar

import httpx
import pytest

from destinations.contract import ALL_TYPES, Adapter
from destinations.outcome import Delivered, Outcome
from destinations.probes import (
    CANARY,
    again,
    filled_with,
    odd_payloads,
    secrets_of,
    undescribed,
)
from destinations.rehearsal import Vendor, a_delivery, carrying, drive, rehearse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from destinations.delivery import Delivery


class Laws:
    """The laws of every adapter, however it delivers."""

    waive: ClassVar[dict[str, str]] = {}
    """Laws that the vendor makes impossible, by name, with the reason."""

    @pytest.fixture
    def adapter(self) -> Adapter[Any]:
        """Return the adapter under test, with the least settings that it can have."""
        raise NotImplementedError("override the fixture `adapter`")

    @pytest.fixture(autouse=True)
    def _waived(self, request: pytest.FixtureRequest) -> None:
        law = str(request.function.__name__).removeprefix("test_")
        if law in self.waive:
            pytest.skip(f"waived: {self.waive[law]}")

    def samples(self, adapter: Adapter[Any]) -> list[Delivery]:
        """Return deliveries that the vendor would take: one of each accepted type."""
        return [a_delivery(kind, messageId=f"m-{kind}") for kind in sorted(adapter.accepts)]

    def answer(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002 - overriders use it
        """Answer as the vendor does when it is content."""
        return httpx.Response(200, json={})

    def test_waivers_name_laws(self) -> None:
        """Every waiver names a law and gives a reason."""
        for law, reason in self.waive.items():
            assert hasattr(self, f"test_{law}"), f"there is no law {law!r}"
            assert reason.strip(), f"the waiver of {law!r} gives no reason"

    def test_settings_are_described(self, adapter: Adapter[Any]) -> None:
        """Every setting is described, for the reference is made from it."""
        assert undescribed(type(adapter.settings)) == []

    def test_introduces_itself(self, adapter: Adapter[Any]) -> None:
        """Name, aliases, accepted types and batch limits make sense."""
        for name in (adapter.name, *adapter.aliases):
            assert name == name.strip() != ""
        assert frozenset() != adapter.accepts <= ALL_TYPES
        assert min(adapter.batch.events, adapter.batch.bytes) >= 1

    def test_samples_are_delivered(self, adapter: Adapter[Any]) -> None:
        """An ordinary event of each accepted type is delivered when the vendor is content."""
        outcomes = drive(adapter, self.samples(adapter), self.answer)
        assert set(outcomes.values()) == {Delivered()}

    def test_odd_events_are_borne(self, adapter: Adapter[Any]) -> None:
        """Whatever an event lacks or holds, it gets an outcome and raises nothing."""
        for payload in _odd(adapter):
            assert len(drive(adapter, [carrying(payload)], self.answer)) == 1

    def test_each_delivery_gets_one_outcome(self, adapter: Adapter[Any]) -> None:
        """Each delivery handed over gets an outcome, and nothing else does."""
        deliveries = many(self.samples(adapter), adapter.batch.events)
        outcomes = drive(adapter, deliveries, self.answer)
        assert set(outcomes) == set(deliveries)
        assert all(isinstance(outcome, Outcome) for outcome in outcomes.values())

    def test_payloads_are_left_alone(self, adapter: Adapter[Any]) -> None:
        """The payload, which others share, is afterwards as it was before."""
        for delivery in [*self.samples(adapter), *map(carrying, _odd(adapter))]:
            before = again(delivery).payload
            drive(adapter, [delivery], self.answer)
            assert delivery.payload == before

    def test_nothing_private_is_told(
        self, adapter: Adapter[Any], caplog: pytest.LogCaptureFixture
    ) -> None:
        """No secret and no value of an event reaches a log line, a repr or an outcome."""
        caplog.set_level(logging.DEBUG)
        told = [repr(adapter), repr(adapter.settings), str(adapter.settings)]
        for sample in self.samples(adapter):
            for status in (200, 400, 401, 403, 429, 500):
                vendor = Vendor(status, json={"error": CANARY, "message": [CANARY]})
                heard = rehearse(adapter, [filled_with(CANARY, sample)], vendor)
                told.append(repr(heard))
        text = "\n".join([*told, caplog.text])
        for private in (CANARY, *secrets_of(adapter.settings)):
            assert private not in text, "something private was told"


def _odd(adapter: Adapter[Any]) -> list[dict[str, Any]]:
    return [payload for kind in sorted(adapter.accepts) for payload in odd_payloads(kind)]


def many(samples: Sequence[Delivery], limit: int) -> list[Delivery]:
    """Return as many different deliveries as one call may carry, up to 300."""
    kinds = len(samples)
    return [again(samples[n % kinds], messageId=f"m-{n}") for n in range(min(limit, 300))]
