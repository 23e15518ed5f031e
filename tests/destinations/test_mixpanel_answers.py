"""What Mixpanel answers decides about each delivery on its own."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from destinations import (
    Call,
    Delivered,
    Delivery,
    Held,
    Outcome,
    Outcomes,
    Rejected,
    Retry,
    Throttled,
    Unknown,
)
from destinations.conformance import carrying, drive
from destinations.mixpanel import Mixpanel, MixpanelSettings
from destinations.mixpanel.answers import judge_answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from destinations.rehearsal import Answers

Json = dict[str, Any]

MIXPANEL = Mixpanel(MixpanelSettings.model_validate({"token": "t", "api_secret": "s"}))


def track(number: int, **more: Any) -> Delivery:
    """Make the delivery of a track event with this number in its id."""
    event = {"type": "track", "event": "E", "userId": "u", "messageId": f"m-{number}"}
    return carrying({**event, **more})


def identify(number: int, *, bad: bool) -> Delivery:
    """Make the delivery of an identify event that a vendor below takes, or does not."""
    traits = {"bad": bad}
    return carrying({"type": "identify", "userId": f"u-{number}", "traits": traits})


def deliver(deliveries: Sequence[Delivery], answer: Answers) -> Outcomes:
    """Drive an exchange against a vendor that answers like this."""
    return drive(MIXPANEL, deliveries, answer)


def saying(status: int, body: Any = None, **headers: str) -> Answers:
    """Return a vendor that always answers the same."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: httpx.Response(status, json=body, headers=named)


def failing(*records: Json, **more: Any) -> Answers:
    """Return a vendor that refuses these records of an import."""
    return saying(400, {"code": 400, "failed_records": list(records), **more})


WHOLE: list[tuple[Answers, Outcome]] = [
    (saying(200, {"code": 200, "num_records_imported": 1, "status": "OK"}), Delivered()),
    (saying(200, {"status": 1, "error": None}), Delivered()),
    (saying(200, 1), Delivered()),
    (lambda _: httpx.Response(200), Delivered()),
    (lambda _: httpx.Response(200, content=b"fine"), Delivered()),
    (saying(200, 0), Rejected("refused", 200)),
    (saying(200, {"status": 0, "error": "data, missing or empty"}), Rejected("refused", 200)),
    (saying(400, {"error": "no"}), Rejected("refused", 400)),
    (lambda _: httpx.Response(400, content=b"<html>"), Rejected("refused", 400)),
    (saying(401, {"error": "Invalid credentials"}), Held("http_401", 401)),
    (saying(403), Held("http_403", 403)),
    (saying(413, {"error": "request exceeds max limit"}), Rejected("too_large", 413)),
    (saying(429), Throttled(timedelta(seconds=7), "http_429")),
    (saying(429, retry_after="1"), Throttled(timedelta(seconds=7), "http_429")),
    (saying(429, retry_after="60"), Throttled(timedelta(seconds=60), "http_429")),
    (saying(500), Retry("http_500", 500)),
    (saying(502), Retry("http_502", 502)),
    (saying(503), Retry("http_503", 503)),
    (saying(404), Rejected("http_404", 404)),
]


@pytest.mark.parametrize(("answer", "expected"), WHOLE)
def test_an_answer_about_the_whole_call(answer: Answers, expected: Outcome) -> None:
    """An answer that names no record decides about the only delivery it is about."""
    one = track(1)

    assert {one: expected} == deliver([one], answer)


FIELDS = [
    ("properties.time", "invalid_time"),
    ("time", "invalid_time"),
    ("$insert_id", "invalid_insert_id"),
    ("properties.distinct_id", "invalid_distinct_id"),
    ("event", "invalid_event_name"),
    ("properties.jane.roe@example.com", "invalid_property"),
    (None, "invalid"),
]


@pytest.mark.parametrize(("field", "reason"), FIELDS)
def test_only_the_named_record_is_refused(field: str | None, reason: str) -> None:
    """A refused record is a dead letter with a code of ours; Mixpanel keeps the others."""
    before, bad, after = track(1), track(2), track(3)
    answer = failing({"index": 1, "insert_id": "m-2", "field": field, "message": "no"},
                     num_records_imported=2)  # fmt: skip

    assert {
        before: Delivered(),
        bad: Rejected(reason, 400),
        after: Delivered(),
    } == deliver([before, bad, after], answer)


