"""Mixpanel gets what Segment's own engine sends, save for the listed differences.

Each row of `EXAMPLES` is one listed difference: an event, and what the two make of it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from destinations import Call
from destinations.conformance import carrying
from destinations.mixpanel import DIFFERENCES, Mixpanel, MixpanelSettings

CORPORA = Path(__file__).parents[1] / "corpora"
SINGLE = json.loads((CORPORA / "mixpanel.single.json").read_text("utf-8"))
BATCHES = json.loads((CORPORA / "mixpanel.batch.json").read_text("utf-8"))["batches"]
EVENTS = {case["event"]["messageId"]: case["event"] for case in SINGLE["cases"]}

Json = dict[str, Any]
ALIASED = {
    "event": "$create_alias",
    "properties": {
        "distinct_id": "507f191e-810c-4972-9de8-60ea00000001",
        "alias": "019mr8mf4r",
        "token": "mp_token",
    },
}
"""What becomes of the corpora's alias: the listed difference `alias`."""


def adapter(**settings: Any) -> Mixpanel:
    """Make the adapter with the settings that the corpora were recorded with."""
    return Mixpanel(MixpanelSettings.model_validate(
        {"token": "mp_token", "api_secret": "mp_secret", **settings}
    ))  # fmt: skip


def calls(*events: Json, **settings: Any) -> list[Call]:
    """Return the calls that the events make."""
    made = adapter(**settings).requests([carrying(event) for event in events])
    return [call for call in made if isinstance(call, Call)]


def sent(*events: Json, **settings: Any) -> list[tuple[str, Json]]:
    """Return the address and each item that the events make."""
    return [
        (call.request.url.path, item)
        for call in calls(*events, **settings)
        for item in json.loads(call.request.content)
    ]


def as_ours(request: Json) -> list[tuple[str, Json]]:
    """Return the items of a recorded request with the listed differences applied."""
    path = "/" + request["url"].split("/")[3].split("?")[0]
    items = request["body"] if "body" in request else [request["form"]]
    for item in items:
        properties = item.get("properties", {})
        if "$source" in properties:
            properties["$source"] = "destination-router"
            properties["mp_lib"] = properties["mp_lib"].removeprefix("Segment Actions: ")
            if not properties.get("$referrer"):
                properties.pop("$referrer", None)
    return [(path, item) for item in items]


@pytest.mark.parametrize("case", SINGLE["cases"], ids=lambda case: case["event"]["messageId"])
def test_an_event_makes_the_recorded_items(case: Json) -> None:
    """Each event makes the items that Segment sends for it, at the same addresses."""
    expected = [pair for request in case["requests"] for pair in as_ours(request)]
    if case["event"]["type"] == "alias":
        expected = [("/track", ALIASED)]

    assert expected == sent(case["event"])


@pytest.mark.parametrize("batch", BATCHES, ids=lambda batch: "+".join(batch["events"]))
def test_a_batch_makes_the_recorded_items(batch: Json) -> None:
    """Events of one batch share one import and make the items that Segment sends for them."""
    expected = [pair for request in batch["requests"] for pair in as_ours(request)]
    events = [EVENTS[message_id] for message_id in batch["events"]]

    assert expected == sent(*events)
    assert len(calls(*events)) == 1


def test_an_import_is_signed_as_recorded() -> None:
    """An import goes to the region's address with the project secret as basic credentials."""
    recorded = SINGLE["cases"][0]["requests"][0]
    call, *_ = calls(EVENTS["evt-order-completed-0001"])

    assert recorded["url"] == str(call.request.url)
    assert recorded["authorization"] == call.request.headers["authorization"]
    assert call.request.headers["content-type"] == "application/json"


TRACK: Json = {"type": "track", "event": "E", "userId": "u", "messageId": "m-1"}
EXAMPLES: dict[str, tuple[Json, str, Any]] = {
    "$source": (TRACK, "$source", "destination-router"),
    "mp_lib": ({**TRACK, "context": {"library": {"name": "js"}}}, "mp_lib", "js"),
    "$referrer": ({**TRACK, "context": {"page": {"referrer": ""}}}, "$referrer", None),
    "$insert_id": ({**TRACK, "messageId": "ajs:1"}, "$insert_id",
                   "8cec9322095f7db125786cf96e51f4f2"),
    "identity": ({**TRACK, "properties": {"distinct_id": "x"}}, "distinct_id", "u"),
    "unnamed": ({"type": "page", "userId": "u"}, "event", "Viewed Page"),
    "group_key": ({**TRACK, "context": {"groupId": "g"}}, "company", "g"),
    "alias": ({"type": "alias", "userId": "u", "previousId": "p"}, "alias", "u"),
    "profiles": ({"type": "group", "groupId": "g", "traits": {"a": 1}}, "$group_id", "g"),
    "ip": ({"type": "identify", "userId": "u", "traits": {"a": 1}}, "$ip", None),
}  # fmt: skip


def test_every_listed_difference_has_its_example() -> None:
    """The list of differences and the table of examples name the same ones."""
    assert DIFFERENCES.keys() == EXAMPLES.keys()


@pytest.mark.parametrize("difference", EXAMPLES)
def test_a_listed_difference_is_real(difference: str) -> None:
    """What the list of differences says is what is sent."""
    event, key, expected = EXAMPLES[difference]
    ((_, item),) = sent(event, group_key="company")

    assert expected == {**item, **item.get("properties", {})}.get(key)


def test_profiles_are_asked_for_verdicts_and_not_located() -> None:
    """Profile calls ask for per-item answers, and that the sender's address means nothing."""
    engage, groups = calls(EVENTS["evt-identify-0002"], EVENTS["evt-group-0001"])

    assert {"ip": "0", "strict": "1", "verbose": "1"} == dict(engage.request.url.params)
    assert {"strict": "1", "verbose": "1"} == dict(groups.request.url.params)


def test_a_mixed_batch_makes_one_call_of_each_kind_ids_first() -> None:
    """All corpora events together make four calls: ids, events, people, groups."""
    made = calls(*EVENTS.values())

    assert ["/track", "/import", "/engage", "/groups"] == [c.request.url.path for c in made]
    assert {d.message_id for call in made for d in call.deliveries} == set(EVENTS)


def test_same_deliveries_same_bytes() -> None:
    """The same events make the same bytes, so that a repetition can be told."""
    first, second = (calls(*EVENTS.values()) for _ in range(2))

    assert [c.request.content for c in first] == [c.request.content for c in second]
