"""What Mixpanel's answers mean for each item of a call.

==================================  ============================================================
answer                              outcome
==================================  ============================================================
200, `1`, `{"status": 1}`           Delivered
200 or 400 with `failed_records`    Rejected for those; Delivered for the others, which Mixpanel
                                    keeps, unless it counts fewer of them: then Retry
200 with `0`, 400, 413              Rejected, after the batch was sent again in halves to find
                                    the one at fault
401, 403                            Held
429                                 Throttled, at least as long as Mixpanel asks for first
all else                            the default
==================================  ============================================================
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from destinations.contract import Split
from destinations.judgement import json_of
from destinations.outcome import Delivered, Held, Outcome, Rejected, Retry, Throttled
from destinations.waits import asked_wait

if TYPE_CHECKING:
    import httpx

    from destinations.contract import Call, Judgement

FIRST_WAIT = timedelta(seconds=7)
"""Mixpanel asks for 2 seconds and up to 5 of jitter after the first 429."""
_FIELDS = {
    "event": "invalid_event_name",
    "distinct_id": "invalid_distinct_id",
    "properties.distinct_id": "invalid_distinct_id",
    "$insert_id": "invalid_insert_id",
    "properties.$insert_id": "invalid_insert_id",
    "time": "invalid_time",
    "properties.time": "invalid_time",
}
"""Only these are told apart: any other field is named by the event and may name a person."""


def judge_answer(call: Call, response: httpx.Response) -> Judgement:
    """Return the outcomes of a call's items, in their order; None for the default."""
    match response.status_code:
        case 200 | 400:
            return _each(len(call.deliveries), response)
        case 401 | 403 as status:
            return Held(f"http_{status}", status)
        case 413:
            return Split(Rejected("too_large", 413))
        case 429:
            return Throttled(max(asked_wait(response) or FIRST_WAIT, FIRST_WAIT), "http_429")
    return None


def _each(count: int, response: httpx.Response) -> Judgement:
    status, body = response.status_code, json_of(response)
    failed = _failed(body, count)
    if failed:
        rest = _rest(body, count - len(failed), status)
        return [
            Rejected(failed[index], status) if index in failed else rest for index in range(count)
        ]
    if status == 400 or failed is None or _says_no(body):
        return Split(Rejected("refused", status))
    return Delivered()


def _failed(body: Any, count: int) -> dict[int, str] | None:
    """Return the reason for each refused index; None when the list cannot be trusted."""
    records = body.get("failed_records") if isinstance(body, dict) else None
    if not records:
        return {}
    if not isinstance(records, list):
        return None
    failed: dict[int, str] = {}
    for record in records:
        index = record.get("index") if isinstance(record, dict) else None
        if type(index) is not int or not 0 <= index < count:
            return None
        field = record.get("field")
        failed[index] = (
            _FIELDS.get(field, "invalid_property") if isinstance(field, str) else "invalid"
        )
    return failed


def _rest(body: dict[str, Any], count: int, status: int) -> Outcome:
    imported = body.get("num_records_imported")
    if type(imported) is int and imported < count:
        return Retry("not_imported", status)
    return Delivered()


def _says_no(body: Any) -> bool:
    said = body.get("status") if isinstance(body, dict) else body
    return (type(said) is int and said == 0) or said == "error"
