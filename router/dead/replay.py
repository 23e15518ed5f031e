"""Replay and discard: records leave the dead in chunks; each move is one step and happens once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from router.dead.forecast import Beside, Forecast
from router.decide.consent.preference import known_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from router.dead.forecast import Forecaster, Step
    from router.dead.record import Record
    from router.decide.consent.signals import Signals
    from router.store.letters import Letter
    from router.store.shelf import ShelfItem
    from router.store.store import Store

CHUNK = 200
"""Letters that one script call moves."""


class Watcher(Protocol):
    """Whoever shows how far it is."""

    def __call__(self, steps: int) -> None:
        """Take notice of so many more records."""


@dataclass(slots=True)
class Tally:
    """What became of records, or would: counts by destination and forecast."""

    counts: Counter[tuple[str, Forecast]] = field(default_factory=Counter)
    matched: int = 0
    gone: int = 0
    """Records that somebody else moved meanwhile."""

    @property
    def moved(self) -> int:
        """Records that leave the dead."""
        return sum(times for (_, forecast), times in self.counts.items() if forecast.moves)

    @property
    def stayed(self) -> int:
        """Records that cannot leave."""
        return sum(times for (_, forecast), times in self.counts.items() if not forecast.moves)

    def by_forecast(self) -> dict[str, int]:
        """Return the counts of all destinations together, in the order of the table."""
        return {
            forecast.value: total
            for forecast in Forecast
            if (total := sum(n for (_, found), n in self.counts.items() if found is forecast))
        }

    def by_destination(self) -> dict[str, dict[str, int]]:
        """Return the counts of each destination."""
        found: dict[str, dict[str, int]] = {}
        for (destination, forecast), times in sorted(self.counts.items()):
            found.setdefault(destination, {})[forecast.value] = times
        return found


def quietly(steps: int) -> None:
    """Show nobody how far it is."""
    del steps


@dataclass(slots=True)
class Replay:
    """One replay. `limit` bounds what moves, not what is looked at."""

    store: Store
    forecaster: Forecaster
    stream: str
    now_ms: int
    limit: int | None = None
    watch: Watcher = quietly
    _letters: list[tuple[Record, Letter]] = field(default_factory=list)
    _used: dict[str, ShelfItem] = field(default_factory=dict)

    async def forecast(self, records: AsyncIterator[Record]) -> Tally:
        """Count what a run would do; nothing moves."""
        tally = Tally()
        async for record, step in self._steps(records, tally):
            tally.counts[record.destination, step.forecast] += 1
        return tally

    async def run(self, records: AsyncIterator[Record], tally: Tally | None = None) -> Tally:
        """Move what can move; a `tally` that is given is true at any time, if it fails midway."""
        tally = Tally() if tally is None else tally
        async for record, step in self._steps(records, tally):
            if step.forecast is Forecast.SEND and not step.rerouted:
                await self._later(record, tally)
            elif not step.forecast.moves or await self._now(record, step):
                tally.counts[record.destination, step.forecast] += 1
            else:
                tally.gone += 1
        await self._flush(tally)
        await drop_unused(self.store, self._used)
        return tally

    async def _steps(
        self, records: AsyncIterator[Record], tally: Tally
    ) -> AsyncIterator[tuple[Record, Step]]:
        moving = 0
        async for record, known in self._with_preferences(records):
            if self.limit is not None and moving >= self.limit:
                return
            original = await self._original(record)
            step = self.forecaster.step(record, Beside(original, known), self.now_ms)
            if step.rerouted and original is not None:
                self._used[original.id] = original
            moving += step.forecast.moves
            tally.matched += 1
            self.watch(1)
            yield record, step

    async def _with_preferences(
        self, records: AsyncIterator[Record]
    ) -> AsyncIterator[tuple[Record, list[Signals]]]:
        """Yield records with what is known of their users, asked for many at once."""
        heeds = self.forecaster.heeds_consent
        async for some in _chunks(records, CHUNK if heeds else 1):
            turns = [turn for record in some if record.letter for turn in record.letter.turns]
            found = await self.store.preferences.read(turns) if heeds else {}
            for record in some:
                own = record.letter.turns if record.letter else ()
                yield record, [known_in(found[turn]) for turn in own if turn in found]

    async def _original(self, record: Record) -> ShelfItem | None:
        if record.letter is None or record.letter.shelf is None:
            return None
        return await self.store.shelf.get(record.letter.shelf)

    async def _now(self, record: Record, step: Step) -> bool:
        if record.item is not None:
            return await self.store.shelf.put_back(record.item, self.stream)
        if record.letter is None:
            return False
        return await self.store.letters.reroute(
            record.letter, step.body, self.now_ms, reason=step.reason
        )

    async def _later(self, record: Record, tally: Tally) -> None:
        if record.letter is not None:
            self._letters.append((record, record.letter))
        if len(self._letters) >= CHUNK:
            await self._flush(tally)

    async def _flush(self, tally: Tally) -> None:
        """Move the gathered letters, one destination at a time, so that counts are exact."""
        by_destination: dict[str, list[Letter]] = {}
        for record, letter in self._letters:
            by_destination.setdefault(record.destination, []).append(letter)
        self._letters.clear()
        for destination, letters in by_destination.items():
            moved = await self.store.letters.replay(letters, self.now_ms)
            tally.counts[destination, Forecast.SEND] += moved
            tally.gone += len(letters) - moved


async def _chunks(records: AsyncIterator[Record], size: int) -> AsyncIterator[list[Record]]:
    some: list[Record] = []
    async for record in records:
        some.append(record)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some


async def discard(
    store: Store,
    records: AsyncIterator[Record],
    now_ms: int,
    gone: Counter[str],
    watch: Watcher = quietly,
) -> None:
    """Drop records for good; `gone` counts them by destination, and is true at any time."""
    used: dict[str, ShelfItem] = {}
    letters: list[Letter] = []

    async def flush() -> None:
        for destination in {letter.destination for letter in letters}:
            own = [letter for letter in letters if letter.destination == destination]
            gone[destination] += await store.letters.discard(own, now_ms)
        letters.clear()

    async for record in records:
        watch(1)
        if record.item is not None:
            gone[record.destination] += await store.shelf.drop(record.item)
        elif record.letter is not None:
            letters.append(record.letter)
            original = record.letter.shelf and await store.shelf.get(record.letter.shelf)
            if original:
                used[original.id] = original
        if len(letters) >= CHUNK:
            await flush()
    await flush()
    await drop_unused(store, used)


async def drop_unused(store: Store, originals: dict[str, ShelfItem]) -> None:
    """Take the originals off the shelf that no letter refers to any more.

    A letter without a payload says so in its shard and lane only, so all of them are looked at.
    """
    if not originals:
        return
    async for letter in store.letters.scan(sorted(await store.lanes.known())):
        if letter.shelf is not None:
            originals.pop(letter.shelf, None)
    for item in originals.values():
        await store.shelf.drop(item)
