"""Webhook: plain JSON, one shape per setting, signed as Standard Webhooks describe."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from destinations import Delivered, Rejected
from destinations.conformance import AdapterContract, Vendor, a_delivery, carrying, drive
from destinations.rehearsal import NOON
from destinations.webhook import Webhook

KEY = b"0123456789abcdef01234567"
SECRET = "whsec_" + b64encode(KEY).decode()
URL = "https://hooks.test/in/secret-path?x=1"


def webhook(**settings: Any) -> Webhook:
    """Return a webhook with these settings."""
    return Webhook(Webhook.Settings.model_validate({"url": URL, **settings}))


def sent(adapter: Webhook, *deliveries: Any) -> list[httpx.Request]:
    """Return the requests that carry these deliveries."""
    vendor = Vendor()
    drive(adapter, deliveries, vendor)
    return vendor.sent


def signature(key: bytes, request: httpx.Request) -> str:
    """Sign a request as its receiver would, by the letter of Standard Webhooks."""
    stamp = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}."
    digest = hmac.new(key, stamp.encode() + request.content, hashlib.sha256).digest()
    return "v1," + b64encode(digest).decode()


class TestWebhook(AdapterContract):
    """A webhook with the least settings keeps the contract."""

    per_attempt = frozenset({"webhook-timestamp"})

    @pytest.fixture
    def adapter(self) -> Webhook:
        """Return a webhook that knows a URL and no more."""
        return webhook()


class TestSignedArray(AdapterContract):
    """A webhook with every setting keeps the contract."""

    per_attempt = frozenset({"webhook-timestamp", "webhook-signature"})

    @pytest.fixture
    def adapter(self) -> Webhook:
        """Return a signed webhook that posts arrays."""
        headers = {"Authorization": "Bearer token-of-mine"}
        return webhook(format="array", secret=[SECRET, "a raw secret"], headers=headers)


def test_an_event_is_posted_as_it_is() -> None:
    """The body is the delivery's own bytes, with their length and the headers of the settings."""
    delivery = a_delivery()
    (request,) = sent(webhook(headers={"X-Team": "shop"}), delivery)

    assert (request.method, str(request.url)) == ("POST", URL)
    assert request.content == delivery.body
    assert request.headers["content-length"] == str(len(delivery.body))
    assert request.headers["content-type"] == "application/json"
    assert request.headers["x-team"] == "shop"
    assert request.headers["webhook-id"] == delivery.idempotency_key


def test_by_default_each_event_has_a_request() -> None:
    """Without a format, however many deliveries come, each is posted alone."""
    deliveries = [a_delivery(messageId=str(n)) for n in range(3)]
    assert [r.content for r in sent(webhook(), *deliveries)] == [d.body for d in deliveries]
    assert webhook().batch.events == 1


@pytest.mark.parametrize("count", [1, 3])
def test_array_is_always_an_array(count: int) -> None:
    """A receiver of arrays gets an array of one event too."""
    deliveries = [a_delivery(messageId=str(n)) for n in range(count)]
    (request,) = sent(webhook(format="array"), *deliveries)
    assert json.loads(request.content) == [d.payload for d in deliveries]


def test_lines_are_json_lines() -> None:
    """A receiver of lines gets an event on each, and the type that says so."""
    deliveries = [a_delivery(messageId=str(n)) for n in range(2)]
    (request,) = sent(webhook(format="lines"), *deliveries)
    assert [json.loads(line) for line in request.content.splitlines()] == [
        d.payload for d in deliveries
    ]
    assert request.headers["content-type"] == "application/x-ndjson"


def test_nothing_is_posted_for_nothing() -> None:
    """No deliveries, no request: no empty array either."""
    assert sent(webhook(format="array")) == []


def test_a_batch_has_a_key_of_its_own() -> None:
    """The same events in the same order have the same webhook-id, any other batch another."""
    a, b = a_delivery(messageId="a"), a_delivery(messageId="b")
    ids = [sent(webhook(format="array"), *batch)[0].headers["webhook-id"]
           for batch in ((a, b), (a, b), (b, a), (a,))]  # fmt: skip
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_signing_is_the_standards() -> None:
    """What these tests hold signatures against is the standard's own example."""
    stamps = {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330"}
    request = httpx.Request("POST", URL, content=b'{"test": 2432232314}', headers=stamps)
    key = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    assert signature(key, request) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_every_secret_signs() -> None:
    """While a secret is replaced both sign, so that a receiver may know either."""
    (request,) = sent(webhook(secret=[SECRET, "a raw secret"]), a_delivery())
    signatures = request.headers["webhook-signature"].split(" ")
    assert signatures == [signature(KEY, request), signature(b"a raw secret", request)]


def test_without_a_secret_nothing_is_signed() -> None:
    """An unsigned webhook pretends to nothing."""
    assert "webhook-signature" not in sent(webhook(), a_delivery())[0].headers


def test_the_time_is_the_attempts() -> None:
    """The signed time is that of the attempt, so that a receiver may refuse old requests."""
    first, second = (
        sent(webhook(secret=SECRET), carrying({"messageId": "m"}, attempt=n))[0] for n in (1, 2)
    )
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] == str(NOON // 1000)
    assert second.headers["webhook-timestamp"] == str(NOON // 1000 + 60)
    assert second.headers["webhook-signature"] == signature(KEY, second)


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_refused_batch_is_halved(status: int) -> None:
    """One event that a receiver refuses does not take its neighbours with it."""
    deliveries = [a_delivery(messageId=str(n), event=f"event-{n}") for n in range(8)]

    def receiver(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status if b"event-5" in request.content else 200)

    outcomes = drive(webhook(format="array"), deliveries, receiver)

    bad = Rejected(f"http_{status}", status)
    assert list(map(outcomes.get, deliveries)) == [*[Delivered()] * 5, bad, *[Delivered()] * 2]


def test_a_batch_that_is_not_found_is_not_halved() -> None:
    """An answer that no single event can have caused is believed at once."""
    vendor = Vendor(404)
    drive(webhook(format="array"), [a_delivery(messageId=str(n)) for n in range(8)], vendor)
    assert len(vendor.sent) == 1


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"url": "hooks.test/token-1"}, "https://"),
        ({"url": "https://user:token-1@hooks.test/"}, "password"),
        ({"secret": "whsec_token-1!"}, "base64"),
        ({"secret": "whsk_token-1"}, "whsec_"),
        ({"secret": ["fine", ""]}, "empty"),
        ({"secret": "whsec_"}, "empty"),
        ({"headers": {"X-Key": "token-1\nX: y"}}, "cannot be sent"),
        ({"headers": {"Host": "token-1"}}, "not yours"),
        ({"headers": {"Webhook-Id": "token-1"}}, "not yours"),
        ({"format": "xml"}, "array"),
        ({"uri": URL}, "uri"),
    ],
)
def test_wrong_settings_are_refused(settings: dict[str, Any], word: str) -> None:
    """A setting that could not work is refused with a sentence that repeats no secret."""
    with pytest.raises(ValidationError, match=word) as refusal:
        webhook(**settings)
    assert "token-1" not in str(refusal.value)
