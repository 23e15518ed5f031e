"""Consent categories: doubt denies, and every denial has its reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide.consent.judgement import compile_consent
from router.decide.consent.requirement import Regime
from router.decide.consent.signals import signals
from tests.decide.consent.corpus import corpus, segments
from tests.decide.making import Consents, Needs, To, event, routes

MISSING, DENIED = "consent.missing", "consent.category_denied"
MALFORMED, UNDECLARED = "consent.malformed", "consent.undeclared"


def said(context: Any) -> Any:
    """Return the signals of an event with this context."""
    return signals(event(context=context))


def judged(
    need: Needs | None, context: Any, *, enforced: bool = True, missing: str = "deny"
) -> str:
    """Return `send`, or the reason for which a destination with this need is denied."""
    regime = Regime(enforced=enforced, missing=missing)
    skip = compile_consent("d", need, ("analytics",), regime)(said(context))
    return "send" if skip is None else str(skip.reason)


def preferences(**categories: Any) -> dict[str, Any]:
    """Return a context with Segment's consent object."""
    return {"consent": {"categoryPreferences": categories}}


def lists(allowed: Any, denied: Any) -> dict[str, Any]:
    """Return a context with RudderStack's consent object."""
    return {"consentManagement": {"allowedConsentIds": allowed, "deniedConsentIds": denied}}


@pytest.mark.parametrize(
    ("context", "require_both", "any_of_two"),
    [
        ({}, MISSING, MISSING),
        ({"consent": None}, MISSING, MISSING),
        ({"consent": {}}, DENIED, DENIED),
        ({"consent": []}, DENIED, DENIED),
        ({"consent": {"categoryPreferences": None}}, DENIED, DENIED),
        ({"consent": {"categoryPreferences": []}}, DENIED, DENIED),
        ({"consent": {"categoryPreferences": ["a"]}}, MALFORMED, MALFORMED),
        ({"consent": "yes"}, MALFORMED, MALFORMED),
        ({"consent": True}, MALFORMED, MALFORMED),
        (preferences(), DENIED, DENIED),
        (preferences(a=True, b=True), "send", "send"),
        (preferences(a=True, b=False), DENIED, "send"),
        (preferences(a=True), DENIED, "send"),
        (preferences(A=True, B=True), DENIED, DENIED),
        (preferences(a=True, b="true"), MALFORMED, "send"),
        (preferences(a=1, b=1), MALFORMED, MALFORMED),
        (preferences(a=False, b=None), DENIED, MALFORMED),
        (preferences(a=True, b=True, c="odd"), "send", "send"),
        (lists(["a", "b"], []), "send", "send"),
        (lists(["a"], ["b"]), DENIED, "send"),
        (lists(["a", "b"], ["b"]), DENIED, "send"),
        (lists([], []), DENIED, DENIED),
        (lists(None, None), DENIED, DENIED),
        (lists("a", []), MALFORMED, MALFORMED),
        (lists(["a"], [1]), MALFORMED, MALFORMED),
        (preferences(a=True, b=True) | lists(["a"], ["b"]), DENIED, "send"),
        (preferences(a=True, b=True) | lists([], ["b"]), DENIED, DENIED),
        (preferences(a=False) | lists(["a", "b"], []), DENIED, DENIED),
        (preferences(**{f"c{n}": True for n in range(65)}), MALFORMED, MALFORMED),
    ],
)
def test_truth_table(context: Any, require_both: str, any_of_two: str) -> None:
    """Each shape of consent allows or denies as the table says."""
    assert require_both == judged(Needs(require=("a", "b")), context)
    assert any_of_two == judged(Needs(any=("a", "b")), context)


@pytest.mark.parametrize("context", [{}, {"consent": "odd"}, preferences(a=False)])
def test_not_required(context: Any) -> None:
    """A destination that declares that it needs none gets every event."""
    assert "send" == judged(Needs(not_required="our own log"), context)


def test_undeclared() -> None:
    """A destination that declares nothing is denied where anything speaks of consent, else not."""
    assert UNDECLARED == judged(None, preferences(a=True))
    assert "send" == judged(None, {}, enforced=False)
    assert UNDECLARED == judged(Needs(), preferences(a=True))


