"""Transformations: small steps that read the event as it was, and never make one fail."""

from __future__ import annotations

import copy
import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from router.decide.explain import explain
from router.decide.reshape.transform import ReshapeError, compile_transform
from tests.decide.making import Hashing, Sift, Step, To, event, routes, rules

if TYPE_CHECKING:
    from collections.abc import Mapping

EVENT: dict[str, Any] = {
    "type": "track",
    "messageId": "m1",
    "event": "Order Completed",
    "userId": "u1",
    "properties": {
        "total": 10,
        "none": None,
        "zero": 0,
        "products": [{"sku": "a", "price": 1}, 5, {"sku": "b"}],
        "address": {"city": "Rome"},
    },
    "traits": {"email": "a@b.test", "emails": ["a@b.test", None, 1]},
    "context": {"ip": "1.2.3.4"},
}
SHA = hashlib.sha256(b"a@b.test").hexdigest()


def done(*steps: Step, data: Mapping[str, Any] = EVENT) -> dict[str, Any]:
    """Return what these steps make of an event."""
    reshape = compile_transform(steps)
    assert reshape is not None
    return reshape(dict(data))


def at(path: str, data: dict[str, Any]) -> Any:
    """Return what stands at a path; "absent" where nothing does."""
    value: Any = data
    for key in path.split("."):
        value = value.get(key, "absent") if isinstance(value, dict) else "absent"
    return value


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (Step(rename_event="Purchase"), {"event": "Purchase"}),
        (Step(rename={"properties.total": "properties.value"}),
         {"properties.value": 10, "properties.total": "absent"}),
        (Step(rename={"properties.zero": "properties.new", "properties.none": "traits.none"}),
         {"properties.new": 0, "properties.zero": "absent", "traits.none": None,
          "properties.none": "absent"}),
        (Step(rename={"properties.total": "properties.zero",
                      "properties.zero": "properties.total"}),
         {"properties.zero": 10, "properties.total": 0}),
        (Step(rename={"properties.total": "traits.x", "traits.email": "properties.total"}),
         {"traits.x": 10, "properties.total": "a@b.test", "traits.email": "absent"}),
        (Step(rename={"properties.total": "traits.x", "properties.zero": "properties.total"}),
         {"traits.x": 10, "properties.total": 0, "properties.zero": "absent"}),
        (Step(rename={"properties.total": "traits.x"}, set_={"properties.total": 5}),
         {"traits.x": 10, "properties.total": 5}),
        (Step(rename={"properties.total": "context.no.x", "properties.zero": "properties.x"}),
         {"properties.total": 10, "properties.x": 0}),
        (Step(rename={"properties.missing": "properties.total"}), {"properties.total": 10}),
        (Step(rename={"properties.total": "properties.address.total"}),
         {"properties.address": {"city": "Rome", "total": 10}, "properties.total": "absent"}),
        (Step(rename={"properties.total": "properties.nowhere.total"}),
         {"properties.total": 10, "properties.nowhere": "absent"}),
        (Step(rename={"properties.products.price": "properties.products.cost"}),
         {"properties.products": [{"sku": "a", "cost": 1}, 5, {"sku": "b"}]}),
        (Step(rename={"properties.products.price": "properties.price"}),
         {"properties.price": "absent", "properties.products": EVENT["properties"]["products"]}),
        (Step(copy_={"userId": "properties.user", "context.ip": "traits.ip"}),
         {"properties.user": "u1", "traits.ip": "1.2.3.4", "context.ip": "1.2.3.4"}),
        (Step(copy_={"properties": "context.all"}), {"context.all": EVENT["properties"]}),
        (Step(copy_={"properties.total": "properties.was"}, set_={"properties.total": 5}),
         {"properties.was": 10, "properties.total": 5}),
        (Step(copy_={"properties.address": "properties.home"},
              set_={"properties.address.city": "Bonn"}),
         {"properties.home": {"city": "Rome"}, "properties.address": {"city": "Bonn"}}),
        (Step(rename={"properties.total": "properties.was"}, set_={"properties.total": 1}),
         {"properties.was": 10, "properties.total": 1}),
        (Step(set_={"properties.currency": "EUR", "properties.nowhere.x": 1, "channel": "web"}),
         {"properties.currency": "EUR", "properties.nowhere": "absent", "channel": "web"}),
        (Step(set_={"properties.products.n": [1]}),
         {"properties.products": [{"sku": "a", "price": 1, "n": [1]}, 5, {"sku": "b", "n": [1]}]}),
        (Step(hash_=Hashing(("traits.email", "traits.emails", "traits.missing"))),
         {"traits.email": SHA, "traits.missing": "absent",
          "traits.emails": [SHA, None, hashlib.sha256(b"1").hexdigest()]}),
        (Step(drop=("traits.email", "properties.products.sku", "traits.missing")),
         {"traits.email": "absent", "properties.products": [{"price": 1}, 5, {}]}),
        (Step(if_="event = 'x'", rename_event="Purchase", drop=("traits.email",)),
         {"event": "Order Completed", "traits.email": "a@b.test"}),
        (Step(if_="properties.total > 9", rename_event="Purchase"), {"event": "Purchase"}),
    ],
)  # fmt: skip
def test_steps(step: Step, expected: dict[str, Any]) -> None:
    """Each change does what it says, reads what was before, and skips what is not there."""
    before = copy.deepcopy(EVENT)
    after = done(step)

    assert expected == {path: at(path, after) for path in expected}
    assert before == EVENT


