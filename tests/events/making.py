"""Arrivals and events for tests, short to write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from router.events.event import Arrival
from router.events.parse import parse

if TYPE_CHECKING:
    from router.events.event import Event

NOW = 1_795_338_740_000
NOW_TEXT = "2026-11-22T09:12:20.000Z"


def arrival(
    raw: bytes | None = None,
    /,
    *,
    received_at: int | None = NOW,
    origin: str = "events-list:17",
    source: str | None = None,
    **fields: Any,
) -> Arrival:
    """Return an arrival of these bytes, else of a track event with these fields."""
    if raw is None:
        raw = orjson.dumps({"type": "track", "event": "Tested", "messageId": "m1", **fields})
    return Arrival(raw, origin, source, received_at)


def event(raw: bytes | None = None, /, **how: Any) -> Event:
    """Return the event of such an arrival."""
    return parse(arrival(raw, **how), {}, NOW)
