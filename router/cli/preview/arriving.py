"""Lines of a file as events: read as if each had just been put on the stream."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from router.events.event import Arrival, Event, Unreadable
from router.events.parse import parse

if TYPE_CHECKING:
    from collections.abc import Mapping


class Arriving:
    """Reads lines as the router would now; each gets the identity of its own line."""

    def __init__(self, sources: Mapping[str, str], now_ms: int | None = None) -> None:
        self.now_ms = int(time.time() * 1000) if now_ms is None else now_ms
        self._sources = sources
        self._number = 0

    def read(self, raw: bytes) -> Event | str:
        """Return the event in the next line, or the reason why there is none."""
        self._number += 1
        origin = f"file:{self.now_ms}-{self._number}"
        try:
            return parse(Arrival(raw, origin, None, self.now_ms), self._sources, self.now_ms)
        except Unreadable as unreadable:
            return str(unreadable.reason)
