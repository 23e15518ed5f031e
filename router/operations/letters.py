"""Deeds on dead letters and on the shelf: replay, discard."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from router.config.compiled import compiled, sources
from router.dead.forecast import Forecaster, by_lane
from router.dead.replay import Tally, quietly
from router.dead.replay import discard as drop
from router.dead.scan import first, named
from router.engine.route.routing import entry_of
from router.operations.signature import now_ms, write_down

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from router.config import Config
    from router.dead.record import Record
    from router.dead.replay import Replay, Watcher
    from router.operations.signature import Signature
    from router.store.store import Store


class Wanted(Protocol):
    """Which records a deed is done to."""

    @property
    def text(self) -> str:
        """How they were named, for the audit."""

    def records(self, store: Store) -> AsyncIterator[Record]:
        """Yield them."""


@dataclass(frozen=True, slots=True)
class Ids:
    """Records by their ids; ids that nothing has are left out, so a repeat does no harm."""

    ids: Sequence[str]

    @property
    def text(self) -> str:
        """The ids."""
        return " ".join(self.ids)

    async def records(self, store: Store) -> AsyncIterator[Record]:
        """Yield what is there."""
        found, _ = await named(store, self.ids)
        for record in found:
            yield record


def forecaster(config: Config) -> Forecaster:
    """Return what decides by this configuration which records may leave the dead."""
    routes = compiled(config)
    return Forecaster(by_lane(routes), routes.signals, sources(config), entry_of, routes.reshaped)


async def replay(how: Replay, wanted: Wanted, signed: Signature) -> Tally:
    """Send again what may go now; what had moved before a failure is in the audit as well."""
    tally = Tally()
    try:
        return await how.run(wanted.records(how.store), tally)
    finally:
        await write_down(how.store, "dead replay", wanted.text, signed, tally.moved)


async def discard(
    store: Store,
    wanted: Wanted,
    signed: Signature,
    limit: int | None = None,
    watch: Watcher = quietly,
) -> Counter[str]:
    """Drop records for good; returns how many by destination. The audit is as for a replay."""
    gone: Counter[str] = Counter()
    try:
        await drop(store, first(wanted.records(store), limit), now_ms(), gone, watch)
    finally:
        await write_down(store, "dead discard", wanted.text, signed, gone.total())
    return gone
