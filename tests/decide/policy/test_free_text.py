"""`pii.free_text: redact`: what people write does not reach those who may not see personal data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from router.decide.policy.free_text import may_be_name
from router.decide.policy.tokens import compile_tokens, derive
from tests.decide.making import KEY, policy

EVENTS = Path(__file__).parents[2] / "corpora" / "pii_events.jsonl"


def stripped(*, redact: bool = True, **properties: Any) -> dict[str, Any]:
    """Return what somebody who is not trusted sees of an event's properties."""
    made = policy(trusted=False, name="hook", hides_free_text=redact)
    left = made.strip({"type": "track", "event": "Seen", "properties": properties}).payload
    found: dict[str, Any] = left["properties"]
    return found


def token(text: str) -> str:
    """Return the destination's token of a text."""
    return compile_tokens(derive(KEY, "hook"))(text)


@pytest.mark.parametrize(
    ("key", "value", "left"),
    [
        ("message", "Hi, this is Sonia Briccialdi.", "[redacted]"),
        ("message", "mail me at maya@example.com", "[redacted]"),
        ("orderNotes", "leave it at the neighbour", "[redacted]"),
        ("message", "timeout", "timeout"),
        ("query", "Paige Smith", token("Paige Smith")),
        ("query", "充 佐藤", token("充 佐藤")),
        ("query", "red shoes", "red shoes"),
        ("query", "Shoes", "Shoes"),
        ("title", "Sonia Briccialdi", "Sonia Briccialdi"),
        ("message", ["Hello from Sonia", 1], ["[redacted]", 1]),
        ("form", [{"label": "Message", "value": "I am Sonia"}],
         [{"label": "Message", "value": "[redacted]"}]),
    ],
)  # fmt: skip
def test_own_words_are_taken(key: str, value: Any, left: Any) -> None:
    """Sentences go as a whole, searches that read like a name become tokens, other words stay."""
    assert stripped(**{key: value}) == {key: left}


def test_by_default_only_what_is_recognised_goes() -> None:
    """Without the wish, a sentence keeps its words."""
    assert stripped(redact=False, message="I am Sonia, bye") == {"message": "I am Sonia, bye"}


@pytest.mark.parametrize(
    ("text", "like"),
    [("Paige Smith", True), ("Ида Аугустинек", True), ("मानदीप बलासुब्रमानियम", True),
     ("paige smith", False), ("Paige", False), ("iPhone 15", False), ("A B C D E", False)],
)  # fmt: skip
def test_what_reads_like_a_name(text: str, like: bool) -> None:  # noqa: FBT001 - a parameter
    """Two to four words with capitals do; what begins in lower case or with a digit does not."""
    assert may_be_name(text) is like


def test_no_name_or_street_in_a_sentence_passes() -> None:
    """Of the labelled events, nothing that people wrote names anybody or a street any more."""
    seen = 0
    for line in EVENTS.read_text("utf-8").splitlines():
        case = json.loads(line)
        properties = case["event"].get("properties", {})
        words = {key: properties[key] for key in ("message", "query") if key in properties}
        labels = [each["value"] for each in case["pii"]
                  if each["kind"] in ("name", "address") and each["path"].startswith(
                      ("/properties/message", "/properties/query"))]  # fmt: skip
        left = json.dumps(stripped(**words), ensure_ascii=False)
        seen += len(labels)
        assert not [value for value in labels if value in left]
    assert seen


def test_the_wish_makes_another_policy() -> None:
    """Policies with and without it have digests of their own, so that no body is shared."""
    both = {policy(trusted=False, hides_free_text=wish).digest for wish in (False, True)}
    assert len(both) == 2


STATE = '{"message": "Hi, this is Sonia Briccialdi from Rome."}'


@pytest.mark.parametrize("text", [STATE, f"?a=1&state={STATE.replace(' ', '%20')}"])
@pytest.mark.parametrize("first", [False, True])
def test_what_one_policy_left_another_searches(text: str, *, first: bool) -> None:
    """A text that stays where free text is left alone is taken where it is not, in any order."""
    for redact in (first, not first, first):
        left = stripped(redact=redact, state=text)["state"]
        assert redact is ("Sonia" not in left)
        assert redact is (left != text)
