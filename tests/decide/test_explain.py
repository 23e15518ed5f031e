"""Routes and their explanation: the first reason, the order, and what would be carried."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from router.decide.explain import explain
from router.decide.filters.expression import FilterError
from router.decide.policy.paths import PathError
from router.decide.routes import Route, Routes
from router.decide.verdict import Send
from tests.decide.making import Consents, Needs, To, event, routes, rules
from tests.support import corpus

FIVE = routes(
    audit=To(consent=Needs(not_required="our own log")),
    crm=To(privacy=rules(("traits.email", "hash"), ("properties.products[*].note", "drop"))),
    ads=To(consent=Needs(require=("Advertising",)), events="event != 'Test'"),
    stats=To("ga", consent=Needs(any=("Analytics", "Functional"))),
    list=To(consent=Needs(not_required="x"), privacy=rules(("event", "keep"), default="drop")),
    consent=Consents(("Advertising", "Analytics")),
    trusted=("audit", "crm"),
)


def test_shape() -> None:
    """An explanation has, per destination in order, verdict, reason, rule and payload."""
    explained = explain(event(context={"consent": {}}, userId="u"), FIVE)

    assert "m1" == explained["message_id"]
    assert ["audit", "crm", "ads", "stats", "list"] == list(explained["destinations"])
    assert {
        "verdict": "skip",
        "reason": "consent.undeclared",
        "rule": "destinations.crm.consent",
        "payload": None,
    } == explained["destinations"]["crm"]
    sent = explained["destinations"]["list"]
    assert ("send", None, "destinations.list") == (sent["verdict"], sent["reason"], sent["rule"])
    assert {"type", "messageId", "timestamp", "event"} == sent["payload"].keys()


@pytest.mark.parametrize(
    ("section", "fields", "reason", "rule"),
    [
        (To("ga", sources=("x",)), {"type": "page"}, "source.off", "destinations.d.sources"),
        (To(sources=("x", "shop")), {"source": "shop"}, None, "destinations.d"),
        (To("ga", consent=Needs(("a",))), {"type": "page"}, "type.unsupported", "ga.accepts"),
        (To(consent=Needs(("a",))), {"integrations": {"All": False}}, "consent.missing",
         "destinations.d.consent"),
        (To(events="false"), {"integrations": {"Salesforce": False}}, "integrations.off",
         "integrations.Salesforce"),
        (To(events="false"), {}, "filter.events", "destinations.d.events"),
        (To(events="true"), {}, None, "destinations.d.events"),
        (To(), {"integrations": {"Salesforce": True}}, None, "integrations.Salesforce"),
        (To(), {"integrations": {"All": True}}, None, "integrations.All"),
        (To(), {}, None, "destinations.d"),
    ],
)  # fmt: skip
def test_first_reason(section: To, fields: dict[str, Any], reason: str | None, rule: str) -> None:
    """Sources, types, consent, integrations and the filter are asked in this order."""
    [told] = explain(event(**fields), routes(d=section))["destinations"].values()

    assert (reason, rule) == (told["reason"], told["rule"])


def test_options_pass_the_filter() -> None:
    """A filter takes nothing from the options that the event brings."""
    [route] = routes(d=To(events="true")).destinations
    verdict = route.verdict(event(integrations={"Salesforce": {"a": 1}}))

    assert isinstance(verdict, Send)
    assert {"a": 1} == verdict.options


def test_policy_error_is_told() -> None:
    """A policy that fails shows as a skip, with no payload."""
    compiled = routes(d=To(privacy=rules(("traits.x", "hash"))))
    broken = event(traits={"x": 1})
    broken.data["traits"]["x"] = {1}

    [told] = explain(broken, compiled)["destinations"].values()

    assert ("skip", "policy_error", None) == (told["verdict"], told["reason"], told["payload"])


@pytest.mark.parametrize(
    ("section", "error"),
    [(To(events="event ="), FilterError), (To(privacy=rules(("a..b", "drop"))), PathError)],
)
def test_mistakes_are_found_at_start(section: To, error: type[Exception]) -> None:
    """What cannot be compiled never routes an event."""
    with pytest.raises(error):
        routes(d=section)


def test_explained_is_what_is_carried() -> None:
    """Of every captured event the payload that is explained is the one that is stripped."""
    sent = 0
    for captured in corpus.events():
        parsed = (
            event(orjson.dumps(captured)) if _plain(captured) else event(corpus.encode(captured))
        )
        told = explain(parsed, FIVE)["destinations"]
        before = orjson.dumps(parsed.data)
        for route, verdict in zip(FIVE.destinations, FIVE.verdicts(parsed), strict=True):
            assert verdict == route.verdict(parsed)
            if isinstance(verdict, Send):
                sent += 1
                carried = route.strip(parsed, verdict).payload
                assert orjson.dumps(carried) == orjson.dumps(told[route.name]["payload"])
        assert before == orjson.dumps(parsed.data)
    assert sent > len(corpus.events())


def _plain(captured: dict[str, Any]) -> bool:
    try:
        orjson.dumps(captured)
    except TypeError:
        return False
    return True


def test_routes_know_their_lanes() -> None:
    """Lanes are named by destination and adapter; plain routes share their digest."""
    by_name = {route.name: route for route in FIVE.destinations}

    assert isinstance(FIVE, Routes)
    assert "stats:ga" == by_name["stats"].lane
    assert by_name["audit"].policy.plain
    assert not by_name["list"].policy.plain
    assert by_name["ads"].policy_digest != by_name["stats"].policy_digest
    assert Route.__slots__
