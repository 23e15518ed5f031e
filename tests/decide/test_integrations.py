"""Laws of the event's own map, whatever it holds: it narrows, and a false is always heard."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide.oddities import UNTELLABLE, tellable
from router.decide.verdict import Send, Skip
from router.observe.reasons import MapOddity
from tests.decide.making import Consents, Needs, To, event, routes

ALL = routes(crm=To(known_as=("5f7d", "My Crm (Shop)")), ga=To("ga"), lake=To("store"))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.floats(allow_nan=False)
    | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
NAMES = st.sampled_from(
    ["All", "all", "ALL", "Salesforce", "salesforce", "crm", "ga", "Google Analytics 4", "5f7d",
     "Warehouse", "Warehouses", "lake", "Segment.io", "x", "", "\uff21ll"]
)  # fmt: skip
CHOICES = st.fixed_dictionaries({}, optional={"all": JSON, "warehouseIds": JSON})
MAPS = JSON | st.dictionaries(NAMES | st.text(max_size=12), JSON | CHOICES, max_size=5)
SERVED = JSON | st.fixed_dictionaries({"bundled": st.lists(NAMES), "bundledIds": st.lists(NAMES)})


def sent(fields: dict[str, Any]) -> set[str]:
    """Return the destinations that get an event with these fields."""
    verdicts = zip(ALL.destinations, ALL.verdicts(event(**fields)), strict=True)
    return {route.name for route, verdict in verdicts if isinstance(verdict, Send)}


@given(MAPS, SERVED)
def test_a_map_only_narrows(given_map: Any, served: Any) -> None:
    """Whatever the map and the browser say, nobody gets an event who would not get it without."""
    plain = sent({})
    narrowed = sent({"integrations": given_map})

    assert {"crm", "ga", "lake"} == plain
    assert narrowed <= plain
    assert sent({"integrations": given_map, "_metadata": served}) <= narrowed


@given(MAPS)
def test_no_map_opens_what_is_closed(given_map: Any) -> None:
    """No map opens what sources, consent or the filter close."""
    closed = routes(crm=To(consent=Needs(require=("ads",))), ads=To(sources=("other",)),
                    ga=To("ga", events="false"), consent=Consents(("ads",)))  # fmt: skip

    assert all(isinstance(v, Skip) for v in closed.verdicts(event(integrations=given_map)))


@given(
    st.sampled_from(["Salesforce", "Salesforce (Actions)", "crm", "5f7d", "My Crm (Shop)"]),
    st.data(),
    st.dictionaries(NAMES, st.sampled_from([True])),
    st.sampled_from([False, None, 0, "true", []]),
)
def test_a_false_is_heard_under_every_spelling(
    name: str, data: st.DataObject, others: dict[str, bool], no: Any
) -> None:
    """Case, spaces and punctuation do not hide a false, nor does what else the map says."""
    between = st.text(" .-_()/'", max_size=2)
    letters = (
        data.draw(st.sampled_from([c.lower(), c.upper()])) + data.draw(between) for c in name
    )

    assert "crm" not in sent({"integrations": others | {"".join(letters): no}})


@given(st.dictionaries(NAMES | st.text(max_size=12), st.booleans(), max_size=4))
def test_all_false_names_its_exceptions(given_map: dict[str, bool]) -> None:
    """Beside `All: false` only those get an event that are named exactly."""
    exact = {"crm": {"crm", "Salesforce", "5f7d"}, "ga": {"ga", "Google Analytics 4"},
             "lake": {"lake", "Warehouse", "Warehouses"}}  # fmt: skip

    for name in sent({"integrations": given_map | {"All": False}}):
        assert any(given_map.get(accepted) is True for accepted in exact[name])


@pytest.mark.parametrize(
    ("given_map", "expected"),
    [
        ({"Salesforce": {"a": 1}}, {"a": 1}),
        ({"Salesforce": True}, None),
        ({"Salesforce": {}}, None),
        ({"Salesforce": True, "crm": {"b": 2}}, {"b": 2}),
        ({"salesforce": {"a": 1}}, None),
        ({"Mixpanel": {"a": 1}}, None),
    ],
)
def test_options(given_map: Any, expected: Any) -> None:
    """An object under an accepted name is handed on as the destination's options."""
    verdict = ALL.verdicts(event(integrations=given_map))[0]

    assert isinstance(verdict, Send)
    assert expected == verdict.options


