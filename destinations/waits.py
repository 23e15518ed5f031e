"""How long an answer asks to be left alone: Retry-After, and the headers of vendors' own limits.

=====================================  ==================================================
header                                 read as
=====================================  ==================================================
`Retry-After`                          seconds or a date (RFC 9110, 10.2.3); it comes first
`Retry-After-Ms`, `X-Retry-After-Ms`   milliseconds
`X-RateLimit-Reset-After`              seconds
`RateLimit-Reset` and its spellings    seconds, or a moment: Unix time in s or ms, or a date
`RateLimit: ...;t=30`                  seconds (the IETF's draft)
=====================================  ==================================================

What is asked for is a lower bound: the engine adds jitter and takes nothing away.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

LONGEST_WAIT = timedelta(days=366)
"""No vendor is believed beyond this."""

_MILLISECONDS = ("retry-after-ms", "x-retry-after-ms", "x-ms-retry-after-ms")
_RESETS = (
    "x-ratelimit-reset-after", "ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset",
    "x-rate-limit-reset-after",
)  # fmt: skip
_NUMBER = re.compile(r"\d{1,15}(\.\d{0,9})?", re.ASCII)
_DRAFT = re.compile(r";\s*t=(\d{1,12})", re.ASCII)
_EARLIEST_MOMENT = 100_000_000
"""Larger numbers are Unix times: as a wait they would be three years."""
_EARLIEST_MILLISECONDS = 100_000_000_000


def asked_wait(response: httpx.Response) -> timedelta | None:
    """Return how long an answer asks to wait, by whichever header says so first; else None.

    Never negative, never above `LONGEST_WAIT`; nonsense is None.
    """
    wait = retry_after(response)
    if wait is not None:
        return wait
    headers = response.headers
    for name in _MILLISECONDS:
        if _NUMBER.fullmatch(headers.get(name, "").strip()):
            return _believed(timedelta(milliseconds=math.ceil(float(headers[name]))))
    for name in _RESETS:
        wait = _until_reset(headers.get(name, "").strip(), response)
        if wait is not None:
            return wait
    drafted = [int(seconds) for seconds in _DRAFT.findall(headers.get("ratelimit", ""))]
    return _believed(timedelta(seconds=max(drafted))) if drafted else None


def retry_after(response: httpx.Response) -> timedelta | None:
    """Return the Retry-After of an answer: seconds, or a date (RFC 9110, 10.2.3); else None.

    A date counts from the answer's own Date, so that the vendor's clock may be wrong. Fractions
    of a second, which some vendors send, are rounded up. Never negative, never above
    `LONGEST_WAIT`; nonsense is None.
    """
    value = response.headers.get("retry-after", "").strip()
    if _NUMBER.fullmatch(value):
        return _believed(timedelta(seconds=math.ceil(float(value))))
    moment = _date(value)
    return None if moment is None else _believed(moment - _vendors_now(response))


def _until_reset(value: str, response: httpx.Response) -> timedelta | None:
    if not _NUMBER.fullmatch(value):
        moment = _date(value) or _iso_date(value)
        return None if moment is None else _believed(moment - _vendors_now(response))
    number = float(value)
    if number < _EARLIEST_MOMENT:
        return _believed(timedelta(seconds=math.ceil(number)))
    if number >= _EARLIEST_MILLISECONDS:
        number /= 1000
    return _believed(timedelta(seconds=math.ceil(number - _vendors_now(response).timestamp())))


def _believed(wait: timedelta) -> timedelta:
    return min(max(wait, timedelta(0)), LONGEST_WAIT)


def _vendors_now(response: httpx.Response) -> datetime:
    return _date(response.headers.get("date", "")) or datetime.now(UTC)


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _iso_date(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
