"""JSON as text: values that are equal in a filter have one text."""

from __future__ import annotations

from typing import Any

import pytest

from router.decide.filters.actions import part_of
from router.decide.filters.functions import FUNCTIONS
from router.decide.json_text import json_text
from router.decide.reshape.hashing import compile_hash


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (10, "10"),
        (10.0, "10"),
        (-0.0, "0"),
        (10.5, "10.5"),
        (0.1 + 0.2, "0.30000000000000004"),
        (0.1234567890123456, "0.1234567890123456"),
        (1e16, "10000000000000000"),
        (1e21, "1e+21"),
        (2**53 + 1, "9007199254740993"),
        (True, "true"),
        ([1.0, "\u30a2", None], '[1,"\u30a2",null]'),
        ({"a": [2.0]}, '{"a":[2]}'),
    ],
)
def test_one_text_for_equal_values(value: Any, expected: str) -> None:
    """A number is written with all its digits, and a whole one without a point."""
    assert expected == json_text(value)


@pytest.mark.parametrize(("one", "other"), [(1, 1.0), ([1], [1.0]), ({"a": 1}, {"a": 1.0})])
def test_equal_values_fare_alike(one: Any, other: Any) -> None:
    """Who writes a number with a point is in the same share, and has the same hash and text."""
    hashed = compile_hash(b"", "hex")

    assert part_of(one) == part_of(other)
    assert hashed(one) == hashed(other)
    assert FUNCTIONS["string"].call(one) == FUNCTIONS["string"].call(other)
