"""Laws of policies, over any event and any rules: they take away, and do nothing else."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
from hypothesis import assume, given
from hypothesis import strategies as st

from router.decide.policy.vendors import VENDORS
from tests.decide.making import Matcher, policy

if TYPE_CHECKING:
    from collections.abc import Iterator

CANARIES = ("maya.canary@example.com", "+49 151 99887766", "4111 1111 1111 1111")
KEYS = [
    *("traits", "context", "properties", "email", "phone", "name", "userId", "a", "a.b", "", "[0]"),
    *("~x", "integrations", "products", "url", "maya.canary@example.com", "type"),
]
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 4111111111111111), st.sampled_from(CANARIES),
    st.sampled_from(["plain", "1.2.3.4", "https://x.de/?e=maya.canary%40example.com&name=x",
                     "to maya.canary@example.com or +49 151 99887766", "a@b.co@c.de", "***@b.co"]),
    st.text(max_size=8),
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)
EVENTS = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6).map(
    lambda fields: (
        {"type": "track", "messageId": "m", "timestamp": "t"}
        | {key: value for key, value in fields.items() if key != "type"}
    )
)
STEPS = st.sampled_from(["traits", "context", "properties", "email", "a", "*", "**", "products[*]",
                         "products[0]", "userId", "url"])  # fmt: skip
PATHS = st.lists(STEPS, min_size=1, max_size=3).map(".".join)
KINDS = st.lists(
    st.sampled_from(["email", "phone", "card", "ip", "iban", "ssn"]), min_size=1, unique=True
).map(tuple)
NAMED = st.lists(st.sampled_from(["red", "yellow", "url", "a"]), min_size=1, max_size=2).map(tuple)
PLACES = st.builds(Matcher, path=PATHS) | st.builds(Matcher, keys=NAMED)
LOOKING = st.builds(lambda place, kinds: replace(place, detect=kinds), PLACES, KINDS)
MATCHES = PATHS | KINDS | PLACES | LOOKING
ACTIONS = st.sampled_from(
    ["keep", "drop", "mask", "hash", "token", "truncate", "generalise", "redact"]
)
HASHES = st.sampled_from(
    [f"hash as {name}.{field}" for name, vendor in VENDORS.items() for field in vendor.fields]
    + ["hash as meta.hashed", "hash as uid2.hashed", "hash as google.phone in DE"]
)
BY_KIND = st.sampled_from([f"hash as {name}" for name in VENDORS if name != "linkedin"])
RULES = st.lists(
    st.tuples(MATCHES, ACTIONS)
    | st.tuples(PATHS | PLACES, HASHES)
    | st.tuples(st.just(("email", "phone")), BY_KIND),
    max_size=4,
)
POLICIES = st.tuples(RULES, st.sampled_from(["keep", "drop"]), st.booleans())


def compiled(made: Any) -> Any:
    """Compile the drawn policy."""
    pairs, default, trusted = made
    return policy(*pairs, default=default, trusted=trusted)


def looks(match: Any) -> bool:
    """Tell whether a rule goes by value."""
    return isinstance(match, tuple) or bool(isinstance(match, Matcher) and match.detect)


def shape(value: Any) -> Any:
    """Return the keys of a value, without its leaves."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    return [shape(item) for item in value] if isinstance(value, list) else None


