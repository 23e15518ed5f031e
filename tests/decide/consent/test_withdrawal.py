"""What is known of a user withdraws, kind by kind, what an event's own stamp allows."""

from __future__ import annotations

from typing import Any

import pytest

from router.decide.consent.judgement import compile_consent
from router.decide.consent.requirement import Regime
from tests.decide.consent.strings import california, gpp, tc
from tests.decide.making import Needs, Tcf

FULL = tc([1], consented=[12], disclosed=[12])
STAMP: dict[str, Any] = {
    "categories": {"ads": True, "stats": True},
    "google": {"ad_storage": "granted"},
    "tcf": {"applies": True, "string": FULL},
}
ASKS = {
    "all": Needs(require=("ads",), tcf=Tcf(12, (1,)), google=("ad_storage",)),
    "any": Needs(any=("ads", "stats")),
}
WITHDRAWN = "consent.withdrawn"


def judged(need: Needs, said: Any, known: Any, **regime: Any) -> str | None:
    """Return the reason for which a destination that sells is denied."""
    skip = compile_consent("d", need, ("sale",), Regime(**regime))(said, known)
    return None if skip is None else skip.reason.value


@pytest.mark.parametrize(
    ("asks", "known", "reason"),
    [
        ("all", {"categories": {"ads": False}}, WITHDRAWN),
        ("all", {"categories": {"stats": False}}, None),
        ("all", {"categories": 1}, WITHDRAWN),
        ("all", {"malformed": True}, WITHDRAWN),
        ("all", {"google": {"ad_storage": "denied"}}, WITHDRAWN),
        ("all", {"google": {"ad_user_data": "denied"}}, None),
        ("all", {"google": "denied"}, WITHDRAWN),
        ("all", {"tcf": {"applies": True, "string": tc(disclosed=[12])}}, WITHDRAWN),
        ("all", {"tcf": {"applies": False, "string": ""}}, None),
        ("all", {"gpp": {"string": gpp({2: tc(disclosed=[12])}), "sections": None}}, WITHDRAWN),
        ("all", {"gpp": {"string": gpp({8: california(sale=1)}), "sections": None}}, WITHDRAWN),
        ("all", {"gpc": True}, WITHDRAWN),
        ("all", {"usp": "1YYN"}, WITHDRAWN),
        ("all", {"usp": "1YNN"}, None),
        ("any", {"categories": {"ads": False}}, None),
        ("any", {"categories": {"ads": False, "stats": False}}, WITHDRAWN),
        ("any", {"gpc": True}, WITHDRAWN),
    ],
)
def test_each_kind(asks: str, known: Any, reason: str | None) -> None:
    """A kind that is known to be refused denies; one that is not known denies nothing."""
    assert judged(ASKS[asks], STAMP, None) is None
    assert reason == judged(ASKS[asks], STAMP, known)


@pytest.mark.parametrize(
    ("stamp", "known", "reason"),
    [
        ({"tcf": {"applies": False, "string": ""}}, "tcf", None),
        ({"tcf": {"applies": None, "string": FULL}}, "tcf", WITHDRAWN),
        ({"usp": "1---"}, "usp", None),
        ({"usp": "1YNN"}, "usp", WITHDRAWN),
    ],
)
def test_an_event_to_which_the_law_does_not_apply(
    stamp: Any, known: str, reason: str | None
) -> None:
    """What was denied under a law is not held against events that say it is not theirs."""
    denials = {"tcf": {"applies": True, "string": tc(disclosed=[12])}, "usp": "1YYN"}

    assert reason == judged(ASKS["all"], {**STAMP, **stamp}, {known: denials[known]})


def test_any_needs_one_that_stands_in_both() -> None:
    """Of two categories, one refused then and the other refused since: none is left."""
    stamp = {"categories": {"ads": True, "stats": False}}

    assert judged(ASKS["any"], stamp, {"categories": {"stats": True}}) is None
    assert WITHDRAWN == judged(ASKS["any"], stamp, {"categories": {"ads": False, "stats": True}})


def test_a_preference_counts_for_events_that_say_nothing() -> None:
    """`missing: allow` lets silence pass, and not what is known to be refused."""
    asks = ASKS["all"]

    assert judged(asks, None, None, missing="allow") is None
    assert judged(asks, None, {"categories": {"stats": False}}, missing="allow") is None
    for known in ({"categories": {"ads": False}}, {"google": {"ad_storage": "denied"}}):
        assert WITHDRAWN == judged(asks, None, known, missing="allow")


def test_in_rudderstacks_manner() -> None:
    """Only denials count: those that are known join those that the event has."""
    both = Needs(require=("ads", "stats"))
    loose = {"categories": {"ads": False}, "provider": "ketch", "strategy": "or"}

    assert judged(both, loose, None, compat="rudderstack") is None
    assert judged(both, loose, {"categories": {"ads": True}}, compat="rudderstack") is None
    assert WITHDRAWN == judged(
        both, loose, {"categories": {"ads": True, "stats": False}}, compat="rudderstack"
    )
    assert WITHDRAWN == judged(both, None, {"categories": {"ads": False}}, compat="rudderstack")
    again = {"categories": {"ads": True, "stats": False}} | {"provider": "ketch", "strategy": "or"}
    assert WITHDRAWN == judged(both, again, {"categories": {"ads": False}}, compat="rudderstack")