def test_steps_follow_one_another() -> None:
    """Each step works on what the one before it left, its condition too."""
    after = done(
        Step(rename_event="Purchase", rename={"properties.total": "properties.value"}),
        Step(if_="event = 'Purchase'", copy_={"properties.value": "properties.revenue"}),
    )

    assert (10, 10) == (at("properties.value", after), at("properties.revenue", after))


def test_an_event_without_a_name_gets_none() -> None:
    """Renaming is for what has a name."""
    assert "event" not in done(Step(rename_event="x"), data={"type": "identify"})
    assert compile_transform(()) is None


def test_what_is_untouched_is_shared() -> None:
    """Where nothing changes the very same object comes back, and no copy is made of the rest."""
    data = copy.deepcopy(EVENT)
    idle = compile_transform([Step(drop=("traits.x",)), Step(if_="false", set_={"traits.x": 1})])
    busy = compile_transform([Step(set_={"traits.x": 1})])

    assert idle
    assert busy
    assert data is idle(data)
    assert data["properties"] is busy(data)["properties"]


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Step(rename={"userId": "traits.id"}), "`userId` is never"),
        (Step(set_={"type": "page"}), "`type` is never"),
        (Step(set_={"messageId": "x"}), "`messageId` is never"),
        (Step(drop=("timestamp",)), "`timestamp` is never"),
        (Step(hash_=Hashing(("anonymousId",))), "`anonymousId` is never"),
        *((Step(drop=(key,)), f"`{key}` is never")
          for key in ("userId", "previousId", "groupId", "originalTimestamp", "receivedAt",
                      "sentAt", "writeKey", "_metadata", "integrations")),
        (Step(set_={"integrations.All": True}), "`integrations` is never"),
        (Step(set_={"event": "x"}), "`rename_event`"),
        (Step(set_={"context.consent.categoryPreferences.ads": True}), "consent is never"),
        (Step(rename={"properties.x": "context.consentManagement"}), "consent is never"),
        (Step(drop=("context.gpc",)), "consent is never"),
        (Step(set_={"properties": {}}), "as a whole"),
        (Step(drop=("context",)), "as a whole"),
        (Step(drop=("a..b",)), "empty key"),
        (Step(rename={"traits.a": "traits.a"}), "in one another"),
        (Step(copy_={"traits.a": "traits.a.b"}), "in one another"),
        (Step(set_={"traits.a": 1}, copy_={"traits.b": "traits.a"}), "meet at `traits.a`"),
        (Step(set_={"traits.a": 1, "traits.a.b": 2}), "meet at `traits.a` and `traits.a.b`"),
        (Step(drop=("traits.a",), set_={"traits.a.b": 1}), "meet"),
        (Step(drop=("traits.a",), rename={"traits.a": "traits.b"}), "meet"),
        (Step(hash_=Hashing(("traits.a",)), copy_={"traits.a": "traits.b"}), "meet"),
        (Step(hash_=Hashing(("traits.a.b",)), rename={"traits.a": "traits.c"}), "meet"),
        (Step(rename_event="Segment Consent Preference Updated"), "tells consent"),
    ],
)  # fmt: skip
def test_what_must_not_be(step: Step, words: str) -> None:
    """Who, when, who may have it and what was consented to stay; changes of a step stay apart."""
    with pytest.raises(ReshapeError) as refused:
        compile_transform([step])

    assert words in refused.value.message


def test_a_source_is_transformed_before_anything_is_decided() -> None:
    """Filters and policies see what the source's transformation made."""
    compiled = routes(
        first=(Step(rename_event="Purchase", rename={"properties.mail": "traits.email"}),),
        d=To(events="event = 'Purchase'", privacy=rules(("traits.email", "drop"))),
    )
    told = explain(event(event="x", properties={"mail": "a", "b": 1}, traits={}), compiled)

    payload = told["destinations"]["d"]["payload"]
    assert ("Purchase", {"b": 1}, {}) == (
        payload["event"],
        payload["properties"],
        payload["traits"],
    )


def test_a_destination_is_transformed_after_its_policy() -> None:
    """A copy finds what the policy left; what it took, no transformation brings back."""
    section = To(
        filters=(Sift("drop_properties", fields={"properties": ["note"]}),),
        privacy=rules(("traits.email", "drop"), ("traits.phone", "token")),
        transform=(
            Step(copy_={"traits.email": "properties.email", "traits.phone": "properties.phone",
                        "properties.note": "properties.memo"}),
        ),
    )  # fmt: skip
    fields = {"traits": {"email": "a", "phone": "1"}, "properties": {"note": "b", "c": 1}}
    told = explain(event(**fields), routes(d=section))["destinations"]["d"]["payload"]

    assert {"c", "phone"} == told["properties"].keys()
    assert told["properties"]["phone"].startswith("tok_")


def test_policies_share_what_transformations_tell_apart() -> None:
    """A transformation is no part of the policy: bodies stay common to destinations."""
    one, other = routes(a=To(), b=To(transform=(Step(drop=("traits.a",)),))).destinations

    assert one.policy_digest == other.policy_digest
    assert one.reshape is None
    assert other.reshape is not None
