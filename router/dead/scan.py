"""Walk through dead letters and the shelf, and find what a query or an id names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from router.dead.record import of_item, of_letter
from router.observe.lane import destination_of
from router.observe.reasons import ShelfReason
from router.observe.reserved import SHELF

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from router.dead.query import Query
    from router.dead.record import Record
    from router.store.store import Store

_ID = re.compile(r"[a-z0-9_-]+/\d+/\d+-\d+")


def is_id(text: str) -> bool:
    """Tell whether a text names one record, as lists show them."""
    return _ID.fullmatch(text) is not None


async def matching(store: Store, query: Query, until_ms: int) -> AsyncIterator[Record]:
    """Yield what a query matches of what was dead at `until_ms`, destination by destination.

    Originals on the shelf that letters refer to are not shown: their letters are.
    """
    lanes = sorted(lane for lane in await store.lanes.known() if query.reaches(_name(lane)))
    async for letter in store.letters.scan(lanes):
        record = of_letter(letter)
        if record.dead_at <= until_ms and query.matches(record):
            yield record
    if not query.reaches(SHELF):
        return
    async for item in store.shelf.scan():
        record = of_item(item)
        if item.reason == ShelfReason.POLICY_ERROR or record.dead_at > until_ms:
            continue
        if query.matches(record):
            yield record


async def first(records: AsyncIterator[Record], limit: int | None) -> AsyncIterator[Record]:
    """Yield so many records, or all."""
    taken = 0
    async for record in records:
        if taken == limit:
            return
        taken += 1
        yield record


async def named(store: Store, ids: Iterable[str]) -> tuple[list[Record], list[str]]:
    """Return the records with these ids, and the ids that nothing has."""
    found: list[Record] = []
    gone: list[str] = []
    for wanted in dict.fromkeys(ids):
        record = await _get(store, wanted)
        if record is None:
            gone.append(wanted)
        else:
            found.append(record)
    return found, gone


async def _get(store: Store, wanted: str) -> Record | None:
    if wanted.startswith(f"{SHELF}/"):
        item = await store.shelf.get(wanted)
        return of_item(item) if item else None
    letter = await store.letters.get(wanted)
    return of_letter(letter) if letter else None


def _name(lane: str) -> str:
    return destination_of(lane)
