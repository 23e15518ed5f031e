"""The default reading of an answer, for adapters that have nothing of their own to say.

=======================================  ================================================
answer                                   outcome
=======================================  ================================================
2xx                                      Delivered
401, 407, 410, redirects                 Held
429                                      Throttled, at least as long as it asks (`waits`)
503 with Retry-After                     Throttled, for at least Retry-After
408, 423, 425, 5xx (but 501)             Retry
all else                                 Rejected
no connection                            Retry
a connection, but no whole answer        Unknown
a URL that is no http(s)                 Held
=======================================  ================================================

A batch refused with 400, 413 or 422 is halved to find the one at fault. The engine holds a
destination whose 403 or 404 met three different users in a row.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import orjson

from destinations.outcome import Delivered, Held, Outcome, Rejected, Retry, Throttled, Unknown
from destinations.waits import asked_wait, retry_after

RETRIED = frozenset({408, 423, 425, *range(500, 600)} - {501})
HOLDING = frozenset({401, 407, 410, *range(300, 400)})
DEFAULT_WAIT = timedelta(seconds=5)
"""How long a 429 that does not say for how long throttles (our choice; the engine adds jitter)."""
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


def judge_response(response: httpx.Response) -> Outcome:
    """Return the outcome that an answer means by default: its status, and the wait it asks for."""
    status = response.status_code
    reason = f"http_{status}"
    if 200 <= status < 300:
        return Delivered()
    if status in HOLDING:
        return Held(reason, status)
    if status == 429:
        wait = asked_wait(response)
        return Throttled(DEFAULT_WAIT if wait is None else wait, reason)
    if status == 503 and (wait := retry_after(response)) is not None:
        return Throttled(wait, reason)
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


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
