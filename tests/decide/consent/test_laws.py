"""Laws of consent, over any JSON in its places: nothing raises, and doubt never sends."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from router.decide.consent.judgement import compile_consent
from router.decide.consent.places import GOOGLE, PLACES, WITHIN
from router.decide.consent.reading import MOST_CATEGORIES
from router.decide.consent.requirement import Regime
from router.decide.consent.signals import signals
from tests.decide.consent.strings import california, gpp, tc
from tests.decide.making import Needs, Tcf, event

FULL = tc([1], consented=[12], disclosed=[12])
STRINGS = [
    *("", "1", "1YNN", "1YYN", "granted", "denied", "ads", "stats", "true", "8,9", "\u0130"),
    *(FULL, tc(disclosed=[12]), gpp({2: FULL}), gpp({8: california()}), gpp({8: california(1)})),
]
NAMES = sorted({
    *PLACES, *GOOGLE, *(part for parts in WITHIN.values() for part in parts),
    *("categoryPreferences", "allowedConsentIds", "deniedConsentIds", "provider",
      "resolutionStrategy", "ads", "stats"),
})  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 9) | st.sampled_from(STRINGS) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=8,
)
CONTEXTS = st.dictionaries(st.sampled_from(sorted(PLACES)), JSON, max_size=4)
LIKELY = st.fixed_dictionaries(
    {},
    optional={
        "consent": st.fixed_dictionaries(
            {},
            optional={
                "categoryPreferences": st.dictionaries(
                    st.sampled_from(["ads", "stats"]), st.sampled_from([True, False, None])
                ),
                "google": st.dictionaries(
                    st.sampled_from(GOOGLE), st.sampled_from(["granted", "denied"])
                ),
            },
        ),
        "gpc": st.sampled_from([True, False, "1", "0"]),
        "usp": st.sampled_from(["1YNN", "1YYN", "1---", "?"]),
        "tcString": st.sampled_from([FULL, tc(disclosed=[12]), "?"]),
        "gdprApplies": st.booleans(),
        "gpp": st.sampled_from(STRINGS[-3:]),
    },
)
SAID = st.one_of(CONTEXTS, LIKELY).map(lambda context: signals(event(context=context)))

EVERYTHING = Needs(require=("ads",), tcf=Tcf(12, (1,)), google=("ad_storage",))
OF = {
    "everything": compile_consent("d", EVERYTHING, ("sale",), Regime()),
    "one of two": compile_consent("d", Needs(any=("ads", "stats")), None, Regime()),
    "uses alone": compile_consent("d", None, ("share",), Regime(enforced=False)),
    "open": compile_consent("d", EVERYTHING, None, Regime(missing="allow")),
    "segment": compile_consent("d", EVERYTHING, None, Regime(compat="segment")),
    "rudderstack": compile_consent("d", EVERYTHING, None, Regime(compat="rudderstack")),
}


@given(CONTEXTS)
def test_whatever_is_said(context: Any) -> None:
    """Any JSON in any place is read into a small value, the same after it was stored."""
    said = signals(event(context=context))
    stored = json.loads(json.dumps(said))

    assert said == stored
    assert len((said or {}).get("categories", ())) <= MOST_CATEGORIES
    for judge in OF.values():
        assert judge(said) == judge(stored)


@given(st.dictionaries(
    st.sampled_from(["categories", "malformed", "gpc", "usp", "tcf", "gpp", "google", "provider",
                     "strategy", "string", "sections", "applies"]), JSON),
    st.none() | st.dictionaries(st.sampled_from(["categories", "tcf", "gpp", "google"]), JSON),
)  # fmt: skip
def test_whatever_was_stored(said: Any, known: Any) -> None:
    """Signals of any shape, as another release may have stored them, are judged without error."""
    for judge in OF.values():
        judge(said, known)


@given(SAID)
def test_nothing_is_sent_without_what_is_required(said: Any) -> None:
    """Who asks for everything gets an event only if everything was granted, and nothing refused."""
    if OF["everything"](said) is None:
        assert said["categories"]["ads"] is True
        assert "malformed" not in said
        assert said["google"]["ad_storage"] == "granted"
        assert said.get("gpc") is not True
        assert said.get("usp", "1YNN")[2] != "Y"
        assert said.get("gpp", {}).get("string") != STRINGS[-1]
        tcf = said.get("tcf") or {"applies": None, "string": FULL}
        assert tcf["applies"] is False or tcf["string"] in {FULL, ""}
        assert "tcf" in said or said["gpp"]["string"] in {gpp({2: FULL}), STRINGS[-2]}


@given(SAID)
def test_one_of_two(said: Any) -> None:
    """Who asks for one of two gets nothing unless one of them is true."""
    if OF["one of two"](said) is None:
        assert True in {said["categories"].get("ads"), said["categories"].get("stats")}


@given(SAID, SAID)
def test_what_is_known_only_narrows(said: Any, known: Any) -> None:
    """A preference never opens what the event's own signals keep shut."""
    for judge in OF.values():
        alone, both = judge(said), judge(said, known)

        assert alone is None or both == alone
        assert both is None or alone is not None or both.reason == "consent.withdrawn"


@given(SAID)
def test_what_was_said_withdraws_nothing_of_itself(said: Any) -> None:
    """A preference that is what the event said changes no verdict."""
    for judge in OF.values():
        assert judge(said) == judge(said, said)
