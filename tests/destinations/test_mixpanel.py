"""The Mixpanel adapter: settings, ids, names, limits, and events that are nonsense."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from destinations import Call, Delivered, Delivery, Known, Outcome, Rejected
from destinations.conformance import AdapterContract, carrying
from destinations.mixpanel import Mixpanel, MixpanelSettings

Json = dict[str, Any]
ACCOUNT = {"username": "robot", "password": "hush-hush", "project_id": 7}


def adapter(**settings: Any) -> Mixpanel:
    """Make the adapter with these settings and a token."""
    return Mixpanel(MixpanelSettings.model_validate({"token": "t", **settings}))


def made(event: Json, **settings: Any) -> list[Call | Known]:
    """Return what the adapter makes of one event."""
    return list(adapter(**settings).requests([carrying(event)]))


def properties(event: Json, **settings: Any) -> Json:
    """Return the properties of the first item that an event makes."""
    found: Json = items(made(event, **settings)[0])[0]["properties"]
    return found


def items(call: Call | Known) -> list[Any]:
    """Return the items that a call carries."""
    assert isinstance(call, Call)
    found: list[Any] = json.loads(call.request.content)
    return found


def track(**more: Any) -> Json:
    """Return a track event by a user."""
    return {"type": "track", "event": "E", "userId": "u", **more}


class TestMixpanel(AdapterContract):
    """Mixpanel keeps the contract."""

    waive = {  # noqa: RUF012 - the contract's own way to waive
        "deliveries_are_told_apart": "a profile update has no id: repeated, it changes nothing"
    }

    @pytest.fixture
    def adapter(self) -> Mixpanel:
        """Return the adapter with every setting that holds a secret."""
        return adapter(token="project-token", api_secret="top-secret", service_account=ACCOUNT)


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
        ({"api_secret": "s", "service_account": ACCOUNT}, "robot:hush-hush"),
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

    assert isinstance(judged, Known)
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
    several = [carrying({**event, "messageId": str(n)}) for n, event in enumerate(events)]
    seen: set[Delivery] = set()
    for each in adapter(group_key="company").requests(several):
        if isinstance(each, Known):
            seen.add(each.delivery)
        else:
            seen.update(each.deliveries)
            assert len(items(each)) == len(each.deliveries)

    assert seen == set(several)
