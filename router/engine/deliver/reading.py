"""Reading a shard's lanes into windows: onward, and once more where turns were parked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from router.engine.deliver.turn import Item, place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from router.engine.care.caution import Caution
    from router.engine.deliver.turn import Place
    from router.store.lanes import Lanes, Try, Waiting

H = TypeVar("H")
READ_AT_ONCE = 500
READ_AT_LEAST = 50
"""Entries of one page, though there be less room: what is parked needs none, and pages cost."""
PAGE_BYTES = 4_000_000
"""What a page comes to, by the size of the entries in the page before; one entry always goes."""
LAST = 2**64 - 1
"""The greatest number behind the dash of a stream's id."""


class Reader(Protocol[H]):
    """Whoever takes what a lane holds: a destination's dispatcher."""

    @property
    def room(self) -> int:
        """How many entries it would take now."""

    def add(self, items: Sequence[Item[H]]) -> None:
        """Take entries, in the order of their lane."""

    def gap(self, home: H) -> Place | None:
        """Return from where on it wants a home's entries once more."""

    def fill(self, home: H, items: Sequence[Item[H]], *, after: Place, whole: bool) -> None:
        """Take entries behind `after`; `whole` says that no known ones follow them."""

    def drop(self, home: H) -> None:
        """Forget a home's entries."""


class _Page(NamedTuple):
    lane: str
    after: bytes
    most: int
    again: bool


class Reading(Generic[H]):
    """Reads the lanes of one shard, for the `home` that owns it."""

    def __init__(
        self, home: H, shard: int, lanes: Lanes, readers: Mapping[str, Reader[H]], caution: Caution
    ) -> None:
        self._caution = caution
        self._home = home
        self._shard = shard
        self._lanes = lanes
        self._readers = readers
        self._cursors = dict.fromkeys(readers, b"0-0")
        self._more = set(readers)
        self._sizes = dict.fromkeys(readers, PAGE_BYTES // READ_AT_LEAST)
        self._tries: dict[str, dict[bytes, Try]] = {}
        self._wake = asyncio.Event()
        self._over = False

    def notice(self, lane: str | None = None) -> None:
        """Say that all lanes may hold something new, or that one lane's window has room again."""
        if lane is None:
            self._more.update(self._readers)
        elif lane not in self._more and self._readers[lane].gap(self._home) is None:
            return
        self._wake.set()

    def known(self, lane: str, entries: list[Waiting]) -> list[Waiting]:
        """Return those of some entries that were read onward before."""
        end = place(self._cursors[lane])
        return [entry for entry in entries if place(entry.id) <= end]

    def end(self) -> None:
        """Read nothing more; what is being read is thrown away."""
        self._over = True
        self._wake.set()

    async def run(self) -> None:
        """Fill the windows until ended; raises what the store raises."""
        for lane in self._readers:
            self._tries[lane] = await self._lanes.tries(self._shard, lane)
        await self._caution.begin(self._present)
        self._wake.set()
        while not self._over:
            await self._wake.wait()
            self._wake.clear()
            while not self._over and (pages := self._pages()):
                await self._read(pages)

    def _pages(self) -> list[_Page]:
        """Return what to read now: of each lane the gap first, whose entries are older."""
        pages: list[_Page] = []
        for lane, reader in self._readers.items():
            if (room := reader.room) <= 0:
                continue
            fitting = max(1, PAGE_BYTES // self._sizes[lane])
            count = min(READ_AT_ONCE, max(room, READ_AT_LEAST), fitting)
            if (gap := reader.gap(self._home)) is not None:
                pages.append(_Page(lane, before(gap), count, again=True))
            if lane in self._more:
                pages.append(_Page(lane, self._cursors[lane], count, again=False))
        return pages

    async def _read(self, pages: list[_Page]) -> None:
        self._more -= {page.lane for page in pages if not page.again}
        wanted = [(page.lane, page.after, page.most) for page in pages]
        found = await self._lanes.read(self._shard, wanted)
        for page, entries in zip(pages, found, strict=True):
            if self._over:
                return
            if entries:
                size = sum(len(entry.raw) for entry in entries) // len(entries)
                self._sizes[page.lane] = max(1, size)
            if page.again:
                self._fill(page, entries)
            else:
                self._add(page, entries)

    def _add(self, page: _Page, entries: list[Waiting]) -> None:
        if len(entries) == page.most:
            self._more.add(page.lane)
        if entries:
            self._cursors[page.lane] = entries[-1].id
            self._readers[page.lane].add(self._items(page.lane, entries))

    def _fill(self, page: _Page, entries: list[Waiting]) -> None:
        """Hand on what is not beyond the cursor: that is still to be read onward."""
        known = self.known(page.lane, entries)
        items = self._items(page.lane, known)
        whole = len(known) < page.most
        self._readers[page.lane].fill(self._home, items, after=place(page.after), whole=whole)

    def _items(self, lane: str, entries: list[Waiting]) -> list[Item[H]]:
        tries = self._tries[lane]
        items = [
            Item(self._home, entry.id, entry.turn, entry.raw, entry.replays,
                 tries.get(entry.id) if tries else None)
            for entry in entries
        ]  # fmt: skip
        if suspects := self._caution.suspects:
            for item in items:
                item.deaths = suspects.get(named(lane, item.id), 0)
        return items

    async def _present(self, suspects: list[str]) -> set[str]:
        """Return those that still stand in a lane that is read."""
        asked: dict[str, list[str]] = {}
        for suspect in suspects:
            asked.setdefault(suspect.partition(" ")[0], []).append(suspect)
        found = set()
        for lane, theirs in asked.items():
            if lane in self._readers:
                ids = [suspect.partition(" ")[2].encode() for suspect in theirs]
                bodies = await self._lanes.fetch(self._shard, lane, ids)
                found |= {one for one, body in zip(theirs, bodies, strict=True) if body is not None}
        return found


def named(lane: str, entry: bytes) -> str:
    """Return an entry's name among the suspects of its shard."""
    return f"{lane} {entry.decode()}"


def before(gap: Place) -> bytes:
    """Return the id after which the gap's own entry comes first."""
    milliseconds, number = gap
    return b"%d-%d" % ((milliseconds, number - 1) if number else (milliseconds - 1, LAST))