def test_when_consent_is_enforced() -> None:
    """A category in the configuration, or one destination's need, makes silence a denial."""
    silent = event()

    assert "send" == explained(routes(hook=To()), silent, "hook")
    assert UNDECLARED == explained(routes(hook=To(), consent=Consents(("a",))), silent, "hook")
    other = routes(hook=To(), ads=To(consent=Needs(not_required="x")))
    assert (UNDECLARED, "send") == (
        explained(other, silent, "hook"),
        explained(other, silent, "ads"),
    )


def explained(routes_: Any, event_: Any, name: str) -> str:
    """Return `send` or the reason for one destination."""
    [route] = [route for route in routes_.destinations if route.name == name]
    return str(getattr(route.verdict(event_), "reason", "send"))


def test_missing_allow() -> None:
    """`missing: allow` lets events through that say nothing, and no others."""
    need = Needs(require=("a",))

    assert "send" == judged(need, {}, missing="allow")
    assert DENIED == judged(need, {"consent": {}}, missing="allow")
    assert DENIED == judged(need, preferences(a=False), missing="allow")


def test_recheck_is_the_verdict() -> None:
    """What travels with a delivery is judged as the event was."""
    compiled = routes(ads=To(consent=Needs(require=("a",))))
    [route] = compiled.destinations
    for context in ({}, preferences(a=True), preferences(a=False), {"consent": 1}):
        stored = json.loads(json.dumps(compiled.signals(event(context=context))))
        verdict = route.verdict(event(context=context))
        assert getattr(verdict, "reason", None) == getattr(route.recheck(stored), "reason", None)
    assert MISSING == getattr(route.recheck({"nonsense": 1}), "reason", None)
    assert MALFORMED == getattr(route.recheck({"categories": 1}), "reason", None)


@pytest.mark.parametrize(
    ("stamp", "known", "expected"),
    [
        ({"a": True}, None, None),
        ({"a": True}, {"a": True}, None),
        ({"a": True}, {"a": False}, "consent.withdrawn"),
        ({"a": True}, {}, None),
        ({"a": True}, {"b": False}, None),
        ({"a": True}, {"a": None}, "consent.withdrawn"),
        ({"a": False}, {"a": True}, DENIED),
        ({"a": False}, {"a": False}, DENIED),
    ],
)
def test_the_stricter_of_stamp_and_latest(stamp: Any, known: Any, expected: str | None) -> None:
    """The latest known preference can only narrow what the event's own stamp allows."""
    judge = compile_consent("d", Needs(require=("a",)), None, Regime())
    latest = None if known is None else {"categories": known}

    assert expected == getattr(judge({"categories": stamp}, latest), "reason", None)


def test_kinds_that_are_not_known_deny_nothing() -> None:
    """A preference that holds another kind of signal says nothing about categories."""
    judge = compile_consent("d", Needs(require=("a",)), None, Regime())

    assert judge({"categories": {"a": True}}, {"gpc": False}) is None
    assert judge({"categories": {"a": True}}, {}) is None


@pytest.mark.parametrize("case", corpus("segment"), ids=lambda case: str(case["name"]))
def test_segments_table(case: dict[str, Any]) -> None:
    """We send nowhere where Segment would not; what it sends and we do not has a reason."""
    sections, came = segments(case)
    compiled = routes(consent=Consents(("ad",)), **sections)

    for name, segment_sends in case["expect"].items():
        reason = explained(compiled, came, name)
        stricter = (MISSING, UNDECLARED) if case["consent"] else (MISSING, UNDECLARED, DENIED)
        assert reason in (("send", *stricter) if segment_sends else (reason,))
        assert segment_sends or reason != "send"


@given(st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["categoryPreferences", "allowedConsentIds",
                                       "deniedConsentIds", "a", "b"]), inner),
    max_leaves=8,
))  # fmt: skip
def test_nothing_but_true_allows(value: Any) -> None:
    """Whatever stands where consent belongs: only a category that is true lets an event pass."""
    context = {"consent": value, "consentManagement": value}

    if judged(Needs(require=("a",)), context) == "send":
        assert "a" in json.dumps(value)
        assert said(context)["categories"]["a"] is True
