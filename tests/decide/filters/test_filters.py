"""Filters: the documented language, with the column of every mistake."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide.filters.expression import FilterError, compile_filter
from router.decide.filters.functions import FUNCTIONS, snakecase
from router.decide.filters.glob import compile_glob
from tests.decide.filters.answers import ANSWERS, EVENT
from tests.decide.test_laws import EVENTS
from tests.support.growth import grows_linearly

CORPORA = Path(__file__).parents[2] / "corpora"


@pytest.mark.parametrize(("text", "expected"), ANSWERS)
def test_answers(text: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """Each expression answers as the language is documented."""
    assert expected is compile_filter(text)(EVENT)


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "empty"),
        ("event =", 8, "the end"),
        ("event == 'x'", 8, "write `=` once"),
        ("event <> 'x'", 8, "write `!=`"),
        ("not a", 5, "write `!`"),
        ("a AND b", 3, "write `and`"),
        ("a is null", 3, "write `=`"),
        ("event = \u201cx\u201d", 9, "a straight"),
        ("a..b = 1", 2, "unexpected character '.'"),
        ("a = 5.", 6, "unexpected character '.'"),
        ("properties.@x = 1", 12, "unexpected character '@'; in a path write \\@"),
        ("properties.a@x = 1", 13, "unexpected character '@'; in a path write \\@"),
        ("properties.😀 = 1", 12, "unexpected character '😀'; in a path write \\😀"),
        ("Contains(a, 'b')", 1, "did you mean `contains`"),
        ("a = 1 or typof(b) = 'list'", 10, "did you mean `typeof`"),
        ("a = 1e999", 5, "beyond every JSON number"),
        ("a is not null", 3, "write `!=`"),
        ("a not in ['b']", 3, "write `!( value in list )`"),
        ("a = 1 And b = 2", 7, "write `and`"),
        ("not (a = 1)", 1, "write `!`"),
        ("a !== 'x'", 5, "write `!=`"),
        ("a =! 'x'", 4, "write `!=`"),
        ("a => 5", 4, "write `>=`"),
        ("a =< 5", 4, "write `<=`"),
        ("a : 5", 3, "write `=`"),
        ("a between 1 and 5", 3, "write `>=` and `<=`"),
        ("a contains 'b'", 3, "write `contains( text, part )`"),
        ("a starts_with 'b'", 3, "write `match( text, 'x*' )`"),
        ("endsWith(a, 'b')", 1, "write `match( text, '*x' )`"),
        ("exists(a)", 1, "write `path != null`"),
        ("a in ('b', 'c')", 10, "`[` and `]` around a list"),
        ("a in {'b'}", 6, "`[` and `]` around a list"),
        ("a['b'] = 1", 2, "write `path.key`"),
        ("a = `b`", 5, "a straight"),
        ("a = 1 in [2]", 7, "found `in`"),
        ("foo(a)", 1, "known: contains, match"),
        ("match(a, '[x-]')", 10, "a minus is"),
        ("match(a, '[^]')", 10, "cannot be read"),
        ("event = 'x", 9, "does not end"),
        ("a && b", 3, "write `and`"),
        ("a b", 3, "found `b`"),
        ("(a", 3, "expected `)`"),
        ("a)", 2, "found `)`"),
        ("foo(a)", 1, "unknown function `foo`"),
        ("contians(a, 'b')", 1, "did you mean `contains`"),
        ("a = length(b, c)", 5, "takes 1 operand"),
        ("match(a, '[x')", 10, "does not end"),
        ("match(a, '[z-a]')", 10, "backwards"),
        ("semver(a, 'x', '1')", 11, "comparison"),
        ("a in 'x'", 6, "wants a list"),
        ("and", 1, "expected a value"),
        ("(" * 200 + "a" + ")" * 200, 51, "nested deeper"),
        ("a" * 10_001, 10_000, "at most"),
    ],
)
def test_mistakes(text: str, column: int, words: str) -> None:
    """What cannot be read is refused with its column and what to write."""
    with pytest.raises(FilterError) as refused:
        compile_filter(text)

    assert column == refused.value.column
    assert words in refused.value.message


def test_long_negations() -> None:
    """Any number of `!` is read, whatever the depth."""
    assert compile_filter("!" * 9_000 + "true")({})


def test_snakecase_of_warehouses() -> None:
    """Names are written as Segment's warehouses write them."""
    for vector in json.loads((CORPORA / "snakecase.json").read_text()):
        assert vector["out"] == snakecase(vector["in"])


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*", "", True),
        ("**", "a/b", True),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("[a-c]*[0-9]", "b17", True),
        ("[^a]", "b", True),
        ("\\*", "*", True),
        ("\\*", "x", False),
        ("a.c", "abc", False),
        ("*a*b", "xaxb\nb", True),
        ("ab*ba", "aba", False),
        ("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", True),
        ("a*b*c*d*e*/f", "axbxcxdxexxx/fff", False),
        ("a*b?c*x", "abxbbxdbxebxczzx", True),
        ("ab[^b-d]", "abc", False),
        ("a?b", "a\u263ab", True),
        ("a???b", "a\u263ab", False),
        ("[a-\u03b6]*", "\u03b1", True),
        ("[\\]a]", "]", True),
        ("[x\\-]", "-", True),
        ("[x\\-]", "z", False),
        ("", "", True),
    ],
)
def test_globs(pattern: str, text: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """Patterns match whole texts, and only stars span any length."""
    assert expected is compile_glob(pattern)(text)


@pytest.mark.parametrize(
    "pattern", ["[", "[^", "[^bc", "a[", "[]a]", "[-]", "[x-]", "[-x]", "[a-b-c]", "\\", "[b-a]"]
)
def test_broken_globs(pattern: str) -> None:
    """A pattern that Segment cannot read is refused; out of an event it matches nothing."""
    with pytest.raises(ValueError, match=r"from|backwards"):
        compile_glob(pattern)

    assert not compile_filter("match(event, pattern)")({"event": pattern, "pattern": pattern})


def test_hostile_globs_are_linear() -> None:
    """What many stars take grows as the text does."""
    matches = compile_glob("*a" * 200 + "b")

    assert not matches("a" * 30_000)
    assert grows_linearly(lambda length: matches("a" * length), 30_000)


WORDS = [
    *("event", "'x'", "5", "=", ">", "in", "and", "or", "!", "(", ")", "[", "]", ","),
    *("length", "match", "null", "a.b", "\\", "'", "-", "\u30a2"),
]


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_any_text_compiles_or_has_a_column(words: list[str]) -> None:
    """Any text is a filter that answers, or a FilterError with a column within it."""
    text = " ".join(words)
    try:
        answer = compile_filter(text)(EVENT)
    except FilterError as error:
        answer = 1 <= error.column <= len(text) + 1

    assert isinstance(answer, bool)


OPERANDS = st.sampled_from(
    ["traits", "traits.email", "properties.a", "properties.products", "context.url", "a\\.b", "5",
     "-0.5", "1e300", "'a*[b-c]'", "''", "null", "true", "[1, 'a', properties.a]", "'1.2'"]
)  # fmt: skip
UNARY = [name for name, function in FUNCTIONS.items() if function.operands == 1]
VALUES = st.recursive(
    OPERANDS,
    lambda inner: (
        st.builds("{}({})".format, st.sampled_from(UNARY), inner)
        | st.builds("{}({}, {})".format, st.sampled_from(["contains", "match"]), inner, inner)
        | st.builds("semver({}, {}, {})".format, inner, inner, inner)
        | st.builds("({} {} {})".format, inner, st.sampled_from(["=", "!=", "<", "and"]), inner)
        | st.builds("({} in [{}])".format, inner, inner)
    ),
    max_leaves=6,
)


@given(VALUES, EVENTS)
def test_no_event_makes_a_filter_fail(text: str, data: dict[str, Any]) -> None:
    """Whatever stands in an event, every expression that can be read answers true or false."""
    try:
        passes = compile_filter(text)
    except FilterError:
        return

    assert passes(data) in (True, False)
