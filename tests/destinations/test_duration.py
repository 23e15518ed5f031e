"""Durations as operators write them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from destinations import Duration

READ = TypeAdapter[timedelta](Duration)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("250ms", 0.25), ("5s", 5), (" 1.5 s ", 1.5), ("2m", 120), ("1h", 3600), ("1d", 86400),
     (3, 3), (0.5, 0.5), (timedelta(seconds=7), 7)],
)  # fmt: skip
def test_it_is_understood(written: object, seconds: float) -> None:
    """A number with a unit is that long; without one it is seconds."""
    assert READ.validate_python(written) == timedelta(seconds=seconds)


@pytest.mark.parametrize("written", ["soon", "5 years", "-5s", "s", "", None])
def test_nonsense_is_refused(written: object) -> None:
    """What is no span of time is refused."""
    with pytest.raises(ValidationError):
        READ.validate_python(written)
