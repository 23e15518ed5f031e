"""The default reading of an answer, for adapters that have nothing of their own to say.

=======================================  =========================================
answer                                   outcome
=======================================  =========================================
2xx                                      Delivered
401, 407, 410, redirects                 Held
429, or 503 with Retry-After             Throttled, for at least Retry-After
408, 423, 425, 5xx (but 501)             Retry
all else                                 Rejected
no connection                            Retry
a connection, but no whole answer        Unknown
a URL that is no http(s)                 Held
=======================================  =========================================

The engine holds a destination whose 403 or 404 met three different users in a row.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import orjson

from destinations.outcome import Delivered, Held, Outcome, Rejected, Retry, Throttled, Unknown

RETRIED = frozenset({408, 423, 425, *range(500, 600)} - {501})
HOLDING = frozenset({401, 407, 410, *range(300, 400)})
DEFAULT_WAIT = timedelta(seconds=5)
"""How long a 429 without Retry-After throttles (our choice; the engine adds jitter)."""
LONGEST_WAIT = timedelta(days=366)
"""No vendor is believed beyond this."""
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_SECONDS = re.compile(r"\d{1,12}(\.\d*)?", re.ASCII)


def judge_response(response: httpx.Response) -> Outcome:
    """Return the outcome that the status and Retry-After of an answer mean by default."""
    status = response.status_code
    reason = f"http_{status}"
    if 200 <= status < 300:
        return Delivered()
    if status in HOLDING:
        return Held(reason, status)
    wait = retry_after(response)
    if status == 429 or (status == 503 and wait is not None):
        return Throttled(wait if wait is not None else DEFAULT_WAIT, reason)
    if status in RETRIED:
        return Retry(reason, status)
    return Rejected(reason, status)


def judge_error(error: httpx.TransportError) -> Outcome:
    """Return Retry when the request cannot have left, Held when it never can, else Unknown."""
    reason = _snake(type(error).__name__)
    if isinstance(error, httpx.UnsupportedProtocol):
        return Held(reason)
    return Retry(reason) if isinstance(error, NEVER_SENT) else Unknown(reason)


def json_of(response: httpx.Response) -> Any:
    """Return what the answer says as JSON; None when it is none, so that `match` can read it."""
    try:
        return orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return None


def retry_after(response: httpx.Response) -> timedelta | None:
    """Return the Retry-After of an answer: seconds, or a date (RFC 9110, 10.2.3); else None.

    A date counts from the answer's own Date, so that the vendor's clock may be wrong. Fractions
    of a second, which some vendors send, are rounded up. Never negative, never above
    `LONGEST_WAIT`; nonsense is None.
    """
    value = response.headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        return min(timedelta(seconds=math.ceil(float(value))), LONGEST_WAIT)
    until = _date(value)
    if until is None:
        return None
    since = _date(response.headers.get("date", "")) or datetime.now(UTC)
    return min(max(until - since, timedelta(0)), LONGEST_WAIT)


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
