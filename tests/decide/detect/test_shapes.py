"""Texts that are told harmless by their shape hold nothing, however closely one looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from router.decide.detect.finder import KINDS, _Search
from router.decide.detect.manner import Manner
from tests.decide.detect.published import of_cases, of_events

if TYPE_CHECKING:
    from collections.abc import Sequence

MANNERS = [
    Manner(),
    Manner(other=True),
    Manner(prose=True),
    Manner(named=frozenset({"phone", "card"})),
    Manner(named=frozenset({"ssn", "national_id"})),
]
SETS = (frozenset(KINDS), frozenset(KINDS) - {"national_id"})
SEARCHES = [_Search(kinds, manner) for kinds in SETS for manner in MANNERS]
NAMELESS = [_Search(kinds, manner) for kinds in SETS for manner in MANNERS if not manner.named]
PIECES = """at AT (at) dot maya ab cd ef AB DE GB MT de89 X1 x86 SAVE75 iPhone15 i686 Smith example
    com 1 12 00 123 1234 12345 123456 1234567 00491511 004915112345678 0151 555 4242 123.45.6789
    4111111111111111 4111,1111,1111,1111 4111_1111_ 1111|1111 01511234567
    1.2 1.2.3 10.0.0.1 1.2.3.4 156.0.0.0 ::1 fe80 aabb.ccdd ff-ee aa:bb:cc ff:ee:dd
    2026-11-22 09:12:20 198112189876 811228-9874 12345678Z AB123456C AAAPL1234C 1EG4 TE5 MK73
    0013800138000 0041446681800 046454286 passport_id= tax_id=
    8025-750-5200 234-56-7890 650-555-1212 utm_id= voter_id= ?id= &b= &amp utm_source=newsletter
    https:// //shop. /c/ /account/ /de-ad-be-ef dead.beef.cafe. a.me/ ?q= &e= 12.3.4
    Mozilla/5.0 AppleWebKit/537.36 Chrome/ Safari/ Mobile/15E148
    \uff10\uff10 \u0664\u0669 call phone tel order ssn card version
    cExJaXhNQEVPTGUuZGU bWF5YUBleGFtcGxlLmNvbQ TWF5YUBl eGFtcGxl Mob IwNi k9"""
BROWSER = "Mozilla/5.0 ({}) AppleWebKit/{} (KHTML, like Gecko)"
SIGNS = [*" .,;:-_/=?&()[]+#'\"*|", "", "", ", ", "; ", ") (", ": "]
texts = st.lists(
    st.tuples(st.sampled_from(PIECES.split()), st.sampled_from(SIGNS)), max_size=6
).map(lambda pairs: "".join(map("".join, pairs)))


def assert_told_rightly(text: str, searches: Sequence[_Search] = SEARCHES) -> None:
    """Assert that a search finds nothing in a text wherever it would be told harmless."""
    for search in searches:
        assert not search.is_harmless(text) or [] == search.through(text), search


@given(texts)
@settings(max_examples=400)
@example("https://x.example/Chrome/1.2.3.4")
@example("ab cd ef AB DE ff")
@example("/account/cExJaXhNQEVPTGUuZGU")
@example("about 1.2/cExJaXhNQEVPTGUuZGU")
@example("Chrome/1.2-/cExJaXhNQEVPTGUuZGU")
@example("https://wa.me/0013800138000")
@example("https://x.example/call/004915112345")
@example("?passport_id=046454286")
@example("https://wa.me/13800138000")
@example("https://aabb.ccdd.eeff/")
@example("https://x.example/aa-bb-cc-dd-ee-ff")
@example("?v=1.2.3.4")
def test_nothing_is_in_harmless_texts(text: str) -> None:
    """Whatever words, numbers and signs are put together, what is told harmless holds nothing."""
    assert_told_rightly(text)


def test_published_cases_and_events() -> None:
    """Of the published cases and events none that holds anything is told harmless.

    No key speaks here for an event's value: under one that says phone, a UUID's end is no phone.
    """
    for text in of_cases():
        assert_told_rightly(text)
    for text in of_events():
        assert_told_rightly(text, NAMELESS)


@pytest.mark.parametrize(
    "text",
    [
        f"{BROWSER.format('X11; Linux x86_64', '537.36')} Chrome/156.0.0.0 Safari/537.36",
        f"{BROWSER.format('iPhone; CPU iPhone OS 18_5 like Mac OS X', '605.1.15')} Mobile/15E148",
        "https://shop.example.com/account/824059?utm_source=newsletter&utm_id=58933099480&v=8.5.4",
        "?utm_source=newsletter&utm_campaign=Spring",
        "wk_RwOAqGKhAeRSPmMZAHat",
        "Monopoly: Edition 3, 17.5 of them (new)",
        "45790-32",
        "1795338740589",
        "8f6d2a0e-5b3c-4c1d-9b7e-2f1a6d4c0e11",
        "2026-11-22T09:12:20.000Z",
    ],
)
def test_what_is_told_at_once(text: str) -> None:
    """Browsers' names, URLs, ids, moments and words need no search."""
    assert SEARCHES[0].is_harmless(text)
