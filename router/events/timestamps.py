"""When it happened: timestamps read in every spelling, the sender's wrong clock taken out.

Segment's rule: timestamp = receivedAt - (sentAt - originalTimestamp), where originalTimestamp is
the time that the sender's clock gave. It is not applied when there is nothing to apply it to (no
sentAt, no receivedAt), when somebody already did (both `timestamp` and `originalTimestamp` are
there), and when the sender's clock contradicts itself (sent long before it happened).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FIRST_NUMBER_IN_MS = 100_000_000_000
"""Numbers from here on are milliseconds (as seconds: the year 5138), smaller ones are seconds."""
_LAST = 253_402_300_799_999
"""The end of the year 9999; what lies outside 1970 to 9999 is no timestamp."""
_CLOCK_JITTER = 60_000
"""So much may sentAt lie before the event's own time, in milliseconds: a clock set meanwhile."""
_NOTED_SKEW = 600_000


def stamp(data: dict[str, Any], received_at: int | None, now_ms: int, notes: list[str]) -> int:
    """Set `timestamp`, `originalTimestamp` and `receivedAt` in `data`; return receivedAt.

    `data` is changed. Times are milliseconds of Unix time; what was odd is added to `notes`.
    """
    received = now_ms if received_at is None else received_at
    happened = _read(data, "timestamp", notes)
    original = _read(data, "originalTimestamp", notes)
    sent = _read(data, "sentAt", notes)
    if happened is None or original is None:
        if happened is None:
            happened = received if original is None else original
            if original is None:
                data["originalTimestamp"] = iso(received)
        else:
            data["originalTimestamp"] = data["timestamp"]
        if sent is not None and received_at is not None:
            happened = _corrected(happened, sent, received, notes)
    data["timestamp"] = iso(happened)
    data["receivedAt"] = iso(received)
    return received


def milliseconds(value: Any, notes: list[str]) -> int | None:
    """Read a timestamp: ISO 8601, or a number of seconds or milliseconds; None if it is none."""
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                notes.append("no_timezone")
                moment = moment.replace(tzinfo=UTC)
            read = (moment - _EPOCH) // _MILLISECOND
        elif isinstance(value, int | float) and not isinstance(value, bool):
            notes.append("numeric_timestamp")
            read = int(value if value >= _FIRST_NUMBER_IN_MS else value * 1000)
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return read if 0 <= read <= _LAST else None


def iso(moment: int) -> str:
    """Write milliseconds of Unix time as Segment does: `2026-11-22T09:03:45.710Z`."""
    seconds, rest = divmod(moment, 1000)
    return f"{_second(seconds)}.{rest:03d}Z"


@lru_cache(maxsize=4096)
def _second(seconds: int) -> str:
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")


def _read(data: dict[str, Any], key: str, notes: list[str]) -> int | None:
    value = data.get(key)
    if value is None or value == "":
        return None
    read = milliseconds(value, notes)
    if read is None:
        notes.append("bad_timestamp")
        del data[key]
    elif not isinstance(value, str):
        data[key] = iso(read)
    return read


def _corrected(happened: int, sent: int, received: int, notes: list[str]) -> int:
    delay = sent - happened
    if delay < -_CLOCK_JITTER:
        notes.append("clock_nonsense")
        return happened
    if abs(received - sent) > _NOTED_SKEW:
        notes.append("clock_skew")
    corrected = received - max(delay, 0)
    return corrected if corrected >= 0 else happened
