"""Consent in time: what a user's statements come to, whenever they arrive."""

from __future__ import annotations

from functools import reduce
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide.consent.preference import (
    MOST,
    Preference,
    Statement,
    denied,
    known,
    merged,
    pack,
    remembered,
    stated,
    taken_over,
    unpack,
)
from router.observe.reasons import SkipReason
from tests.decide.consent.strings import california, gpp, tc
from tests.decide.making import Consents, Needs, Tcf, To, event, routes

if TYPE_CHECKING:
    from router.decide.consent.signals import Signals
    from router.decide.verdict import Skip

UPDATE = "Segment Consent Preference Updated"
NAMES = st.sampled_from(["ads", "analytics", "mail"])
SIGNALS = st.fixed_dictionaries(
    {},
    optional={
        "categories": st.dictionaries(NAMES, st.booleans() | st.none(), min_size=1),
        "malformed": st.sampled_from([True]),
        "gpc": st.booleans(),
        "usp": st.sampled_from(["1YNN", "1YYN", "1---"]),
        "google": st.dictionaries(NAMES, st.sampled_from(["granted", "denied"]), min_size=1),
        "tcf": st.fixed_dictionaries({"applies": st.booleans(), "string": st.text(max_size=3)}),
    },
)
OUT, IN = ({"string": gpp({8: california(sale=sale)}), "sections": None} for sale in (1, 2))
STATEMENTS = st.builds(Statement, st.integers(0, 6), SIGNALS)
SOME = st.lists(STATEMENTS, max_size=5)


def one(at: int, **says: Any) -> Preference:
    """Return one statement as an event would make it."""
    return (Statement(at, says),)


def categories(at: int, **says: bool | None) -> Preference:
    """Return a statement about categories."""
    return one(at, categories=says)


def arriving(*statements: Preference) -> Preference:
    """Return what is kept after statements that arrived in this order."""
    return reduce(remembered, statements, ())


def of(statements: list[Statement]) -> Preference:
    """Return statements merged from nothing, in canonical form."""
    return merged(*((each,) for each in statements))


@given(SOME, SOME, SOME)
def test_merging_knows_no_order(first: Any, second: Any, third: Any) -> None:
    """It is commutative, associative and idempotent: how statements are grouped changes nothing."""
    a, b, c = of(first), of(second), of(third)

    assert merged(a, b) == merged(b, a)
    assert merged(merged(a, b), c) == merged(a, merged(b, c)) == of([*first, *second, *third])
    assert merged(a, a) == a


@given(SOME)
def test_the_order_of_arrival_changes_nothing_once_something_was_denied(some: Any) -> None:
    """After a denial it is all the same which of the other statements arrives first."""
    denial = categories(3, ads=False)
    expected = merged(denial, *((each,) for each in some))

    for order in permutations(some[:3]):
        assert expected == arriving(denial, *((each,) for each in [*order, *some[3:]]))


@given(SOME)
def test_a_late_denial_errs_on_the_private_side(some: Any) -> None:
    """Grants that nobody kept may be missing; a denial never is, in any order of arrival."""
    whole = _denied(known(of(some)))

    for order in permutations(some[:3]):
        assert whole <= _denied(known(arriving(*((each,) for each in [*order, *some[3:]]))))


def _denied(signals: Signals) -> set[Any]:
    says = signals or {}
    by_name = {(kind, name) for kind in ("categories", "google")
               for name, value in says.get(kind, {}).items()
               if value is not True and value != "granted"}  # fmt: skip
    if says.get("malformed"):  # it stands for every category
        by_name |= {("categories", name) for name in ("ads", "analytics", "mail")}
    return by_name | ({"gpc"} & says.keys())


@given(SIGNALS, SOME)
def test_what_is_known_only_narrows(said: dict[str, Any], some: Any) -> None:
    """Whatever is known of the user, a destination that the event's own consent denies stays so."""
    made = routes(
        crm=To(consent=Needs(require=("ads",))),
        any=To(consent=Needs(any=("ads", "mail"))),
        free=To(consent=Needs(not_required="ours")),
        silent=To(),
        consent=Consents(missing="allow"),
    )
    for route in made.destinations:
        own, now = route.recheck(said), route.recheck(said, known(of(some)))

        assert own is None or now is not None
        assert own is not None or now is None or now.reason is SkipReason.CONSENT_WITHDRAWN


@given(SIGNALS, SOME, SOME)
def test_what_a_device_refused_only_narrows(said: dict[str, Any], some: Any, device: Any) -> None:
    """Taking over what a device refused, a user is allowed nothing more; a grant stays behind."""
    user = of(some)
    after = taken_over(user, of(device))
    made = routes(
        crm=To(consent=Needs(require=("ads",))),
        any=To(consent=Needs(any=("ads", "mail"))),
        vendor=To(consent=Needs(tcf=Tcf(12, (1,)), google=("ads",))),
        buyer=To(consent=Needs(not_required="see uses"), uses=("sale",)),
        consent=Consents(missing="allow"),
    )

    for route in made.destinations:
        assert route.recheck(said, known(user)) is None or route.recheck(said, known(after))
    assert _denied(known(user)) <= _denied(known(after))
    assert _denied(known(of(device))) == _denied(known(taken_over((), of(device))))