def test_a_huge_map_is_not_read() -> None:
    """A map of hundreds of names is nobody's meaning: nobody gets the event, and soon."""
    assert sent({"integrations": dict.fromkeys(map(str, range(500)), True)})
    assert not sent({"integrations": dict.fromkeys(map(str, range(501)), True)})


UNKNOWN, MISSPELLED, ODD, UNLISTED = MapOddity


@pytest.mark.parametrize(
    ("given_map", "expected"),
    [
        ({"All": True, "Segment.io": True, "Salesforce": {"a": 1}, "crm": False}, []),
        ({"Salesforse": False}, [(UNKNOWN, "Salesforse", "Salesforce")]),
        ({"Amplitude": True}, [(UNKNOWN, "Amplitude", None)]),
        ({"": None}, [(UNKNOWN, "", None)]),
        ({"salesforce": True}, [(MISSPELLED, "salesforce", "Salesforce")]),
        ({"sales force": False}, [(MISSPELLED, "sales force", "Salesforce")]),
        ({"ga": True, "GA": True}, [(MISSPELLED, "GA", "ga")]),
        ({"store": False}, [(MISSPELLED, "store", "Warehouse")]),
        ({"all": False}, [(MISSPELLED, "all", "All")]),
        ({"Salesforce": None}, [(ODD, "Salesforce", "Salesforce")]),
        ({"All": "false"}, [(ODD, "All", "All")]),
        ({"All": {}}, [(ODD, "All", "All")]),
        ({"Warehouses": {"all": False}}, []),
        ({"Warehouses": {"warehouseIds": []}}, []),
        ({"Warehouses": {"all": "x"}}, [(ODD, "Warehouses", "Warehouses")]),
        ("Salesforce", []),
        (None, []),
    ],
)
def test_oddities(given_map: Any, expected: list[tuple[MapOddity, str, str | None]]) -> None:
    """What means nothing here, or less than it seems, is told with the name that is right."""
    odd = ALL.oddities(event(integrations=given_map), None)

    assert expected == [(one.code, one.name, ALL.names.meant(one.name, one.code)) for one in odd]


def test_categories_that_are_not_listed() -> None:
    """They are told with the one that was meant; where none is listed, every one is fine."""
    said = {"categories": {"ads": True, "Ads": True, "analytic": False, "zzz": None}, "gpc": True}
    listing = routes(consent=Consents(categories=("ads", "analytics")), one=To())
    odd = listing.oddities(event(), said)

    assert {UNLISTED} == {one.code for one in odd}
    assert {"Ads": "ads", "analytic": "analytics", "zzz": None} == {
        one.name: listing.names.meant(one.name, one.code) for one in odd
    }
    assert () == listing.oddities(event(), {"gpc": True}) == ALL.oddities(event(), said)


@given(MAPS)
def test_a_plain_map_is_not_odd(given_map: Any) -> None:
    """Whatever is not told as odd is a true, a false or an object under an accepted name."""
    odd = {oddity.name for oddity in ALL.oddities(event(integrations=given_map), None)}

    if isinstance(given_map, dict):
        for name in given_map.keys() - odd:
            assert name in ALL.names.accepted
            assert isinstance(given_map[name], bool | dict)


@pytest.mark.parametrize(
    "name",
    ["maya@example.com", "+4915199887766", "5f7dd6d21ad74f3842b1fc47", "10.0.0.12", "", " x",
     "a" * 41, "A\nB", "\u202eAll", "4111 1111"],
)  # fmt: skip
def test_what_could_be_somebody_is_not_told(name: str) -> None:
    """A name that could be an address, a number or an id is replaced by a word."""
    assert UNTELLABLE == tellable(name)


@pytest.mark.parametrize(
    "name", ["Mixpanle", "Google Analytics 4", "My Function (My Workspace)", "C0004"]
)
def test_names_of_vendors_are_told(name: str) -> None:
    """A name as vendors have them is told as it stands."""
    assert name == tellable(name)
