"""Signals: every name under which consent is read, what is kept of it, and what wins."""

from __future__ import annotations

from typing import Any

import pytest

from router.decide.consent.places import GOOGLE, HOMES, WRITTEN
from router.decide.consent.reading import LONGEST_NAME, MOST_CATEGORIES
from router.decide.consent.signals import signals
from router.decide.consent.tcf import LONGEST
from tests.decide.making import event

SAID: dict[str, tuple[Any, dict[str, Any]]] = {
    "gpc": (True, {"gpc": True}),
    "usp": ("1YNN", {"usp": "1YNN"}),
    "tcf": ("CQuF", {"tcf": {"applies": None, "string": "CQuF"}}),
    "applies": (1, {"tcf": {"applies": True, "string": ""}}),
    "gpp": ("DBAB", {"gpp": {"string": "DBAB", "sections": None}}),
    "google": ({"ad_storage": "granted"}, {"google": {"ad_storage": "granted"}}),
}
"""By kind: a value, and the signals of it."""


def read(**context: Any) -> Any:
    """Return the signals of an event with this context."""
    return signals(event(context=context))


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind in SAID for name in WRITTEN[kind].split()],
)
def test_every_name_is_read(kind: str, name: str) -> None:
    """A kind is read under each of its names: in the context, in objects, in other letters."""
    value, said = SAID[kind]
    written = {name: value}
    spoken = {name.upper(): value}

    assert said == read(**written)
    assert said == read(consent=written) == read(consent=spoken)
    for home in HOMES:
        assert said == read(**{home: written}) == read(**{home: spoken})
    assert said == read(regs={"ext": written}) == read(regs={"coppa": 0, "ext": spoken})


@pytest.mark.parametrize("name", WRITTEN["sections"].split())
def test_sections_are_read_beside_a_gpp_string(name: str) -> None:
    """The sections that apply are read under each name; without a string they are a doubt."""
    assert [7, 8] == read(gpp="DBAB", **{name: [8, 7]})["gpp"]["sections"]
    assert {"gpp": {"string": "", "sections": [7]}} == read(**{name: [7]})
    assert all(read(**{name: value}) is None for value in ([-1], [0], [], "odd"))


@pytest.mark.parametrize(
    ("value", "sections"),
    [
        ([7], [7]), (7, [7]), ("7", [7]), ("7,8", [7, 8]), ("8_7", [7, 8]), (["7", 8], [7, 8]),
        ([-1], [-1]), ([0], None), ([7, 0], None), ([], None), ("", None), (None, None),
        ("usca", None), ({}, None), ([7, None], None), ([True], None), ([[7]], None),
        (list(range(1, 99)), None),
    ],
)  # fmt: skip
def test_shapes_of_sections(value: Any, sections: Any) -> None:
    """Numbers in a list or a text; where it is not known which apply, all may."""
    assert sections == read(gpp="DBAB", gppSid=value)["gpp"]["sections"]