@given(SOME)
def test_it_comes_back_from_the_store_as_it_was(some: Any) -> None:
    """Packing loses nothing."""
    assert of(some) == unpack(pack(of(some)))


@pytest.mark.parametrize("raw", [b"", b"junk", b"[1]", b'[["x",{}]]', b"[[1,2]]", b"null"])
def test_what_cannot_be_read_denies(raw: bytes) -> None:
    """A preference in the store that is none is a doubt."""
    assert {"malformed": True} == known(unpack(raw))


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([categories(1, ads=False), categories(2, ads=True)], {"categories": {"ads": True}}),
        ([categories(2, ads=False), categories(1, ads=True)], {"categories": {"ads": False}}),
        ([categories(1, ads=False), categories(1, ads=True)], {"categories": {"ads": False}}),
        (
            [categories(1, ads=False, mail=True), categories(2, mail=False)],
            {"categories": {"ads": False, "mail": False}},
        ),
        ([one(1, gpc=True), one(2, gpc=False)], {"gpc": True}),
        ([one(1, usp="1YYN"), one(2, usp="1YNN")], {"usp": "1YNN"}),
        ([one(1, usp="1YYN"), one(1, usp="1ynn")], {"usp": "1YYN"}),
        ([one(1, gpp=OUT), one(1, gpp=IN)], {"gpp": OUT}),
        ([one(1, malformed=True), categories(2, ads=True)], {"categories": {"ads": True}}),
        ([categories(1, ads=True), one(2, malformed=True)], {"malformed": True}),
        ([categories(1, ads=True)], None),
        ([one(1, gpc=False)], None),
        ([one(1, google={"ad_storage": "granted"})], None),
        (
            [one(1, google={"ad_storage": "denied"}), one(2, google={"ad_user_data": "granted"})],
            {"google": {"ad_storage": "denied", "ad_user_data": "granted"}},
        ),
        (
            [one(1, tcf={"applies": True, "string": "C1"}), one(2, gpc=True)],
            {"tcf": {"applies": True, "string": "C1"}, "gpc": True},
        ),
    ],
)
def test_the_newest_of_each_kind_counts(
    statements: list[Preference], expected: dict[str, Any] | None
) -> None:
    """The newest counts, kind by kind and category by category; the stricter of two at once."""
    assert expected == known(arriving(*statements))


STRICT = {
    "categories": (Needs(require=("ads",)), {"categories": {"ads": True}},
                   {"categories": {"ads": False}}),
    "any": (Needs(any=("ads", "mail")), {"categories": {"ads": True, "mail": False}},
            {"categories": {"ads": False}}),
    "tcf": (Needs(tcf=Tcf(7, (1,))),
            {"tcf": {"applies": True, "string": tc([1], consented=[7], disclosed=[7])}},
            {"tcf": {"applies": True, "string": tc([1], consented=[], disclosed=[7])}}),
    "google": (Needs(google=("ad_storage",)), {"google": {"ad_storage": "granted"}},
               {"google": {"ad_storage": "denied"}}),
    "usp": (Needs(not_required="a test"), {"usp": "1YNN"}, {"usp": "1YYN"}),
    "gpc": (Needs(not_required="a test"), None, {"gpc": True}),
    "gpp": (Needs(not_required="a test"), {"gpp": {"string": gpp({8: california()}),
                                                   "sections": [8]}},
            {"gpp": {"string": gpp({8: california(sale=1)}), "sections": [8]}}),
}  # fmt: skip


@pytest.mark.parametrize(("needs", "before", "after"), STRICT.values(), ids=STRICT)
def test_a_withdrawal_of_any_kind_denies_what_was_allowed(
    needs: Needs, before: Any, after: Any
) -> None:
    """Whatever the signal, what passes by its own stamp is denied by a later denial of its user."""
    (route,) = routes(crm=To(consent=needs, uses=("sale",))).destinations
    latest = known(arriving(stated(event(), after)))

    assert None is denied(route.recheck, before, [])
    assert SkipReason.CONSENT_WITHDRAWN is _reason(denied(route.recheck, before, [None, latest]))
    assert None is denied(route.recheck, before, [known(arriving(one(1, gpc=False)))])


def _reason(verdict: Skip | None) -> SkipReason | None:
    return None if verdict is None else verdict.reason


def test_t1_all_of_the_categories_are_needed() -> None:
    """T1: a destination that needs two categories gets nothing once either of them is denied."""
    (route,) = routes(crm=To(consent=Needs(require=("ads", "analytics")))).destinations
    both = {"categories": {"ads": True, "analytics": True}}
    for name in ("ads", "analytics"):
        latest = known(arriving(categories(1, **{name: False})))

        assert route.recheck({"categories": {**both["categories"], name: False}})
        assert SkipReason.CONSENT_WITHDRAWN is _reason(denied(route.recheck, both, [latest]))


def test_what_is_kept_of_one_user_is_bounded() -> None:
    """However many categories a user's events make up, denials are kept before grants."""
    grants = categories(9, **{f"g{n}": True for n in range(2 * MOST)})
    denials = categories(1, **{f"d{n}": False for n in range(MOST // 2)})
    kept = known(merged(denials, grants)) or {}

    assert MOST == len(kept["categories"])
    assert set(denials[0].says["categories"]) <= kept["categories"].keys()
