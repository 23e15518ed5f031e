"""The event's own map: every case of it, decided once, on the private side."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide.integrations import compile_integrations, unknown_names
from router.decide.verdict import Send, Skip
from tests.decide.making import Consents, Needs, To, event, routes

OFF, ALL_OFF, MALFORMED = "integrations.off", "integrations.all_off", "integrations.malformed"
CASES: list[tuple[Any, str]] = [
    (None, "send"),
    ({}, "send"),
    ([], "send"),
    ({"All": True}, "send"),
    ({"Segment.io": True}, "send"),
    ({"Segment.io": False}, "send"),
    ({"Mixpanel": False}, "send"),
    ({"All": False}, ALL_OFF),
    ({"all": False}, ALL_OFF),
    ({"all": True}, "send"),
    ({"All": False, "all": True}, ALL_OFF),
    ({"All": None}, ALL_OFF),
    ({"All": "false"}, ALL_OFF),
    ({"All": "true"}, ALL_OFF),
    ({"All": 0}, ALL_OFF),
    ({"All": {}}, ALL_OFF),
    ({"All": False, "Segment.io": True}, ALL_OFF),
    ({"Salesforce": True}, "send"),
    ({"Salesforce": False}, OFF),
    ({"Salesforce": None}, OFF),
    ({"Salesforce": "false"}, OFF),
    ({"Salesforce": "true"}, OFF),
    ({"Salesforce": 1}, OFF),
    ({"Salesforce": []}, OFF),
    ({"Salesforce": {}}, "send"),
    ({"Salesforce": {"lookup": {}}}, "send"),
    ({"All": False, "Salesforce": True}, "send"),
    ({"All": False, "Salesforce": {"a": 1}}, "send"),
    ({"All": False, "Salesforce (Actions)": True}, "send"),
    ({"All": False, "my-crm": True}, "send"),
    ({"All": False, "Salesforce": None}, OFF),
    ({"All": False, "salesforce": True}, ALL_OFF),
    ({"All": False, "salesforce": {"a": 1}}, ALL_OFF),
    ({"All": False, "My CRM": True}, ALL_OFF),
    ({"salesforce": False}, OFF),
    ({"SALES FORCE": False}, OFF),
    ({"sales_force": 0}, OFF),
    ({"salesforceActions": False}, OFF),
    ({"myCrm": False}, OFF),
    ({"my-crm": False, "Salesforce": True}, OFF),
    ({"Salesforce": True, "my_crm": False}, OFF),
    ({"": False, "-": False}, "send"),
    (True, MALFORMED),
    (False, MALFORMED),
    (0, MALFORMED),
    ("", MALFORMED),
    ("All", MALFORMED),
    (["Salesforce"], MALFORMED),
]


@pytest.mark.parametrize(("given_map", "expected"), CASES)
def test_truth_table(given_map: Any, expected: str) -> None:
    """Each shape of the map sends or skips as the table says."""
    narrow = compile_integrations("my-crm", "Salesforce", ["Salesforce (Actions)"])

    verdict = narrow(event(integrations=given_map))

    assert expected == (verdict.reason if isinstance(verdict, Skip) else "send")


@pytest.mark.parametrize(
    ("given_map", "expected"),
    [
        ({"Warehouse": True}, "send"),
        ({"Warehouse": False}, OFF),
        ({"Warehouses": {"all": True}}, "send"),
        ({"Warehouses": {"all": False}}, OFF),
        ({"Warehouses": {"warehouseIds": ["lake"]}}, "send"),
        ({"Warehouses": {"warehouseIds": ["other"]}}, OFF),
        ({"Warehouses": {}}, OFF),
        ({"All": False, "Warehouses": {"all": True}}, "send"),
        ({"All": False}, ALL_OFF),
    ],
)
def test_warehouses(given_map: Any, expected: str) -> None:
    """A warehouse understands Segment's selection of warehouses."""
    verdict = compile_integrations("lake", "Warehouse", ["Warehouses"])(
        event(integrations=given_map)
    )

    assert expected == (verdict.reason if isinstance(verdict, Skip) else "send")


@pytest.mark.parametrize(
    ("given_map", "expected"),
    [
        ({"Salesforce": {"a": 1}}, {"a": 1}),
        ({"Salesforce": True}, None),
        ({"Salesforce": {}}, None),
        ({"Salesforce": True, "my-crm": {"b": 2}}, {"b": 2}),
        ({"Mixpanel": {"a": 1}}, None),
    ],
)
def test_options(given_map: Any, expected: Any) -> None:
    """An object under an accepted name is handed on as the destination's options."""
    verdict = compile_integrations("my-crm", "Salesforce")(event(integrations=given_map))

    assert isinstance(verdict, Send)
    assert expected == verdict.options


def test_device_mode() -> None:
    """What the browser already sent, by name or id, is not sent twice."""
    narrow = compile_integrations("my-crm", "Salesforce")

    for metadata in ({"bundled": ["Salesforce"]}, {"bundledIds": ["my-crm"]}):
        verdict = narrow(event(_metadata=metadata))
        assert isinstance(verdict, Skip)
        assert "integrations.device_mode" == verdict.reason
    assert isinstance(narrow(event(_metadata={"bundled": ["Segment.io"]})), Send)


def test_unknown_names() -> None:
    """Names that mean no destination here are told; `All` and `Segment.io` are none."""
    known = routes(crm=To(), ga=To("ga")).known_names
    given_map = {"All": True, "Segment.io": True, "salesforce": False, "google analytics-4": True,
                 "Mixpanle": True}  # fmt: skip

    assert ("Mixpanle",) == unknown_names(event(integrations=given_map), known)
    assert () == unknown_names(event(integrations="x"), known)


@given(
    st.dictionaries(
        st.sampled_from(["All", "all", "Salesforce", "salesforce", "crm", "ads", "x"]),
        st.sampled_from([True, False, None, 0, 1, "false", {}, {"a": 1}, []]),
    )
    | st.sampled_from([None, True, "x", 3])
)
def test_the_map_only_narrows(given_map: Any) -> None:
    """No map opens what the configuration closes."""
    closed = routes(crm=To(consent=Needs(require=("ads",))), ads=To(sources=("other",)),
                    ga=To("ga", events="false"), consent=Consents(("ads",)))  # fmt: skip

    assert all(isinstance(v, Skip) for v in closed.verdicts(event(integrations=given_map)))
