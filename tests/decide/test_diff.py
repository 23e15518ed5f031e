"""Differences: what two explanations of one event differ in, found whole and both ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide.diff import (
    NEVER,
    Effect,
    Spot,
    fate_diff,
    renamed,
    spots_between,
)
from router.decide.places import NOTHING

LEAVES = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["a", "b", 1.0])
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "a.b", ""]), inner, max_size=3)
    ),
    max_leaves=8,
)
PAYLOADS = st.dictionaries(st.sampled_from(["a", "b", "a.b", ""]), VALUES, max_size=3)


def sent(**payload: Any) -> dict[str, Any]:
    """Return the explanation of something that is sent."""
    return {"verdict": "send", "reason": None, "rule": "r", "payload": payload}


def kept(reason: str) -> dict[str, Any]:
    """Return the explanation of something that is not sent."""
    return {"verdict": "skip", "reason": reason, "rule": "r", "payload": None}


def typed(value: Any) -> Any:
    """Return a value that equals another one only if they are the same JSON."""
    if isinstance(value, dict):
        return {key: typed(inner) for key, inner in value.items()}
    return [typed(inner) for inner in value] if isinstance(value, list) else (type(value), value)


@pytest.mark.parametrize(
    ("before", "after", "effects", "paths"),
    [
        (kept("x"), sent(a=1), ["appears"], []),
        (sent(a=1), kept("x"), ["vanishes"], []),
        (kept("x"), kept("y"), ["reason"], []),
        (sent(a=1, b=2), sent(a=1), ["loses"], ["b"]),
        (sent(a=[1]), sent(a=[1, {"c": 2}]), ["gains"], ["a[1]"]),
        (sent(a={"b": 1}), sent(a={"b": 2}), ["changes"], ["a.b"]),
        (sent(a={"b": 1}), sent(a=[1]), ["changes"], ["a"]),
        (sent(a={"x.y": 1}, b=1), sent(a={}, b=2, c=3), ["loses", "gains", "changes"],
         ["a.x\\.y", "b", "c"]),
        (sent(a={"maya@example.com": {"b": 1}}), sent(a={"maya@example.com": {"b": 2}, "u1": 1}),
         ["gains", "changes"], ["a.(personal key).b", "a.u1"]),
        (sent(a={"+49 151 12345678": 1}), sent(a={}), ["loses"], ["a.(personal key)"]),
        (sent(a={"maya%40example.com": 1}), sent(a={}), ["loses"], ["a.(personal key)"]),
        (NEVER, sent(a=1), ["appears"], []),
    ],
)  # fmt: skip
def test_effects(
    before: dict[str, Any], after: dict[str, Any], effects: list[str], paths: list[str]
) -> None:
    """An event appears, vanishes, is kept back otherwise, or differs in some fields."""
    found = fate_diff(before, after)

    assert found is not None
    assert effects == [effect.value for effect in found.effects]
    assert paths == sorted(spot.path for spot in found.spots)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (sent(a=[1, {"b": None}]), sent(a=[1, {"b": None}])),
        (kept("x"), kept("x") | {"rule": "another"}),
        (NEVER, kept("x")),
        (kept("x"), NEVER),
    ],
)
def test_no_difference(before: dict[str, Any], after: dict[str, Any]) -> None:
    """The same result is the same, whichever rule led there; nothing to nobody is nothing."""
    assert fate_diff(before, after) is None


@given(PAYLOADS, PAYLOADS)
def test_every_difference_is_found(before: Any, after: Any) -> None:
    """There are spots exactly if two payloads are not the same JSON (1 is not true, nor 1.0)."""
    found = list(spots_between(before, after))

    assert (typed(before) == typed(after)) is (not found)


@given(PAYLOADS, PAYLOADS)
def test_the_other_way_round(before: Any, after: Any) -> None:
    """What is gained one way is lost the other way, and values change places."""
    there = {(spot.path, repr((spot.after, spot.before))) for spot in spots_between(before, after)}
    back = {(spot.path, repr((spot.before, spot.after))) for spot in spots_between(after, before)}

    assert there == back


def test_a_spot_shows_no_value() -> None:
    """The repr of a spot has its path alone."""
    assert "canary" not in repr(Spot("a", "canary", NOTHING))
    assert Effect.LOSES is Spot("a", "canary", NOTHING).effect


@dataclass(frozen=True)
class Section:
    """What tells a destination from another, but for its name."""

    type: str
    settings: str = ""


def test_a_destination_under_a_new_name() -> None:
    """The same type and settings under another name is the same destination."""
    before = {"a": Section("x", "1"), "b": Section("x", "2"), "c": Section("x", "3")}
    after = {"a": Section("x", "1"), "new": Section("x", "2"), "other": Section("y", "3")}

    assert {"new": "b"} == renamed(before, after)


def test_two_that_could_be_meant_are_none() -> None:
    """Who could have been two destinations, or became two, is not guessed."""
    one, two = {"a": Section("x")}, {"b": Section("x"), "c": Section("x")}

    assert {} == renamed(one, two)
    assert {} == renamed(two, one)
