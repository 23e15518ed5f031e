"""Texts that are told to be one address or number are what a search would find, however closely."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from router.decide.detect.finder import KINDS, _Search
from router.decide.detect.manner import Manner
from router.decide.detect.spans import Span
from router.decide.detect.whole import compile_whole
from tests.decide.detect.published import of_cases, of_events

MANNERS = [
    Manner(),
    Manner(other=True),
    Manner(prose=True),
    *(Manner(named=frozenset({kind})) for kind in ("phone", "card", "ssn", "national_id")),
]
SETS = [frozenset(KINDS), frozenset(KINDS) - {"national_id"}, frozenset({"email", "phone", "ssn"})]
LOOKS = [
    (compile_whole(kinds, manner), _Search(kinds, manner).through)
    for kinds in SETS
    for manner in MANNERS
]
PARTS = """maya a.b x_1 -a . .. @ @ @ git svn example example. com .com .co.uk 2x png .PNG de-
    + + +1 +46 +49 +4 20 0 1 7 12 34 45 123 234 555 6789 4111 1111 19 198112189876 1.2.3 . 255 256
    10.0.0.1 : :: fe80 2001:db8: 0:0:1:2: aa:bb:cc: ffff"""
texts = st.lists(
    st.tuples(st.sampled_from(PARTS.split()), st.sampled_from(["", "", "", " "])), max_size=9
).map(lambda pairs: "".join(map("".join, pairs)).strip())
numbers = st.from_regex(r"\+[1-9](?: ?[0-9]){6,14}", fullmatch=True)
addresses = st.from_regex(
    r"(?a:[\w.+-]{1,9}@(?:[\w-]{1,5}\.){1,9}[A-Za-z][\w-]{0,5}|[\d.]{7,15}|[\da-f:]{15,39})",
    fullmatch=True,
)


def assert_told_rightly(text: str) -> None:
    """Assert that a text told to be of a kind is just that for the search."""
    for is_whole, through in LOOKS:
        whole = is_whole(text)
        assert not whole or through(text) == [Span(0, len(text), str(whole.lastgroup), text)]


@given(texts | numbers | addresses)
@settings(max_examples=400)
@example("+123 45 6789")
@example("+1 234 56 7890")
@example("+4111111111111111")
@example("+46 8111218 9876")
@example("+201012345678")
def test_search_finds_the_same(text: str) -> None:
    """Whatever is put together, what is told to be of a kind is found as that, whole."""
    assert_told_rightly(text)


def test_published_cases_and_events() -> None:
    """Of the published cases and events nothing is told to be what a search does not find."""
    for text in (*of_cases(), *of_events()):
        assert_told_rightly(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("maya@example.com", "email"),
        ("Maya.R+shop@mail.example.co.uk", "email"),
        ("img@2x.png", None),
        ("git@github.com", None),
        ("203.0.113.7", "ip"),
        ("203.0.113.256", None),
        ("2001:db8:85a3:8d3:1319:8a2e:370:7348", "ip"),
        ("+31612312702", "phone"),
        ("+34 612 74 59 18", "phone"),
        ("+4111111111111111", None),
        ("+123 45 6789", None),
    ],
)
def test_what_is_told_at_once(text: str, kind: str | None) -> None:
    """Addresses and numbers as most are written need no search; what may be another kind does."""
    whole = compile_whole(frozenset(KINDS) - {"national_id"}, Manner())(text)

    assert kind == (whole and whole.lastgroup)


@pytest.mark.parametrize("manner", [Manner(named=frozenset({"card"})), Manner()])
def test_numbers_that_may_be_others(manner: Manner) -> None:
    """Where a key names another kind, or national ids count, a number is left to the search."""
    kinds = frozenset(KINDS) - ({"national_id"} if manner.named else frozenset())

    assert compile_whole(kinds, manner)("+31612312702") is None
