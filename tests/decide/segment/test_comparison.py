"""Beside each verdict what Segment would have done: its documented rules, and why we differ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given

from router.decide.segment.comparison import compile_comparison
from router.decide.segment.differences import Difference
from router.decide.verdict import Skip
from tests.decide.cases import Case
from tests.decide.consent.cases import CONSENT as CONSENT_CASES
from tests.decide.making import ADAPTERS, Config, Consents, Crm, Needs, To, event
from tests.decide.map_cases import MAPS
from tests.decide.test_integrations import MAPS as ANY_MAP
from tests.decide.test_integrations import SERVED

CONSENT = "FILTERED_BY_END_USER_CONSENT"
INTEGRATIONS = "FILTERED_BY_INTEGRATIONS_OBJECT"
ADS = "consent: {require: [ads]}"
EITHER = "consent: {any: [ads, stats]}"
UPDATED = '"event": "Segment Consent Preference Updated"'


def beside(case: Case) -> dict[str, Any]:
    """Return what a case's event would have met at Segment."""
    [verdict] = case.routes.verdicts(case.came)
    [comparison] = case.comparisons
    return comparison.beside(case.came, verdict.reason if isinstance(verdict, Skip) else None)


@pytest.mark.parametrize(
    ("given_event", "declared", "segment", "difference"),
    [
        ("{}", "", None, None),
        ('{"integrations": {"All": false}}', "", INTEGRATIONS, None),
        ('{"integrations": {"mixpanel": false}}', "", None, "spelling"),
        ('{"_metadata": {"bundled": ["mixpanel"]}}', "", None, "spelling"),
        ('{"_metadata": {"bundled": ["Mixpanel"]}}', "", "MESSAGE_SENT_CLIENT_SIDE", None),
        ('{"integrations": {"Mixpanel": true, "Mixpanel (Actions)": false}}', "", None,
         "two_names"),
        ('{"integrations": {"product": false}}', "", None, "own_name"),
        ('{"integrations": {"All": false, "product": true}}', "", INTEGRATIONS, "own_name"),
        ('{"integrations": {"Mixpanel": null}}', "", None, "odd_value"),
        ('{"integrations": {"All": false, "Mixpanel": null}}', "", None, "odd_value"),
        ('{"integrations": {"All": "false"}}', "", None, "odd_value"),
        ('{"integrations": {"All": {}}}', "", None, "odd_value"),
        ('{"integrations": {"all": false}}', "", INTEGRATIONS, None),
        ('{"integrations": "Mixpanel"}', "", None, "malformed_map"),
        ("{}", "type: crm", INTEGRATIONS, "salesforce"),
        ('{"integrations": {"All": true}}', "type: crm", INTEGRATIONS, "salesforce"),
        ('{"integrations": {"Salesforce": true}}', "type: crm", None, None),
        ('{"integrations": {"All": false}}', "type: store", None, "warehouse"),
        ('{"integrations": {"Warehouse": false}}', "type: store", None, "warehouse"),
        ('{"integrations": {"Warehouses": {"all": false}}}', "type: store", INTEGRATIONS, None),
        ('{"integrations": {"Warehouses": {"warehouseIds": ["product"]}}}', "type: store", None,
         None),
        ("{}", ADS, None, "fails_open"),
        ('{"context": {"consent": {}}}', ADS, None, "fails_open"),
        ('{"context": {"gpc": true, "consent": {"gpc": true}}}', "uses: [sale]\n" + ADS, None,
         "other_signals"),
        ('{"context": {"consent": {"categoryPreferences": {}}}}', ADS, CONSENT, None),
        ('{"context": {"consent": {"categoryPreferences": "ads"}}}', ADS, None,
         "unreadable_consent"),
        ('{"context": {"consent": {"categoryPreferences": {"ads": "true"}}}}', ADS, CONSENT, None),
        ('{"context": {"consent": {"categoryPreferences": {"ads": true}}}}', EITHER, CONSENT,
         "any_of"),
        ('{"context": {"consentManagement": {"deniedConsentIds": ["ads"]}}}', ADS, None,
         "other_signals"),
        (f'{{{UPDATED}, "context": {{"consent": {{"categoryPreferences": {{"ads": false}}}}}}}}',
         ADS, None, "preference_event"),
        ((f'{{"type": "page", {UPDATED}, "context": {{"consent": {{"categoryPreferences": '
         '{"ads": false}}}}'), ADS, CONSENT, None),
        ('{"type": "page"}', "type: ga", "UNSUPPORTED_EVENT_TYPE", None),
        ("{}", "sources: [shop]", "SOURCE_NOT_CONNECTED", None),
        ("{}", 'events: type = "page"', "FILTERED_BY_RULES", None),
        ("{}", "filters: [{if: all, do: drop}]", "FILTERED_BY_RULES", None),
        ('{"integrations": {"mixpanel": false}}', "filters: [{if: all, do: drop}]",
         "FILTERED_BY_RULES", None),
    ],
)  # fmt: skip
def test_differences(
    given_event: str, declared: str, segment: str | None, difference: str | None
) -> None:
    """Segment's verdict follows its documentation, and each difference has its code."""
    above = "sources: {shop: {write_keys: [k]}}" if "sources" in declared else ""
    told = beside(Case("", given_event, declared, "", None, "", above))

    assert (segment, difference) == (told["reason"], told["difference"])
    assert (difference is not None) == told["differs"]


