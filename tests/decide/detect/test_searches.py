"""What a search costs, in calls: nothing is looked for where a glance tells that it is not."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from router.decide.detect import finder, numbers
from router.decide.detect.finder import KINDS, compile_finder
from router.decide.policy.people import clean_of
from tests.decide.making import policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from router.decide.policy.policy import Policy

POLICIES = {
    "by value": lambda: policy((KINDS, "mask")),
    "untrusted": lambda: policy(trusted=False),
}


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    """Let no text be known from another test, nor to one."""
    compile_finder.cache_clear()
    clean_of.cache_clear()
    yield
    compile_finder.cache_clear()
    clean_of.cache_clear()


def calls(work: Callable[[], Any]) -> int:
    """Return how many functions of Python some work calls."""
    counted = 0

    def count(_: Any, what: str, __: Any) -> None:
        nonlocal counted
        counted += what == "call"

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


def again(of: Policy, properties: dict[str, Any]) -> int:
    """Return how many calls an event takes that came before."""
    event = {"type": "track", "messageId": "m1", "properties": properties}
    assert event == of.strip(event).payload
    return calls(lambda: of.strip(event))


@pytest.mark.parametrize("name", POLICIES)
def test_known_texts_take_no_call(name: str) -> None:
    """However many texts an event brings again, they are passed over without a call."""
    texts = {f"key {'x' * place}": f"Überraschung Nr. {place}" for place in range(50)}
    one = dict([texts.popitem()])

    assert again(POLICIES[name](), one) == again(POLICIES[name](), one | texts)


def test_harmless_texts_are_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """UUIDs, moments, words, URLs and browsers are told at a glance, seen before or not."""
    monkeypatch.setattr(finder._Search, "_plainly", None)
    find = compile_finder(frozenset(KINDS)).find

    for text in (
        "8f6d2a0e-5b3c-4c1d-9b7e-2f1a6d4c0e11",
        "2026-11-22T09:12:20Z",
        "Berlin",
        "17.5",
        "ORD-6510636120",
        "https://shop.example.com/c/167583?utm_source=newsletter&v=5.6.7",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0",
    ):
        assert [] == find(text)


def test_new_texts_take_few_calls() -> None:
    """A text that was never seen costs one call where its shape tells that it holds nothing."""
    of = policy((KINDS, "mask"))
    event = {"type": "track", "messageId": "m1", "properties": {f"key {at}": "" for at in range(9)}}
    of.strip(event)
    news = [{"key 1": "a"}, {f"key {at}": f"/account/{at}" for at in range(9)}]
    one, nine = (calls(partial(of.strip, event | {"properties": new})) for new in news)

    assert 8 >= nine - one


@pytest.mark.parametrize(
    "text",
    ["/c/167583", "?utm_id=280215900229&v=5.6.7", "ORD-3905638864", "4438135971406", "SAVE123456"],
)
def test_numbers_for_which_nothing_speaks(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Digits too few for a card, which no word announces, are not looked at more closely."""
    for name in ("find_cards", "find_ssns", "find_phones", "is_card"):
        monkeypatch.setattr(numbers, name, None)

    assert [] == compile_finder(frozenset({"card", "ssn", "phone"})).find(text)


def test_parameters_that_stay_are_not_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a query string that hides nothing no parameter is decoded."""
    monkeypatch.setattr("router.decide.policy.enclosed.read", None)
    event = {"type": "page", "messageId": "m1", "properties": {"search": "?utm_id=28021590&v=5.6"}}

    assert event == policy(trusted=False).strip(event).payload
