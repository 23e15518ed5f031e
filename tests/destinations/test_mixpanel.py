"""The Mixpanel adapter: settings, ids, names, limits, and events that are nonsense."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from destinations import Call, Delivered, Delivery, Judged, Outcome, Rejected
from destinations.mixpanel import Mixpanel, MixpanelSettings, browsers, load
from destinations.mixpanel.ids import insert_id

Json = dict[str, Any]
ACCOUNT = {"username": "robot", "password": "pass", "project_id": 7}


def adapter(**settings: Any) -> Mixpanel:
    """Make the adapter with these settings and a token."""
    return Mixpanel(MixpanelSettings.model_validate({"token": "t", **settings}))


def delivery(event: Json, message_id: str = "m-1", **more: Any) -> Delivery:
    """Make the delivery of an event."""
    return Delivery(body=orjson.dumps(event), destination="mp", message_id=message_id,
                    type=event["type"], **more)  # fmt: skip


def made(event: Json, **settings: Any) -> list[Call | Judged]:
    """Return what the adapter makes of one event."""
    return list(adapter(**settings).requests([delivery(event)]))


def properties(event: Json, **settings: Any) -> Json:
    """Return the properties of the first item that an event makes."""
    found: Json = items(made(event, **settings)[0])[0]["properties"]
    return found


def items(call: Call | Judged) -> list[Any]:
    """Return the items that a call carries."""
    assert isinstance(call, Call)
    found: list[Any] = json.loads(call.request.content)
    return found


def track(**more: Any) -> Json:
    """Return a track event by a user."""
    return {"type": "track", "event": "E", "userId": "u", **more}


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        ({}, "https://api.mixpanel.com/import?strict=1"),
        ({"region": "eu"}, "https://api-eu.mixpanel.com/import?strict=1"),
        ({"region": "in"}, "https://api-in.mixpanel.com/import?strict=1"),
        ({"endpoint": "http://127.0.0.1:9/mp/"}, "http://127.0.0.1:9/mp/import?strict=1"),
        ({"service_account": ACCOUNT}, "https://api.mixpanel.com/import?strict=1&project_id=7"),
    ],
)
def test_the_settings_choose_the_address(settings: Json, url: str) -> None:
    """Events go to the region's host, or to another address that the operator names."""
    (call,) = made(track(), **settings)

    assert isinstance(call, Call)
    assert url == str(call.request.url)


@pytest.mark.parametrize(
    ("settings", "pair"),
    [
        ({}, "t:"),
        ({"api_secret": "s"}, "s:"),
        ({"api_secret": "s", "service_account": ACCOUNT}, "robot:pass"),
    ],
)
def test_the_best_credential_signs(settings: Json, pair: str) -> None:
    """A service account signs before a project secret, and that before the token."""
    (call,) = made(track(), **settings)

    assert isinstance(call, Call)
    expected = f"Basic {b64encode(pair.encode()).decode()}"
    assert expected == call.request.headers["authorization"]


@pytest.mark.parametrize(
    "wrong",
    [{"region": "mars"}, {"endpoint": "nowhere"}, {"endpoint": "https://x.test/?a=1"}, {"tok": 1}],
)
def test_settings_that_cannot_work_are_refused(wrong: Json) -> None:
    """An unknown region, an address that is no URL and an unknown word stop at the start."""
    with pytest.raises(ValidationError):
        adapter(**wrong)


def test_no_secret_is_shown() -> None:
    """Neither the adapter's nor its settings' repr shows a token, secret or password."""
    mixpanel = adapter(token="TOK", api_secret="SEC", service_account=ACCOUNT)
    shown = repr(mixpanel) + repr(mixpanel.settings)

    assert not [secret for secret in ("TOK", "SEC", "pass'") if secret in shown]


@pytest.mark.parametrize(
    ("event", "outcome"),
    [
        ({"type": "track", "event": "E"}, Rejected("no_identity")),
        ({"type": "track", "event": "E", "userId": "", "anonymousId": None},
         Rejected("no_identity")),
        ({"type": "track", "event": "E", "userId": {"id": 1}}, Rejected("no_identity")),
        ({"type": "track", "userId": "u"}, Rejected("no_event_name")),
        ({"type": "identify", "traits": {"a": 1}}, Rejected("no_identity")),
        ({"type": "identify", "userId": "u"}, Delivered()),
        ({"type": "group", "userId": "u", "traits": {"a": 1}}, Rejected("no_group")),
        ({"type": "group", "groupId": "g"}, Delivered()),
        ({"type": "alias", "userId": "u"}, Rejected("no_identity")),
        ({"type": "alias", "previousId": "p"}, Rejected("no_identity")),
    ],
)  # fmt: skip
def test_what_needs_no_request(event: Json, outcome: Outcome) -> None:
    """An event that Mixpanel could not place is rejected; one that says nothing is delivered."""
    (judged,) = made(event)

    assert isinstance(judged, Judged)
    assert outcome == judged.outcome