@pytest.mark.parametrize(
    ("context", "said"),
    [
        ({"tcf": {"tcString": "CQ", "gdprApplies": True}}, {"applies": True, "string": "CQ"}),
        ({"tcf": {"string": "CQ", "applies": 0}}, {"applies": False, "string": "CQ"}),
        ({"gdpr": {"applies": "1", "consentString": "CQ"}}, {"applies": True, "string": "CQ"}),
        ({"gdpr": 1, "gdpr_consent": "CQ"}, {"applies": True, "string": "CQ"}),
        ({"regs": {"gdpr": 1}, "tcString": "CQ"}, {"applies": True, "string": "CQ"}),
        ({"consent": {"tcf": {"tcString": "CQ"}}, "tcf": "CQ"}, {"applies": None, "string": "CQ"}),
        ({"consent": {"tcf": "CQ"}, "tcf": "CR"}, {"applies": None, "string": ""}),
        ({"gdpr": 0, "gdprApplies": 1}, {"applies": True, "string": ""}),
        ({"gdpr": 0, "gdprApplies": "?"}, {"applies": None, "string": ""}),
        ({"tcf": {"odd": 1}}, {"applies": None, "string": ""}),
        ({"tcf": ["CQ"]}, {"applies": None, "string": ""}),
        ({"tcf": "C" * LONGEST}, {"applies": None, "string": "C" * LONGEST}),
        ({"tcf": "C" * (LONGEST + 1)}, {"applies": None, "string": ""}),
    ],
)  # fmt: skip
def test_shapes_of_tcf(context: Any, said: Any) -> None:
    """A string and whether the GDPR applies, together or apart; what differs cannot be read."""
    assert {"tcf": said} == read(**context)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (True, True), ("1", True), (1, True), (["0", "1"], True), (False, False),
        ("0", None), ("true", None), (0, None), (2, None), ("1 ", None), (1.0, None), ([], None),
        ({}, None), ("yes", None),
    ],
)  # fmt: skip
def test_global_privacy_control(value: Any, *, said: bool | None) -> None:
    """True and 1 are a signal, false is a stated no, anything else says nothing."""
    assert (None if said is None else {"gpc": said}) == read(gpc=value)
    assert {"gpc": True} == read(gpc=value, privacy={"gpc": True})


@pytest.mark.parametrize(
    "headers",
    [
        [["Accept", "*/*"], ["Sec-GPC", "1"]],
        [["Sec-GPC", "0"], ["sec-gpc", "1"]],
        [{"name": "Accept", "value": "*/*"}, {"name": "sec-gpc", "value": "1"}],
        [{"key": "Sec-GPC", "value": ["1"]}],
        ["Host", "shop.example", "Sec-GPC", "1"],
        [None, 1, ["Sec-GPC"], {}, ["Sec-GPC", "1"]],
    ],
)
def test_headers_may_be_a_list(headers: Any) -> None:
    """Pairs, objects, or names and values in turn: as servers and their recorders write them."""
    assert {"gpc": True} == read(headers=headers)


@pytest.mark.parametrize(
    "headers", [[], [["Sec-GPC", "0"]], [[1, "1"]], ["Sec-GPC"], [{"value": "1"}], ["1", "Sec-GPC"]]
)
def test_a_list_of_headers_without_the_signal(headers: Any) -> None:
    """Whatever else such a list holds says nothing."""
    assert read(headers=headers) is None


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ({"ad_storage": "GRANTED", "adUserData": True},
         {"ad_storage": "granted", "ad_user_data": "granted"}),
        ({"ad_storage": "denied", "ad_user_data": False},
         {"ad_storage": "denied", "ad_user_data": "denied"}),
        ({"ad_storage": "unknown"}, {"ad_storage": "denied"}),
        ({"ad_storage": 1}, {"ad_storage": "denied"}),
        ({"ad_storage": None}, {}),
        ({"ad_storage": "granted", "adStorage": "denied"}, {"ad_storage": "denied"}),
        ({"other": "granted"}, {}),
        ("granted", {}),
        (dict.fromkeys(GOOGLE, "GRANTED"), dict.fromkeys(GOOGLE, "granted")),
    ],
)  # fmt: skip
def test_google(states: Any, said: Any) -> None:
    """What is not granted is denied; a denial wins; names that Google does not know are nothing."""
    assert {"google": said} == read(googleConsent=states)


@pytest.mark.parametrize(
    "context",
    [
        {}, {"gpc": None}, {"consent": None}, {"gpp": ""}, {"usp": ""}, {"page": {}},
        {"privacy": {}}, {"headers": "Sec-GPC"}, {"page": {"gpc": True}},
        {"regs": {"ext": None}}, {"regs": {"ext": ["gpc"]}},
    ],
)  # fmt: skip
def test_nothing_is_said(context: Any) -> None:
    """Null says nothing, nor does an empty text, nor what stands elsewhere."""
    assert read(**context) is None
    assert signals(event(gpc=True, properties={"gpc": True})) is None


