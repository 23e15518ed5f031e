"""The rule that an explanation names is the one that decided: without it, another thing comes."""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given, settings

from router.config.compiled import Courses, compiled, sources
from router.config.reading.load import parse as parse_config
from router.decide.diff import Effect, spots_between
from router.decide.explain import explain
from router.events.parse import parse
from tests.decide.case import ADAPTERS
from tests.decide.drawn import configurations, events
from tests.events.making import NOW, arrival

if TYPE_CHECKING:
    from router.config import Config

OPEN = {"not_required": "a test"}
KEY = "a key for tests: 0123456789"


def loaded(written: dict[str, Any]) -> Config:
    """Load a configuration that JSON can write."""
    return parse_config(orjson.dumps(written).decode(), {}, adapters=ADAPTERS)


def told(written: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    """Explain an event under a configuration, with the course of its fields."""
    config = loaded(written)
    event = parse(arrival(orjson.dumps(raw)), sources(config), NOW)
    return explain(event, compiled(config), courses=Courses(config))


def without(written: dict[str, Any], raw: dict[str, Any], rule: str) -> None:
    """Take the rule out of the configuration, or out of the event that brought it."""
    if rule.startswith(("integrations", "_metadata")):
        raw.pop(rule.partition(".")[0], None)
        return
    way, _, what = rule.partition(": ")
    _, name, *parts = re.findall(r"[^.\[\]]+", way)
    section = written["destinations"][name]
    if not parts:
        section["events"] = "all"
    elif parts in (["consent"], ["consent", "any"], ["consent", "google"]) or (
        parts == ["consent", "require"] and section["consent"]["require"] == [what]
    ):
        section["consent"] = OPEN
    elif parts[0] == "uses":
        left = [each for each in section.get("uses", ()) if each != what]
        section["uses"] = left or ["analytics"]
    elif parts[0] == "filters":
        section["filters"][int(parts[1])]["if"] = "event = 'no event is called so'"
    else:
        _taken(section, parts, what)


def _taken(section: Any, parts: list[str], what: str) -> None:
    *before, last = parts
    for part in before:
        section = section[int(part) if isinstance(section, list) else part]
    if isinstance(section, list):
        section.pop(int(last))
    elif isinstance(section[last], list) and what:
        section[last] = [each for each in section[last] if str(each) != what]
    else:
        del section[last]


@settings(deadline=None, max_examples=60)
@given(events(), configurations())
def test_the_named_rule_decides(raw: dict[str, Any], written: dict[str, Any]) -> None:
    """Without the rule that it names, a verdict comes by another rule."""
    for name, verdict in told(written, raw)["destinations"].items():
        rule = verdict["rule"]
        if rule.endswith(".accepts"):
            continue
        changed, sent = copy.deepcopy(written), copy.deepcopy(raw)
        without(changed, sent, rule)

        assert rule != told(changed, sent)["destinations"][name]["rule"]


CONSENT = {"consent": {"categoryPreferences": {"ads": False, "granted": True}}}
KINDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "destinations.d.sources": ({"sources": ["shop"]}, {}),
    "destinations.d.consent": ({"consent": {"require": ["ads"]}}, {}),
    "destinations.d.consent.require: ads": (
        {"consent": {"require": ["granted", "ads"]}}, {"context": CONSENT}),
    "destinations.d.consent.any: ads, x": (
        {"consent": {"any": ["ads", "x"]}}, {"context": CONSENT}),
    "destinations.d.consent.google: ad_storage": (
        {"consent": {"google": ["ad_storage"]}},
        {"context": {"consent": {"google": {"ad_storage": "denied"}}}}),
    "destinations.d.uses: sale": (
        {"uses": ["analytics", "sale"], "consent": OPEN}, {"context": {"gpc": True}}),
    "integrations.Console": ({"consent": OPEN}, {"integrations": {"console": False}}),
    "integrations.All": ({"consent": OPEN}, {"integrations": {"All": False}}),
    "integrations": ({"consent": OPEN}, {"integrations": "none"}),
    "_metadata.bundled": ({"consent": OPEN}, {"_metadata": {"bundled": ["Console"]}}),
    "destinations.d.events": ({"consent": OPEN, "events": "event = 'x'"}, {}),
    "destinations.d.filters[2]": ({"consent": OPEN, "filters": [
        {"if": "event = 'x'", "do": "drop"},
        {"if": "all", "do": "drop_properties", "fields": {"properties": ["a"]}},
        {"if": "all", "do": "sample", "percent": 0.0},
    ]}, {}),
}  # fmt: skip