def test_a_number_is_an_id() -> None:
    """A user id that is a whole number is sent as text."""
    assert properties(track(userId=42))["distinct_id"] == "42"


@pytest.mark.parametrize(
    ("alias", "path", "item"),
    [
        ("create_alias", "/track", {"event": "$create_alias", "properties": {
            "distinct_id": "old", "alias": "new", "token": "t"}}),
        ("merge", "/import", {"event": "$merge", "properties": {
            "$distinct_ids": ["old", "new"], "token": "t"}}),
    ],
)  # fmt: skip
def test_an_alias_becomes_what_the_operator_chose(alias: str, path: str, item: Json) -> None:
    """An alias is a `$create_alias`, or a `$merge` when the operator wants that."""
    (call,) = made({"type": "alias", "previousId": "old", "userId": "new"}, alias=alias)

    assert isinstance(call, Call)
    assert path == call.request.url.path
    assert [item] == items(call)


def test_a_trait_may_name_the_group() -> None:
    """A trait called like the group key counts more than the group id."""
    group = {"type": "group", "groupId": "g", "traits": {"company": "Initech"}}
    (call,) = made(group, group_key="company")

    assert [("company", "Initech")] == [(i["$group_key"], i["$group_id"]) for i in items(call)]


def test_the_source_has_a_name() -> None:
    """A configured source name goes with each event."""
    assert properties(track(), source_name="web")["segment_source_name"] == "web"


def test_purchases_can_be_left_out() -> None:
    """Without `purchases` an order is one event."""
    order = track(event="Order Completed", properties={"products": [{"sku": "a"}]})

    assert len(items(made(order)[0])) == 2
    assert len(items(made(order, purchases=False)[0])) == 1


@pytest.mark.parametrize(
    ("timestamp", "time"),
    [
        ("2026-01-15T11:59:58.250Z", 1768478398250),
        ("2026-01-15T11:59:58.250999+00:00", 1768478398250),
        ("2026-01-15T12:59:58.250+01:00", 1768478398250),
        ("2026-01-15T11:59:58.250", 1768478398250),
        ("0001-01-01T00:00:00+23:59", -62135683140000),
        ("9999-12-31T23:59:59-23:59", 253402387139000),
        ("yesterday", 7),
        (None, 7),
        (1768478398, 7),
    ],
)
def test_time_is_in_milliseconds(timestamp: Any, time: int) -> None:
    """Time is whole milliseconds, UTC unless said; without a readable one, when it came in."""
    one = delivery(track(timestamp=timestamp), received_at=7)
    (call,) = adapter().requests([one])

    assert time == items(call)[0]["properties"]["time"]


@given(moment=st.datetimes(timezones=st.just(UTC)))
def test_any_moment_is_exact(moment: datetime) -> None:
    """No rounding of a float ever shifts a moment to another millisecond."""
    time = properties(track(timestamp=moment.isoformat()))["time"]

    assert time // 1000 == (moment.replace(microsecond=0) - datetime(1970, 1, 1, tzinfo=UTC)
                            ).total_seconds()  # fmt: skip
    assert time % 1000 == moment.microsecond // 1000


@pytest.mark.parametrize("legal", ["a", "0f8fad5b-d9cb-469f-a165-70867728950e", "A-1"])
def test_a_legal_id_is_kept(legal: str) -> None:
    """A message id that Mixpanel takes stays as it is, so that Segment's own events match."""
    assert legal == insert_id(legal)


@given(st.text())
def test_every_id_becomes_legal(text: str) -> None:
    """Any message id becomes at most 36 letters, digits and dashes, always the same ones."""
    found = insert_id(text)

    assert 0 < len(found) <= 36
    assert found.isascii()
    assert found.replace("-", "x").isalnum()
    assert found == insert_id(text)


@pytest.mark.parametrize("illegal", ["", "a:b", "é", "x" * 37, "0", "anonymous", "NULL", "a\n"])
def test_an_illegal_id_is_hashed(illegal: str) -> None:
    """An empty, long, odd or placeholder message id becomes a hash."""
    assert illegal != insert_id(illegal)
    assert len(insert_id(illegal)) == 32


