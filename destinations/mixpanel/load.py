"""The items for one of Mixpanel's addresses, cut into calls where its limits are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from destinations.contract import Call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from destinations.delivery import Delivery
    from destinations.endpoint import Endpoint

MAX_ITEMS = 2000
MAX_BYTES = 10_000_000
"""Of uncompressed JSON."""


class Load:
    """The items that one address gets in one exchange."""

    __slots__ = ("_deliveries", "_endpoint", "_items")

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._items: list[bytes] = []
        self._deliveries: list[Delivery] = []

    def add(self, item: dict[str, object], delivery: Delivery) -> None:
        """Add an item that is part of a delivery."""
        self._items.append(orjson.dumps(item))
        self._deliveries.append(delivery)

    def calls(self) -> Iterator[Call]:
        """Yield the calls; an item too large for any goes alone, for Mixpanel to refuse."""
        start = size = 0
        for index, item in enumerate(self._items):
            full = index - start == MAX_ITEMS or size + len(item) + 2 > MAX_BYTES
            if full and index > start:
                yield self._call(start, index)
                start, size = index, 0
            size += len(item) + 1
        if start < len(self._items):
            yield self._call(start, len(self._items))

    def _call(self, start: int, end: int) -> Call:
        items = self._items[start:end]
        items[0] = b"[" + items[0]
        items[-1] += b"]"
        return Call(self._endpoint.post(b",".join(items)), self._deliveries[start:end])
