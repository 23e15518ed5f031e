"""What is told of an expression without an event is so of every event."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide.filters.analysis import always, exclusive, never, tree_of
from router.decide.filters.expression import compile_filter

NEVER = [
    "false", "'x'", "5", "[true]", "null", "type = 'a' and type = 'b'", "!(true)", "1 = 2",
    "event in []", "event > 'a'", "contains(event, 5)", "match(5, event)", "length(event)",
    "a = 1 and (b = 2 and a = 2)", "a and a = 1", "type in ['a', 'b'] and type = 'c'",
    "false or 'x'", "a and a in [1, false]", "'x' = event and event = 'y'", "'x' != 'x'",
]  # fmt: skip
ALWAYS = ["all", "true", "!false", "true or a", "1 = 1.0", "true and !(1 = 2)", "!(type and false)"]
NEITHER = [
    "a", "a = 1", "type = 'a' or type = 'b'", "a = 1 and b = 1", "!a", "a = b", "a = 1 and !a",
    "contains(a, b)", "a in [1, 2] and a in [2, 3]", "a in b", "bool(a)", "semver(a, '=', b)",
]  # fmt: skip


@pytest.mark.parametrize("text", NEVER)
def test_never(text: str) -> None:
    """What nothing can match is told, and matches nothing."""
    assert never(tree_of(text))
    assert not always(tree_of(text))


@pytest.mark.parametrize("text", ALWAYS)
def test_always(text: str) -> None:
    """What everything matches is told."""
    assert always(tree_of(text))
    assert not never(tree_of(text))


@pytest.mark.parametrize("text", NEITHER)
def test_neither(text: str) -> None:
    """Where an event decides, or it would take more thought, nothing is told."""
    assert not always(tree_of(text))
    assert not never(tree_of(text))


VALUES = st.sampled_from([None, True, False, 0, 1, 2, "a", "b", "x", [], [1]])
EVENTS = st.dictionaries(st.sampled_from(["a", "b", "type", "event"]), VALUES)
OPERANDS = st.sampled_from(["a", "b", "type", "1", "2", "'a'", "'x'", "true", "null", "[1, 'a']"])
COMPARISONS = st.builds(
    "{} {} {}".format, OPERANDS, st.sampled_from(["=", "!=", ">"]), OPERANDS
) | st.builds("{} in [{}, {}]".format, OPERANDS, OPERANDS, OPERANDS)
EXPRESSIONS = st.recursive(
    COMPARISONS | OPERANDS,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner)
        | st.builds("!({})".format, inner)
    ),
    max_leaves=5,
)


@given(EXPRESSIONS, EXPRESSIONS, st.lists(EVENTS, min_size=1, max_size=5))
def test_what_is_told_is_so(text: str, other: str, events: list[dict[str, Any]]) -> None:
    """Whatever the expression and the event, nothing that was told turns out wrong."""
    tree, passes, passes_other = tree_of(text), compile_filter(text), compile_filter(other)
    for data in events:
        assert not (never(tree) and passes(data))
        assert not always(tree) or passes(data)
        assert not (exclusive(tree, tree_of(other)) and passes(data) and passes_other(data))
