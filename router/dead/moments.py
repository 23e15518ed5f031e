"""Moments in the past as an operator writes them: an age (`2h`), or RFC 3339."""

from __future__ import annotations

import re
from datetime import datetime

_AGE = re.compile(r"(\d{1,6})(s|m|h|d|w)")
_MILLISECONDS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}


def past(text: str, now_ms: int) -> int | None:
    """Return the moment in milliseconds of Unix time, or None for what is no moment.

    A moment without a timezone is one of this machine's.
    """
    if age := _AGE.fullmatch(text):
        return now_ms - int(age[1]) * _MILLISECONDS[age[2]]
    try:
        return int(datetime.fromisoformat(text).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return None
