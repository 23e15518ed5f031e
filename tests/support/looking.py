"""A test's own eyes on the store: what the router itself reads there, asked from outside."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from router.config import load
from router.store.connection import UNREACHABLE
from router.store.opening import open_store
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from router.store.holds import Hold
    from router.store.ledger import Ledger
    from router.store.letters import Letter
    from router.store.shelf import ShelfItem
    from router.store.store import Store

T = TypeVar("T")


class Eyes:
    """Looks at the store of one configuration file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.config = load(file, {})

    @property
    def lanes(self) -> list[str]:
        """The lanes of the configured destinations, in their order."""
        return [f"{name}:{one.type}" for name, one in self.config.destinations.items()]

    def ask(self, question: Callable[[Store], Awaitable[T]]) -> T:
        """Open the store, ask, and close it."""

        async def asked() -> T:
            async with open_store(self.config) as store:
                return await question(store)

        return asyncio.run(asked())

    def ledger(self) -> Ledger:
        """Return all counters and lengths."""
        return self.ask(lambda store: store.ledger(self.lanes))

    def pending(self) -> dict[str, int]:
        """Return how many deliveries wait, by destination."""
        lanes = self.ledger().lanes
        return {lane.partition(":")[0]: lanes[lane].pending for lane in self.lanes}

    def delivered(self) -> dict[str, int]:
        """Return how many deliveries arrived, by destination."""
        lanes = self.ledger().lanes
        return {lane.partition(":")[0]: lanes[lane].delivered for lane in self.lanes}

    def waiting(self) -> int:
        """Return how many arrivals wait in the public intakes."""
        queue = self.config.queue

        async def count(store: Store) -> int:
            stream = await store.intake("stream", queue.stream).length()
            return stream + await store.intake("list", queue.list).length()

        return self.ask(count)

    def letters(self) -> list[Letter]:
        """Return all dead letters."""

        async def scan(store: Store) -> list[Letter]:
            return [letter async for letter in store.letters.scan(self.lanes)]

        return self.ask(scan)

    def shelf(self) -> list[ShelfItem]:
        """Return what is on the shelf."""

        async def scan(store: Store) -> list[ShelfItem]:
            return [item async for item in store.shelf.scan()]

        return self.ask(scan)

    def holds(self) -> dict[str, Hold]:
        """Return the hold of each destination that has one."""
        return self.ask(lambda store: store.holds.all())

    def failing(self) -> dict[str, int]:
        """Return how many deliveries failed and wait to be tried again, by destination."""
        found = self.ask(lambda store: store.failing(self.lanes))
        return {lane.partition(":")[0]: count for lane, count in found.items()}

    def members(self) -> dict[str, dict[str, Any]]:
        """Return what each living worker process says of itself."""
        return self.ask(lambda store: store.members.all())

    def wait_routed(self, *, within: float = 30.0) -> None:
        """Wait until nothing waits in the intakes any more."""
        wait_until(lambda: self._quiet(self.waiting), within=within, what="the intakes to be empty")

    def wait_drained(self, *names: str, within: float = 60.0) -> None:
        """Wait until nothing waits at all, or nothing for some destinations."""

        def waiting() -> int:
            queued = self.waiting()  # before the lanes: events move from here to there
            pending = self.pending()
            return queued + sum(pending[name] for name in names or pending)

        what = ", ".join(names) or "all destinations"
        wait_until(lambda: self._quiet(waiting), within=within, every=0.1, what=f"{what} to drain")

    def wait_held(self, name: str, *, within: float = 30.0) -> Hold:
        """Wait until a destination is held in whatever way, and return its hold."""
        return wait_until(lambda: self.holds().get(name), within=within, what=f"{name} to be held")

    @staticmethod
    def _quiet(count: Callable[[], int]) -> bool:
        try:
            return count() == 0
        except UNREACHABLE:
            return False