def filled(value: Any) -> Any:
    """Return a value without the objects and lists that hold nothing."""
    if isinstance(value, dict):
        kept = {key: filled(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in ({}, [])}
    if isinstance(value, list):
        return [item for item in map(filled, value) if item not in ({}, [])]
    return value


def within(less: Any, more: Any) -> bool:
    """Tell whether a shape holds no more than another; lists may have lost elements."""
    if isinstance(less, dict):
        return isinstance(more, dict) and all(
            key in more and within(item, more[key]) for key, item in less.items()
        )
    if isinstance(less, list):
        rest: Iterator[Any] = iter(more if isinstance(more, list) else ())
        return all(any(within(item, other) for other in rest) for item in less)
    return not isinstance(more, dict | list) or not more


@given(EVENTS, POLICIES)
def test_nothing_is_added_or_mutated(event: dict[str, Any], made: Any) -> None:
    """What is left has no key that was not there, and the event itself is as it was."""
    before = copy.deepcopy(event)
    left = compiled(made).strip(event).payload

    assert before == event
    assert within(shape(left), shape(event))
    assert {"type", "messageId", "timestamp"} <= left.keys()
    assert "integrations" not in left


@given(EVENTS, POLICIES)
def test_narrowing_by_the_same_policy_changes_nothing(event: dict[str, Any], made: Any) -> None:
    """A policy taken again over its own result gives it again, and notes the same paths.

    But for rules that keep values for what they are: once changed, they are that no more; and an
    allow-list drops the objects of which what the untrusted may not see left nothing.
    """
    assume(not any(looks(match) and do == "keep" for match, do in made[0]))
    compiled_ = compiled(made)
    once = compiled_.strip(event)
    again = compiled_.strip(once.payload, once.transformed)

    assert filled(once.payload) == filled(again.payload)
    assert sorted(once.transformed) == sorted(again.transformed)


@given(EVENTS, POLICIES, POLICIES)
def test_narrowing_by_another_policy_only_narrows(
    event: dict[str, Any], made: Any, new: Any
) -> None:
    """A later policy shows no value that the first did not, and nothing that it drops itself.

    But for what no vendor's hash can be made of: the first may have changed that, so it stays.
    """
    once = compiled(made).strip(event)
    again = compiled(new).strip(once.payload, once.transformed)

    assert within(shape(again.payload), shape(once.payload))
    fresh = compiled(new).strip(event).payload
    assert (
        again.payload.keys() <= fresh.keys() | {"type", "messageId", "timestamp"}
        or new[1] == "drop"
        or any(" as " in do for _, do in new[0])
    )


@given(EVENTS)
def test_no_canary_reaches_the_untrusted(event: dict[str, Any]) -> None:
    """No address, phone or card number is in any byte of what the untrusted get."""
    raw = orjson.dumps(policy(trusted=False).strip(event).payload)

    assert all(canary.encode() not in raw for canary in CANARIES)
    assert b"canary%40" not in raw


@given(
    EVENTS, st.sampled_from(["drop", "mask", "hash", "token", "redact", "truncate", "generalise"])
)
def test_no_canary_passes_detection(event: dict[str, Any], do: str) -> None:
    """A rule by value leaves none of its kinds in any byte of the payload."""
    raw = orjson.dumps(policy((("email", "phone", "card"), do)).strip(event).payload)

    assert all(canary.encode() not in raw for canary in CANARIES)


@given(EVENTS, st.sampled_from(["drop", "mask", "hash as google", "token", "redact"]))
def test_no_canary_passes_keys_and_kinds(event: dict[str, Any], do: str) -> None:
    """Rules by key and by value together leave none in any byte, nor in the event's options."""
    rules = policy(
        (Matcher(keys=("red", "yellow")), do.partition(" ")[0]),
        (("email", "phone"), do),
        (("card",), "drop"),
    )
    stripped = rules.strip(event, (), event)
    raw = orjson.dumps([stripped.payload, stripped.options])

    assert all(canary.encode() not in raw for canary in CANARIES)


@given(EVENTS, PATHS)
def test_what_is_dropped_is_gone(event: dict[str, Any], path: str) -> None:
    """After a path was dropped, dropping it again finds nothing."""
    drops = policy((path, "drop"))
    once = drops.strip(event).payload

    assert once == drops.strip(once).payload or "[0]" in path


@given(
    st.permutations(["traits", "traits.email", "traits.*", "traits.**", "**.email", "*.email"]),
    st.permutations(["keep", "drop", "redact", "token"]),
)
def test_the_first_of_two_rules_counts(paths: list[str], does: list[str]) -> None:
    """Where two rules match at one place, what the second says makes no difference there."""
    event = {"type": "identify", "traits": {"email": "plain"}}
    first, second = list(zip(paths, does, strict=False))[:2]

    alone = policy(first).strip(event).payload

    assert alone == policy(first, second).strip(event).payload