def test_products_of_a_uuid_have_legal_ids() -> None:
    """A product's id is legal even when the message id has all 36 letters, and each differs."""
    order = track(event="Order Completed", properties={"products": [{}, {}, "no", {}]})
    one = delivery(order, "0f8fad5b-d9cb-469f-a165-70867728950e")
    (call,) = adapter().requests([one])
    ids = [item["properties"]["$insert_id"] for item in items(call)]

    assert len(set(ids)) == 4
    assert ids == [insert_id(each) for each in ids]


def test_an_import_has_at_most_2000_items() -> None:
    """More items than Mixpanel takes at once become several calls that carry them in order."""
    order = track(event="Order Completed", properties={"products": [{}] * 2500})
    calls = list(adapter().requests([delivery(order), delivery(track())]))

    assert [2000, 502] == [len(items(call)) for call in calls]
    assert [len(items(c)) for c in calls] == [
        len(c.deliveries) for c in calls if isinstance(c, Call)
    ]


def test_an_import_has_at_most_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """No body is larger than Mixpanel takes, but for an item that is too large alone."""
    monkeypatch.setattr(load, "MAX_BYTES", 1000)
    sizes = [10, 100, 5000, 100, 300, 300, 300]
    several = [delivery(track(properties={"x": "y" * size})) for size in sizes]
    calls = [call for call in adapter().requests(several) if isinstance(call, Call)]
    bodies = [len(call.request.content) for call in calls]

    assert several == [each for call in calls for each in call.deliveries]
    assert 1 == sum(body > 1000 for body in bodies)
    assert len(calls) < len(sizes)


AGENTS = [
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36",
     ("Chrome", "120.0.0.0")),
    ("Mozilla/5.0 (iPhone) AppleWebKit/605.1 Version/16.5 Mobile/15E148 Safari/604.1",
     ("Mobile Safari", "16.5")),
    ("Mozilla/5.0 (Macintosh) AppleWebKit/605.1 Version/17.1 Safari/605.1", ("Safari", "17.1")),
    ("Mozilla/5.0 (Windows) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91",
     ("Microsoft Edge", "120.0.2210.91")),
    ("Mozilla/5.0 Chrome/119.0 Safari/537.36 OPR/105.0.0.0", ("Opera", "105.0.0.0")),
    ("Mozilla/5.0 (X11; rv:121.0) Gecko/20100101 Firefox/121.0", ("Firefox", "121.0")),
    ("Mozilla/5.0 (iPhone) CriOS/120.0.6099.50 Mobile/15E148 Safari/604.1",
     ("Chrome iOS", "120.0.6099.50")),
    ("Mozilla/5.0 (iPhone) FxiOS/121.0 Mobile/15E148 Safari/605.1", ("Firefox iOS", "121.0")),
    ("Mozilla/5.0 (Linux) SamsungBrowser/23.0 Chrome/115.0 Mobile Safari/537.36",
     ("Samsung Internet", "23.0")),
    ("Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko",
     ("Internet Explorer", "11.0")),
    ("Mozilla/5.0 Chrome/", ("Chrome", "")),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", None),
    ("analytics-node/1.1.3", None),
    ("", None),
    ("Chrome/1 " + "x" * 600, None),
]  # fmt: skip


@pytest.mark.parametrize(("user_agent", "expected"), AGENTS)
def test_the_browser_is_read_from_the_user_agent(
    user_agent: str, expected: tuple[str, str] | None
) -> None:
    """The common browsers are told by name and version, anything else is left out."""
    assert expected == browsers.browser_of(user_agent)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(
        ["userId", "anonymousId", "groupId", "previousId", "event", "name", "traits", "context",
         "properties", "products", "timestamp", "device", "page", "adTrackingEnabled", "sku",
         "userAgent", "campaign", "ip", "createdAt", "email", "$group_id"]), inner, max_size=8),
    max_leaves=20,
)  # fmt: skip
KINDS = st.sampled_from(["track", "identify", "page", "screen", "group", "alias"])


@given(st.lists(st.tuples(KINDS, JSON), max_size=5))
def test_nonsense_never_raises(junk: list[tuple[str, Any]]) -> None:
    """Whatever an event holds, it is carried or judged, and every body is a list of objects."""
    events = [({**body} if isinstance(body, dict) else {"context": body, "userId": "u"}) | {
        "type": kind} for kind, body in junk]  # fmt: skip
    several = [delivery(event, str(number)) for number, event in enumerate(events)]
    seen: set[Delivery] = set()
    for each in adapter(group_key="company").requests(several):
        if isinstance(each, Judged):
            seen.add(each.delivery)
        else:
            seen.update(each.deliveries)
            assert len(items(each)) == len(each.deliveries)

    assert seen == set(several)
