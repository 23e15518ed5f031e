"""Segment's own engine on the same cases: the same, but where it leaves its documentation."""

from __future__ import annotations

from typing import Any

import pytest

from router.decide.filters.actions import compile_trim, part_of
from router.decide.filters.expression import compile_filter
from router.decide.reshape.transform import compile_transform
from tests.decide.filters.departures import MEASURED, NONE_KNOWN, Departure, recorded, transformed
from tests.decide.making import Hashing, Step


def test_recorded_cases() -> None:
    """Segment's own engine agrees, but where it departs from its documentation."""
    agreed = departed = 0
    for case in recorded():
        answer = compile_filter(case["if"])(case["event"])
        engine = case["segment_result"]
        agreed += answer == engine["matched"]
        departed += answer != engine["matched"]
        assert answer == engine["matched"] or engine["tsub_js_limitations"]

    assert (12, 6) == (agreed, departed)


@pytest.mark.parametrize("case", MEASURED, ids=lambda case: case.expression)
def test_the_documentation_is_followed(case: Departure) -> None:
    """Where that engine departs, the router answers as documented, and the page says why."""
    assert case.documented is compile_filter(case.expression)(case.data)
    assert case.documented != case.engine
    assert NONE_KNOWN != case.why


def done(case: dict[str, Any]) -> dict[str, Any] | None:
    """Return what our filters and transformations make of an event of the corpus."""
    data: dict[str, Any] = case["event"]
    if not compile_filter(case["if"])(data):
        return data
    for each in case["transformers"]:
        config = each.get("config", {})
        match each["type"]:
            case "drop":
                return None
            case "sample_event":
                if part_of(data) >= config["sample"]["percent"]:
                    return None
            case "drop_properties" | "allow_properties" as do:
                data = compile_trim(do, config[do.partition("_")[0]])(data)
            case "map_properties":
                moves = {how["move"]: path for path, how in config["map"].items() if "move" in how}
                reshape = compile_transform([Step(rename=moves)])
                data = reshape(data) if reshape else data
    return data


DIFFER = {"x06": {"properties": {"new": 0}}, "x08": {"properties": {}}}
"""Moving what is 0, and turning what is absent into text: as documented, not as done there."""


@pytest.mark.parametrize("case", transformed(), ids=lambda case: case["id"])
def test_actions(case: dict[str, Any]) -> None:
    """What is done with an event is what Segment's engine does, two cases apart."""
    engine = case["segment_result"]["output"]
    expected = DIFFER.get(case["id"], engine)

    assert expected == done(case)
    assert (case["id"] in DIFFER) == (expected != engine)


def test_hashing_is_done() -> None:
    """What that engine leaves in clear is hashed here."""
    reshape = compile_transform([Step(hash_=Hashing(("traits.email",)))])

    assert reshape
    assert "a@b.c" not in str(reshape({"traits": {"email": "a@b.c"}}))
