"""Texts that a dictionary is made from: shapes stay, and what many share; nobody's values do."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.engine.route.anonymising import SHARED_BY, anonymised
from tests.support import corpus

OFTEN = SHARED_BY
SELDOM = SHARED_BY - 1
FILLERS = set("é中𐐀")
WORDS = st.text(st.characters(categories=["L", "N"]), min_size=6, max_size=20).filter(
    lambda word: word != "default" and not set(word) <= FILLERS
)


def sample(user: int, payload: Any) -> tuple[bytes, bytes]:
    """Return an entry's text as a user's turn."""
    line = orjson.dumps([f"m{user}", "track", "default", [], None, None])
    return b"user %d" % user, line + b"\n" + orjson.dumps(payload)


def of_users(count: int, payload: Any) -> bytes:
    """Return what is left of a payload that so many users have."""
    return b"".join(anonymised([sample(user, payload) for user in range(count)]))


@pytest.mark.parametrize("payload", [
    {"properties": {"page": "Season's colours"}},
    {"properties": {"Season's colours": 1}},
    {"list": [["Season's colours"]]},
])  # fmt: skip
def test_what_many_have_stays(payload: Any) -> None:
    """A key or text stays when enough users have it, and goes when one fewer has."""
    assert b"Season's colours" in of_users(OFTEN, payload)
    assert b"Season's colours" not in of_users(SELDOM, payload)


def test_events_of_one_user_count_once() -> None:
    """However often one user says something, it is said by one."""
    texts = anonymised([sample(7, {"page": "Season's colours"})] * 10 * OFTEN)

    assert b"Season's colours" not in b"".join(texts)


def test_who_has_no_name_counts_for_nobody() -> None:
    """What events without a userId say is nobody's to share: they may all be one person's."""
    _, text = sample(0, {"page": "Season's colours"})

    assert b"Season's colours" not in b"".join(anonymised([(b"", text)] * 10 * OFTEN))


def test_it_ends_when_it_is_told_to() -> None:
    """Whoever stops a worker need not wait for all samples."""
    asked = iter([False, False, True])

    assert len(anonymised([sample(user, {}) for user in range(9)], lambda: next(asked))) == 2


@pytest.mark.parametrize(("payload", "secret"), [
    ({"traits": {"name": "Maya Lindqvist"}}, b"Maya"),
    ({"context": {"traits": {"address": {"town": "Uppsala"}}}}, b"Uppsala"),
    ({"properties": {"password": "hunter two"}}, b"hunter"),
    ({"properties": {"first_name": ["Maya"]}}, b"Maya"),
    ({"properties": {"note": "write to maya@shop.example"}}, b"maya"),
    ({"properties": {"url": "https://shop.example/?a=maya%40shop.example"}}, b"maya"),
    ({"properties": {"phone": 46701234567}}, b"46701234567"),
    ({"properties": {"maya@shop.example": 1}}, b"maya"),
])  # fmt: skip
def test_what_is_personal_goes_however_many_have_it(payload: Any, secret: bytes) -> None:
    """A value that is personal by its key, or by what it is, never stays."""
    assert secret not in of_users(5 * OFTEN, payload)


def test_names_of_things_stay() -> None:
    """A product's name is nobody's; a person's is."""
    left = of_users(OFTEN, {"product": {"name": "Rain jacket"}, "user": {"name": "Maya Lind"}})

    assert b"Rain jacket" in left
    assert b"Maya Lind" not in left


@given(st.lists(WORDS, min_size=2, max_size=SELDOM, unique_by=str.lower))
def test_nobodys_values_stay(words: list[str]) -> None:
    """Whatever a few users say, in whatever letters, nothing of it is left."""
    payloads = [{"said": word, word: [word, 10**9 + at]} for at, word in enumerate(words)]
    left = b"".join(anonymised([sample(at, one) for at, one in enumerate(payloads)])).decode()

    assert [] == [word for word in words if word in left]
    assert "100000000" not in left


@given(st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(0.125, 2**40) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
))  # fmt: skip
def test_shapes_stay(value: Any) -> None:
    """What is left has the form of what it was made from, as many bytes for as many letters."""
    [left] = anonymised([sample(1, {"value": value})])

    def shape(of: Any) -> Any:
        if isinstance(of, dict):
            return [shape(one) for one in of.values()]
        if isinstance(of, list):
            return [shape(one) for one in of]
        return len(of.encode()) if isinstance(of, str) else isinstance(of, bool) or type(of)

    [(_, before)] = orjson.loads(left.partition(b"\n")[2]).items()
    assert shape(before) == shape(value)


def test_the_same_samples_leave_the_same() -> None:
    """Nothing of it is left to chance that cannot be repeated."""
    samples = [sample(at, event) for at, event in enumerate(corpus.events()[:50])]

    assert anonymised(samples) == anonymised(samples)


@pytest.mark.parametrize("text", [b"", b"{", b"[]\n\xff"])
def test_what_cannot_be_read_teaches_nothing(text: bytes) -> None:
    """A text of another form is left out."""
    assert [] == anonymised([(b"user", text)])
