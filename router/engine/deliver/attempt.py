"""One attempt: from entries of lanes to deliveries, through consent and policy of now, and out."""

from __future__ import annotations

import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from destinations import Delivery, Outcome
from destinations.contract import speaks_http
from router.engine.deliver.exchange import attempt
from router.engine.deliver.given import given
from router.engine.judge.settlement import Bury, Decision
from router.engine.out.sender import require_lease
from router.events.keys import turns_in
from router.observe.reasons import DeadReason
from router.store.codec import Undecodable, unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

    from destinations import Adapter, Batch
    from router.decide.consent.signals import Signals
    from router.engine.deliver.given import Rules
    from router.engine.deliver.home import Home
    from router.engine.deliver.latest import Latest
    from router.engine.deliver.turn import Item
    from router.engine.out.sender import Sender
    from router.store.codec import Entry

Homed: TypeAlias = "Item[Home]"


@dataclass(slots=True)
class Attempt:
    """What came of some entries: an outcome where the adapter was asked, else a decision."""

    items: list[Homed]
    outcomes: dict[Homed, Outcome] = field(default_factory=dict)
    early: dict[Homed, Decision] = field(default_factory=dict)
    seconds: float = 0.0
    """How long its slowest request took; waiting for our own rate does not count."""


class Attempter:
    """Makes attempts for one destination."""

    def __init__(  # noqa: PLR0913 - what an attempt is made with
        self,
        rules: Rules,
        adapter: Adapter[Any],
        sender: Sender,
        *,
        latest: Latest,
        batch: Batch,
        timeout: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rules = rules
        self._latest = latest
        self._adapter = adapter
        self._sender = sender
        self._timeout = timeout
        self._clock = clock
        self.batch = batch
        self.longest = timedelta(seconds=3 * timeout + 5)
        """How long an attempt may take when all goes slowly: the life of a claimed probe."""

    async def attempt(self, items: list[Homed]) -> Attempt:
        """Attempt entries together; raises NotStarted when nothing left.

        Entries that no longer fit the batch's bytes are left out of the result's outcomes; the
        caller gives them back.
        """
        homes = {item.home for item in items}
        require_lease(homes, self._timeout)
        result = Attempt(items)
        entries = self._entries(result)
        known = await self._known(entries)
        now_ms = int(time.time() * 1000)
        carried: dict[Delivery, Homed] = {}
        size = 0
        for item, entry in entries.items():
            number = 1 if item.tried is None else item.tried.attempts + 1
            made = given(self._rules, entry, number, now_ms, known.get(item, ()))
            if not isinstance(made, Delivery):
                result.early[item] = made
                continue
            size += len(made.body)
            if carried and size > self.batch.bytes:
                break
            carried[made] = item
        if not carried:
            return result
        by_http = speaks_http(self._adapter)
        if not by_http:
            await self._sender.admit(len(carried))
            require_lease(homes, self._timeout)

        async def send(request: httpx.Request, events: int) -> httpx.Response:
            await self._sender.admit(events)
            with self._timed(result):
                return await self._sender.send(request, homes)

        with nullcontext() if by_http else self._timed(result):
            outcomes = await attempt(self._adapter, list(carried), send, self._timeout)
        result.outcomes = {carried[delivery]: outcome for delivery, outcome in outcomes.items()}
        return result

    @contextmanager
    def _timed(self, result: Attempt) -> Iterator[None]:
        began = self._clock()
        try:
            yield
        finally:
            result.seconds = max(result.seconds, self._clock() - began)

    def _entries(self, result: Attempt) -> dict[Homed, Entry]:
        """Unpack what may fit one batch; what cannot be unpacked dies."""
        entries: dict[Homed, Entry] = {}
        size = 0
        for item in result.items:
            try:
                entry = unpack(item.raw or b"")
            except Undecodable:
                result.early[item] = Bury(DeadReason.UNREADABLE, None, 0, None)
                continue
            size += len(entry.body)
            if entries and size > self.batch.bytes:
                break
            entries[item] = entry
        return entries

    async def _known(self, entries: dict[Homed, Entry]) -> dict[Homed, list[Signals]]:
        """Return what is known of the consent of those who ever denied something."""
        if not self._rules.heeds_consent:
            return {}
        ids = {item: (item.turn, *turns_in(entry.other)) for item, entry in entries.items()}
        found = await self._latest.known({turn for turns in ids.values() for turn in turns})
        if not found:
            return {}
        return {item: [found[one] for one in turns if one in found] for item, turns in ids.items()}

    async def close(self) -> None:
        """Close connections and whatever the adapter opened."""
        await self._sender.close()
        await self._adapter.close()
