"""A span of time as an operator writes it: `250ms`, `5s`, `2m`, `1h`, `1d`, or seconds."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


def _parse(value: object) -> object:
    if isinstance(value, str) and (match := _WRITTEN.fullmatch(value.strip())):
        return timedelta(seconds=float(match[1]) * _SECONDS[match[2]])
    return value


Duration = Annotated[timedelta, BeforeValidator(_parse)]
"""The type of a setting that is a span of time; its value is a `timedelta`."""
