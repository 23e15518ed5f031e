"""Traits that the router itself repeats are no way around a rule."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from router.events.parse import parse
from tests.decide.making import Matcher, policy
from tests.events.making import NOW, arrival

TRAITS = {"email": "maya@example.com", "plan": "pro"}
RULES: list[Any] = [
    ("context.traits.email", "drop"),
    ("context.traits.*", "hash"),
    ("context.traits", "redact"),
    (Matcher(path="context.traits.**", detect=("email",)), "mask"),
]


def lifted() -> dict[str, Any]:
    """Return an identify as RudderStack's SDKs send it, as it was read."""
    sent = {"type": "identify", "messageId": "m1", "userId": "u1", "context": {"traits": TRAITS}}
    return parse(arrival(orjson.dumps(sent)), {}, NOW).data


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("default", ["keep", "drop"])
def test_a_rule_for_traits_in_context_finds_their_copy(rule: Any, default: str) -> None:
    """What a rule takes from context.traits does not leave as the traits that were made of them."""
    event = lifted()
    assert event["traits"] == TRAITS
    keeps = ("traits", "keep") if default == "drop" else ("properties", "keep")
    left = policy(rule, keeps, default=default).strip(event).payload

    assert b"maya" not in orjson.dumps(left)


def test_an_earlier_rule_for_traits_counts_first() -> None:
    """Whoever wants traits and not their copies says so before."""
    rules = policy(("traits.email", "keep"), ("context.traits.email", "drop"))
    left = rules.strip(lifted()).payload

    assert left["traits"] == TRAITS
    assert left["context"]["traits"] == {"plan": "pro"}


@pytest.mark.parametrize("kind", ["track", "group", "page"])
def test_no_other_event_has_such_copies(kind: str) -> None:
    """The traits of a group, or of a track call, are not those in its context."""
    data = {"type": kind, "traits": {"email": "a@b.org"}, "context": {"traits": TRAITS}}
    left = policy(("context.traits.email", "drop")).strip(data).payload

    assert left["traits"] == {"email": "a@b.org"}
    assert left["context"]["traits"] == {"plan": "pro"}


def test_nothing_is_opened_by_a_copy() -> None:
    """To keep context.traits keeps nothing else of an allow-list's."""
    left = policy(("context.traits.plan", "keep"), default="drop").strip(lifted()).payload

    assert "traits" not in left