@pytest.mark.parametrize("rule", KINDS)
def test_each_kind_of_rule_is_named(rule: str) -> None:
    """Whatever kind of rule keeps an event back is named; without it, the event goes out."""
    section, fields = KINDS[rule]
    written = {
        "privacy_key": KEY,
        "sources": {"shop": {}},
        "destinations": {"d": {"type": "console", **section}},
    }
    raw = {"type": "track", "event": "Seen", "userId": "u", "messageId": "m", **fields}

    verdict = told(written, raw)["destinations"]["d"]
    assert ("skip", rule) == (verdict["verdict"], verdict["rule"])
    changed, sent = copy.deepcopy(written), copy.deepcopy(raw)
    without(changed, sent, rule)

    assert "send" == told(changed, sent)["destinations"]["d"]["verdict"]


@settings(deadline=None, max_examples=60)
@given(events(), configurations())
def test_every_changed_field_has_its_rule(raw: dict[str, Any], written: dict[str, Any]) -> None:
    """Each difference between what came and what is given is told, and nothing else is."""
    config = loaded(written)
    event = parse(arrival(orjson.dumps(raw)), sources(config), NOW)
    whole = {key: value for key, value in event.data.items() if key != "integrations"}
    for verdict in told(written, raw)["destinations"].values():
        paths = {path for each in verdict["fields"] for path in each["paths"]}
        if verdict["verdict"] == "skip":
            assert not paths
            continue
        spots = [spot.path for spot in spots_between(whole, verdict["payload"])]
        assert not paths or spots
        for spot in spots:
            assert any(spot.startswith(path) or path.startswith(spot) for path in paths), spot


@settings(deadline=None, max_examples=60)
@given(events(), configurations())
def test_a_field_goes_by_the_named_rule(raw: dict[str, Any], written: dict[str, Any]) -> None:
    """What a rule drops is there with the rules before it alone, and is gone with it."""
    for name, verdict in told(written, raw)["destinations"].items():
        for each in verdict["fields"]:
            found = re.fullmatch(r".*\.privacy\.rules\[(\d+)\]", each["rule"])
            if not found or each["did"] != "without":
                continue
            gone = [_lost(written, raw, name, int(found[1]) + more) for more in (0, 1)]

            assert not set(each["paths"]) & gone[0]
            assert set(each["paths"]) <= gone[1]


def _lost(written: dict[str, Any], raw: dict[str, Any], name: str, rules: int) -> set[str]:
    """Return what a destination does not see with so many of its privacy rules alone."""
    changed = copy.deepcopy(written)
    changed.pop("pii", None)
    section = changed["destinations"][name]
    section.pop("transform", None)
    section["privacy"] = {"rules": section["privacy"]["rules"][:rules]}
    payload = told(changed, raw)["destinations"][name]["payload"]
    section.pop("privacy")
    whole = told(changed, raw)["destinations"][name]["payload"]
    return {spot.path for spot in spots_between(whole, payload) if spot.effect is Effect.LOSES}


def test_each_stage_is_told_in_its_order() -> None:
    """Source, filters, rules, default, trust, own words and transformation: each has its part."""
    written = json.loads("""{
        "privacy_key": "a key for tests: 0123456789",
        "pii": {"trusted": [], "free_text": "redact"},
        "sources": {"default": {"transform": [{"drop": ["properties.debug"]}]}},
        "destinations": {"d": {
            "type": "console",
            "filters": [{"if": "all", "do": "drop_properties", "fields": {"properties": ["a"]}}],
            "privacy": {"default": "drop", "rules": [
                {"match": "properties.b", "do": "redact"},
                {"match": "properties.phone", "do": "keep"},
                {"match": "properties.note", "do": "keep"},
                {"match": "properties.c", "do": "keep"}]},
            "transform": [{"rename": {"properties.c": "properties.d"}}]}}}""")
    properties = {"debug": 1, "a": 1, "b": "secret", "c": 3, "phone": "+49 30 901820", "z": 1,
                  "note": "please ring twice at the second door on the left"}  # fmt: skip
    raw = {"type": "track", "event": "x", "userId": "u", "messageId": "m",
           "properties": properties}  # fmt: skip

    found = told(written, raw)

    assert ["properties.debug"] == found["fields"][0]["paths"]
    fields = found["destinations"]["d"]["fields"]
    did = [(each["rule"].removeprefix("destinations.d."), each["did"]) for each in fields]
    assert [
        ("filters[0]", "without"),
        ("privacy.rules[0]", "redacted"),
        ("privacy.default", "without"),
        ("pii.trusted", "token"),
        ("pii.free_text", "redacted"),
        ("transform[0]", "without"),
        ("transform[0]", "added"),
    ] == did
    assert ["properties.phone"] == fields[3]["paths"]