@pytest.mark.parametrize(
    ("context", "said"),
    [
        ({"Consent": {"gpc": True}}, {"malformed": True, "gpc": True}),
        ({"Gpc": True}, {"gpc": True}),
        ({"global-privacy-control": True}, {"gpc": True}),
        ({"Headers": {"Sec-GPC": "1"}}, {"gpc": True}),
        ({"AD_STORAGE": "granted"}, {"google": {"ad_storage": "granted"}}),
        ({"Category_Preferences": {"ads": True}}, {"malformed": True}),
    ],
)
def test_names_in_context_count_in_any_spelling(context: Any, said: Any) -> None:
    """Other case and punctuation are no way out; categories so written are a doubt."""
    assert said == read(**context)


def test_preferences_beside_other_kinds() -> None:
    """An object without preferences refuses all of them, unless it is there for another kind."""
    assert {"categories": {}} == read(consent={})
    assert {"categories": {}} == read(consent={"odd": 1})
    assert {"gpc": True} == read(consent={"gpc": True})
    assert {"gpc": True, "categories": {"ads": True}} == read(
        consent={"gpc": True, "categoryPreferences": {"ads": True}}
    )
    assert {"gpc": True, "categories": {}} == read(
        consent={"gpc": True, "categoryPreferences": None}
    )


def test_lists_keep_what_they_are_judged_by() -> None:
    """RudderStack's provider and strategy are kept; empty names are none."""
    given = {"allowedConsentIds": ["a", ""], "deniedConsentIds": ["b"], "provider": "ketch",
             "resolutionStrategy": "or"}  # fmt: skip

    assert {"categories": {"a": True, "b": False}, "provider": "ketch",
            "strategy": "or"} == read(consentManagement=given)  # fmt: skip


@pytest.mark.parametrize(
    ("preferences", "lists", "said"),
    [
        ({"ads": True}, {"allowedConsentIds": ["ads"]}, {"ads": True}),
        ({"ads": True}, {"allowedConsentIds": ["stats"]}, {}),
        ({"ads": True}, {"deniedConsentIds": ["stats"]}, {"stats": False}),
        ({"ads": True}, {}, {}),
        ({}, {"allowedConsentIds": ["ads"], "deniedConsentIds": ["stats"]}, {"stats": False}),
        ({"ads": None}, {"allowedConsentIds": ["ads"]}, {"ads": None}),
        ({"ads": True, "stats": False}, {"allowedConsentIds": ["ads", "stats"]},
         {"ads": True, "stats": False}),
    ],
)  # fmt: skip
def test_two_shapes_of_categories(preferences: Any, lists: Any, said: Any) -> None:
    """Where an event speaks in both shapes, what only one of them allows is not allowed."""
    segment = {"categoryPreferences": preferences}

    assert {"categories": said} == read(consent=segment, consentManagement=lists)


def test_an_empty_list_in_place_of_lists_allows_nothing() -> None:
    """PHP writes an object that holds nothing as a list: it can be read."""
    assert {"categories": {}} == read(consentManagement=[])


def test_what_can_be_read_is_kept_beside_what_cannot() -> None:
    """A list that is none does not hide the other: a denial in it is still one."""
    given = {"allowedConsentIds": "a", "deniedConsentIds": ["b"]}

    assert {"malformed": True, "categories": {"b": False}} == read(consentManagement=given)


def test_bounds() -> None:
    """Neither many categories nor long names travel with every delivery."""
    many = {f"c{n}": True for n in range(MOST_CATEGORIES + 1)}
    long = "x" * (LONGEST_NAME + 1)

    said = read(consent={"categoryPreferences": many})
    assert said["malformed"] is True
    assert MOST_CATEGORIES == len(said["categories"])
    assert {"malformed": True, "categories": {}} == read(
        consent={"categoryPreferences": {long: True}}
    )
    assert "x" * LONGEST_NAME == read(consentManagement={"provider": long})["provider"]