def test_one_refused_item_refuses_its_delivery_alone() -> None:
    """An order with a product that Mixpanel refuses is rejected, its neighbours are not."""
    products = {"products": [{"sku": "a"}, {"sku": "b"}]}
    order = track(1, event="Order Completed", properties=products)
    other = track(2)
    answer = failing({"index": 2, "field": "properties.price"}, num_records_imported=3)

    assert {order: Rejected("invalid_property", 400), other: Delivered()} == deliver(
        [order, other], answer
    )


def test_an_import_that_counts_too_few_is_repeated() -> None:
    """Records that were neither refused nor counted are sent again: their ids make that safe."""
    bad, other = track(1), track(2)
    answer = failing({"index": 0, "field": "time"}, num_records_imported=0)

    assert {bad: Rejected("invalid_time", 400), other: Retry("not_imported", 400)} == deliver(
        [bad, other], answer
    )


@pytest.mark.parametrize(
    "records", [[{"index": 9}], [{"index": -1}], [{"index": True}], [{}], ["x"], {"index": 0}, 7]
)
def test_a_list_that_cannot_be_read_condemns_nobody_unheard(records: Any) -> None:
    """When the refused records cannot be told, each delivery is asked about alone."""
    asked: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(len(json.loads(request.content)))
        return httpx.Response(400 if asked[-1] > 1 else 200, json={"failed_records": records}
                              if asked[-1] > 1 else {})  # fmt: skip

    several = [track(number) for number in range(3)]

    assert dict.fromkeys(several, Delivered()) == deliver(several, answer)
    assert asked.count(1) == 3


@pytest.mark.parametrize("status", [200, 413])
def test_the_one_at_fault_is_found_by_halving(status: int) -> None:
    """A batch refused without naming anybody is halved until the one at fault stands alone."""
    several = [identify(number, bad=number == 137) for number in range(200)]
    sizes: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        updates = json.loads(request.content)
        sizes.append(len(updates))
        bad = any(update["$set"]["bad"] for update in updates)
        return httpx.Response(status if bad else 200, json={"status": 0 if bad else 1})

    outcomes = deliver(several, answer)

    assert {several[137]} == {d for d, o in outcomes.items() if isinstance(o, Rejected)}
    assert len(sizes) < 20


def test_an_order_too_large_alone_is_not_halved_for_ever() -> None:
    """A delivery of several items that is refused alone is rejected."""
    products = {"products": [{"sku": "a"}, {"sku": "b"}]}
    order = track(1, event="Order Completed", properties=products)

    assert {order: Rejected("too_large", 413)} == deliver([order], saying(413))


def test_the_worst_of_two_calls_counts() -> None:
    """An identify whose ids were taken and whose profile was not is not delivered."""
    event = {"type": "identify", "userId": "u", "anonymousId": "a", "traits": {"x": 1}}
    one = carrying(event)

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(500 if request.url.path == "/engage" else 200, json=1)

    assert {one: Retry("http_500", 500)} == deliver([one], answer)


def test_no_answer_is_unknown() -> None:
    """A connection that ends before the answer leaves the outcome unknown."""

    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("gone", request=request)

    one = track(1)

    assert {one: Unknown("read_error")} == deliver([one], answer)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 5) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["failed_records", "index", "field", "status", "num_records_imported", "code"]
            ),
            inner,
            max_size=4,
        )
    ),
)


@given(status=st.sampled_from([200, 400, 401, 413, 429, 503]), body=JSON, count=st.integers(1, 4))
def test_any_answer_gives_one_outcome_for_each(status: int, body: Any, count: int) -> None:
    """Whatever Mixpanel answers, each delivery gets one outcome and nothing is raised."""
    several = [track(number) for number in range(count)]

    assert set(several) == deliver(several, saying(status, body)).keys()


@given(content=st.binary(max_size=40), status=st.sampled_from([200, 400]))
def test_bytes_that_are_no_json_are_read_without_raising(content: bytes, status: int) -> None:
    """An answer that is no JSON is judged by its status."""
    one = track(1)
    request = httpx.Request("POST", "https://api.mixpanel.com/import")

    judge_answer(Call(request, [one]), httpx.Response(status, content=content))
