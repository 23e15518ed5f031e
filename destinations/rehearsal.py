"""Rehearsal: drive an adapter without a network, with made-up deliveries and a made-up vendor.

For authors' tests; `destinations.conformance` is built on it. Needs no test framework.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx
import orjson

from destinations.contract import speaks_http
from destinations.delivery import Delivery

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from destinations.contract import Adapter, Call, Outcomes

Answers: TypeAlias = Callable[[httpx.Request], httpx.Response]

NOON = 1_785_585_600_000
"""When made-up deliveries are received and attempted: 2026-08-01 12:00 UTC, in milliseconds."""

_SPECIFIC: dict[str, dict[str, Any]] = {
    "track": {"event": "Order Completed", "properties": {"total": 12.5, "currency": "EUR"}},
    "identify": {"traits": {"email": "ada@example.com", "plan": "pro"}},
    "page": {"name": "Home", "properties": {"url": "https://shop.example/", "path": "/"}},
    "screen": {"name": "Home", "properties": {"variation": "blue"}},
    "group": {"groupId": "group-1", "traits": {"name": "Analytical Engines"}},
    "alias": {"previousId": "anonymous-1"},
}


class Vendor:
    """A vendor that always says the same, and remembers in `sent` what it was asked."""

    def __init__(
        self, status: int = 200, *, headers: Mapping[str, str] | None = None, json: Any = None
    ) -> None:
        self.sent: list[httpx.Request] = []
        self._answer = (status, dict(headers or {}), {} if json is None else json)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        self.sent.append(request)
        status, headers, value = self._answer
        return httpx.Response(status, headers=headers, json=value)


def a_delivery(type: str = "track", **fields: Any) -> Delivery:  # noqa: A002 - the spec's word
    """Return a delivery of an ordinary event of a type, with these fields instead or besides."""
    payload = {
        "type": type,
        "messageId": "message-1",
        "timestamp": "2026-08-01T12:00:00.000Z",
        "userId": "user-1",
        "anonymousId": "anonymous-1",
        "context": {"ip": "203.0.113.7", "library": {"name": "analytics.js", "version": "2.1"}},
        **_SPECIFIC.get(type, {}),
        **fields,
    }
    return carrying(payload)


def carrying(payload: Mapping[str, Any], *, attempt: int = 1) -> Delivery:
    """Return a delivery of exactly this payload, attempted for the so-many-th time."""
    return Delivery(
        body=orjson.dumps(payload),
        destination="rehearsal",
        message_id=str(payload.get("messageId", "message-1")),
        type=str(payload.get("type", "track")),
        received_at=NOON,
        attempt=attempt,
        attempted_at=NOON + (attempt - 1) * 60_000,
    )


@dataclass(frozen=True)
class Rehearsal:
    """What an adapter sent, and what it made of the answers."""

    calls: list[Call]
    outcomes: Outcomes


def drive(
    adapter: Adapter[Any], deliveries: Sequence[Delivery], vendor: Answers | None = None
) -> Outcomes:
    """Have an adapter deliver, and return its outcomes.

    `vendor` answers the requests, or raises an `httpx.TransportError`; without one all are
    answered with 200 and `{}`. An adapter with a `send` of its own needs none.
    """
    return rehearse(adapter, deliveries, vendor).outcomes


def rehearse(
    adapter: Adapter[Any], deliveries: Sequence[Delivery], vendor: Answers | None = None
) -> Rehearsal:
    """Have an adapter deliver, as `drive` does, and return its calls as well."""
    if not speaks_http(adapter):
        return Rehearsal([], asyncio.run(adapter.send(deliveries)))
    transport = httpx.MockTransport(vendor or Vendor())
    exchange = adapter.exchange(deliveries)
    calls: list[Call] = []
    try:
        calls.append(next(exchange))
        while True:
            try:
                response = transport.handle_request(calls[-1].request)
            except httpx.TransportError as error:
                calls.append(exchange.throw(error))
            else:
                response.request = calls[-1].request
                calls.append(exchange.send(response))
    except StopIteration as done:
        return Rehearsal(calls, done.value)
