"""`generalise` leaves what fits many people, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide.policy.generalise import compile_generalise
from tests.decide.making import Matcher, policy, strip


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("x", "1990-05-12", "1990"),
        ("x", "05/12/1990", "1990"),
        ("x", 19900512, "1990"),
        ("x", "1931-05-12", "1945 or before"),
        ("x", "1945-12-31", "1945 or before"),
        ("x", "1946-01-01", "1946"),
        ("x", "K1A 0B1", "K1A"),
        ("x", "94107", "941"),
        ("x", 94107, "941"),
        ("x", "89301", "000"),
        ("x", "10201", "000"),
        ("x", 4915112345678.0, "[redacted]"),
        ("x", float("nan"), "[redacted]"),
        ("x", "491.5112", "[redacted]"),
        ("x", 42, "[redacted]"),
        ("age", 42, "40-49"),
        ("age", "7", "0-9"),
        ("age", 89, "80-89"),
        ("age", 90, "90+"),
        ("userAge", 104.0, "90+"),
        ("age", 130, "90+"),
        ("age", 131, "[redacted]"),
        ("age", "1300", "[redacted]"),
        ("age", -1, "[redacted]"),
        ("age", "old", "[redacted]"),
        ("birthday", "1990", "1990"),
        ("birth_year", 1931, "1945 or before"),
        ("dob", "tomorrow", "[redacted]"),
        ("lat", 52.520008, 52.52),
        ("longitude", 13, 13),
        ("latitude", 52.520008, 52.52),
        ("lng", "13.404954", "13.40"),
        ("lat", 4915112345678, "[redacted]"),
        ("geohash", "u33dc0cpk", "u33dc"),
        ("geohash", "Maya!", "[redacted]"),
    ],
)
def test_values(key: str, value: Any, expected: Any) -> None:
    """What a value becomes depends on its form, and on its key where that says what it is."""
    by_path = policy((f"traits.{key}", "generalise"))
    by_key = policy((Matcher(keys=(key,)), "generalise"))

    assert {"traits": {key: expected}} == strip(by_path, traits={key: value})
    assert {"traits": {key: expected}} == strip(by_key, traits={key: value})


@given(st.sampled_from(["x", "age", "dob", "lat", "geohash"]), st.integers() | st.floats())
def test_numbers_stay_coarse(key: str, value: float) -> None:
    """No number keeps more than three digits before the point, but for a year."""
    left = compile_generalise(key)(value, None)

    assert isinstance(left, str) or abs(left) <= 180
