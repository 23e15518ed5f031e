"""The truth table of consent, and two other systems' own cases in the modes that copy them."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from router.decide.consent.signals import signals
from router.decide.verdict import Skip
from router.observe.reasons import SkipReason
from tests.decide.consent.cases import CONSENT
from tests.decide.consent.corpus import corpus, segments
from tests.decide.making import Consents, Needs, To, event, routes

if TYPE_CHECKING:
    from router.decide.routes import Route
    from tests.decide.cases import Case

CASES = [case for cases in CONSENT.values() for case in cases]


@cache
def compiled(case: Case) -> Route:
    """Return the case's way to its destination."""
    [route] = case.routes.destinations
    return route


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_truth_table(case: Case) -> None:
    """Each case sends or skips, and for the reason that it names."""
    verdict = compiled(case).verdict(case.came)

    told = ("skip", verdict.reason.value) if isinstance(verdict, Skip) else ("send", None)
    assert (case.verdict, case.reason) == told


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_what_is_stored_is_judged_alike(case: Case) -> None:
    """What travels with a delivery, through JSON and back, is judged as the event was."""
    stored = json.loads(json.dumps(signals(case.came)))

    assert case.reason == getattr(compiled(case).recheck(stored), "reason", None)


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_what_is_known_only_narrows(case: Case) -> None:
    """A preference that denies withdraws what an event allows; one that allows gives nothing."""
    said = signals(case.came)
    allowed = {case.reason} if case.reason else {None, SkipReason.CONSENT_WITHDRAWN}

    assert allowed >= {
        getattr(compiled(case).recheck(said, signals(other.came)), "reason", None)
        for other in CASES
    }


def test_titles_are_told_apart() -> None:
    """No two cases of the table share a title."""
    assert len(CASES) == len({case.title for case in CASES})


def test_every_reason_has_a_case() -> None:
    """No reason of consent is without a case, but withdrawal, which takes two statements."""
    reasons = {reason.value for reason in SkipReason if reason.value.startswith("consent.")}

    assert reasons - {SkipReason.CONSENT_WITHDRAWN} == {case.reason for case in CASES} - {None}


@pytest.mark.parametrize("case", corpus("segment"), ids=lambda case: str(case["name"]))
def test_as_segment(case: dict[str, Any]) -> None:
    """In Segment's mode each of its rows is answered as it answers, but for one.

    Its first row sends an empty object everywhere, its fourth nowhere: the private one is kept.
    """
    sections, came = segments(case)
    ways = routes(consent=Consents(compat="segment"), **sections)
    verdicts = ways.verdicts(came)
    sent = {route.name: int(not isinstance(verdict, Skip))
            for route, verdict in zip(ways.destinations, verdicts, strict=True)}  # fmt: skip

    expected = dict(case["expect"])
    if case["name"].startswith("consent:{} , no integrations"):
        expected |= dict.fromkeys(("facebook", "google-ads", "amplitude"), 0)
    assert expected == {name: sent[name] for name in expected}


@pytest.mark.parametrize("case", corpus("rudder-server"), ids=lambda case: str(case["name"]))
def test_as_rudderstack(case: dict[str, Any]) -> None:
    """In RudderStack's mode each of its server's cases is answered as it answers."""
    declared = case["destination"]
    word = "any" if declared.get("strategy") == "or" else "require"
    named: Any = {word: tuple(declared["consents"])}
    need = Needs(**named, provider=declared["provider"])
    ways = routes(consent=Consents(compat="rudderstack"), dest=To(consent=need))
    [verdict] = ways.verdicts(event(context={"consentManagement": case["consentManagement"]}))

    assert case["expect"]["dest"] == int(not isinstance(verdict, Skip))