def test_undeclared_consent() -> None:
    """Segment sends everything to whom no category is mapped."""
    told = beside(Case("", "{}", "", "", None, "", "consent: {categories: [ads]}"))

    assert ("send", "undeclared") == (told["verdict"], told["difference"])
    assert Difference.UNDECLARED.meaning == told["why"]


def test_a_failing_policy_is_told() -> None:
    """What the policy failed on, Segment would have sent."""
    [comparison] = Case("", "{}", "", "", None, "").comparisons

    assert "policy" == comparison.beside(event(), "policy_error")["difference"]


CORPUS = Path(__file__).parents[2] / "corpora" / "consent_cases.jsonl"
TABLE = [row for line in CORPUS.read_bytes().splitlines()
         if (row := orjson.loads(line))["system"] == "segment"]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["name"])
def test_segments_own_table(row: dict[str, Any]) -> None:
    """Each row of Segment's table of consent and integrations comes out as it says."""
    mapped: dict[str, list[str]] = {}
    for category, names in row["category_map"].items():
        for name in names:
            mapped.setdefault(name, []).append(category)
    kinds = {name: type(name, (Crm,), {"name": name, "aliases": frozenset()})
             for name in row["expect"]}  # fmt: skip
    to = {name: To(name, consent=Needs(tuple(mapped[name])) if name in mapped else None)
          for name in kinds}  # fmt: skip
    fields = {"context": {"consent": row["consent"]}, "integrations": row["integrations"]}
    compared = compile_comparison(Config(to), kinds)
    came = event(**{key: value for key, value in fields.items() if value != {"consent": None}})

    assert row["expect"] == {name: int(one.segment(came) is None) for name, one in compared.items()}


ALL = Config(
    {"crm": To(consent=Needs(("ads",))), "ga": To("ga", consent=Needs(any=("ads", "stats"))),
     "lake": To("store", consent=Needs(not_required="ours")), "x": To(events="event = 'A'")},
    Consents(("ads", "stats")),
)  # fmt: skip


@given(ANY_MAP, SERVED, ANY_MAP)
def test_any_event_can_be_compared(given_map: Any, served: Any, consent: Any) -> None:
    """Whatever an event holds, two verdicts differ exactly when a difference is named."""
    came = event(integrations=given_map, _metadata=served, context={"consent": consent})

    for one in compile_comparison(ALL, ADAPTERS).values():
        for reason in (None, "consent.missing", "consent.category_denied"):
            told = one.beside(came, reason)
            assert told["differs"] == ((reason is None) != (told["verdict"] == "send"))


def test_every_difference_comes_up_in_the_table() -> None:
    """The cases of the docs show each difference, but for three that need more than a case."""
    tables = (*MAPS.values(), *CONSENT_CASES.values())
    shown = {beside(case)["difference"] for cases in tables for case in cases} - {None}

    assert {one.value for one in Difference} - shown <= {"salesforce", "preference_event", "policy"}
