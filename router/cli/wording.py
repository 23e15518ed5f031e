"""Counts, ages and moments in words."""

from __future__ import annotations

from datetime import UTC, datetime

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def count(number: int, noun: str, nouns: str | None = None) -> str:
    """Return `1 event`, `2,000 events`."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def span(milliseconds: int) -> str:
    """Return a length of time in its two largest units: `3 h 20 min`."""
    seconds = max(0, milliseconds) // 1000
    parts = []
    for size, unit in _UNITS:
        if seconds >= size:
            parts.append(f"{seconds // size} {unit}")
            seconds %= size
        elif parts:
            break
    return " ".join(parts[:2]) or "0 s"


def ago(at_ms: int | None, now_ms: int) -> str:
    """Return how long ago something was; nothing for a time that is not known."""
    return "" if at_ms is None else f"{span(now_ms - at_ms)} ago"


def ahead(at_ms: int | None, now_ms: int) -> str:
    """Return in how long something will be; nothing for a time that is not known."""
    if at_ms is None:
        return ""
    return "now" if at_ms <= now_ms else f"in {span(at_ms - now_ms)}"


def moment(at_ms: int | None) -> str | None:
    """Return a moment as programs read it: UTC, to the millisecond."""
    if at_ms is None:
        return None
    text = datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def local(at_ms: int | None) -> str:
    """Return a moment as people here read it."""
    if at_ms is None:
        return ""
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
