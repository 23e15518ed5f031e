"""The default reading of an answer, for adapters that have nothing of their own to say.

2xx delivered; 429 and any answer with Retry-After throttled; 408, 423, 425, 5xx (not 501) retry;
401, 407, 410 and redirects hold the destination; all else is rejected. The engine holds a
destination whose 403 or 404 met three different users in a row.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from destinations.outcome import Delivered, Held, Outcome, Rejected, Retry, Throttled, Unknown

RETRIED = frozenset({408, 423, 425, *range(500, 600)} - {501})
HOLDING = frozenset({401, 407, 410, *range(300, 400)})
DEFAULT_WAIT = timedelta(seconds=5)
"""How long a 429 without Retry-After throttles (our choice; the engine adds jitter)."""
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout,
              httpx.UnsupportedProtocol, httpx.ProxyError)  # fmt: skip


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
    """Return Retry when the request cannot have left, else Unknown."""
    reason = _snake(type(error).__name__)
    return Retry(reason) if isinstance(error, NEVER_SENT) else Unknown(reason)


def retry_after(response: httpx.Response) -> timedelta | None:
    """Return the Retry-After of an answer: seconds, or a date (RFC 9110, 10.2.3).

    A date counts from the answer's own Date, so that the vendor's clock may be wrong.
    """
    value = response.headers.get("retry-after", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value[:9]), 366 * 86_400))
    until = _date(value)
    if until is None:
        return None
    since = _date(response.headers.get("date", "")) or datetime.now(UTC)
    return max(until - since, timedelta(0))


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
