"""Queue bounds: how long a destination's queue may get, and what becomes of events beyond it.

Measured before an event is routed, once it could matter: a batch that begins below a bound goes
through whole, and what other processes take in within a quarter of the lease is not known yet.

Where the intake waits for room, what failed does not count, nor what waits behind it: one bad
event would hold everything up for as long as it lives. Who refuses hurts itself alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from router.observe.reasons import SkipReason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from router.store.handoff import Routed


@dataclass(frozen=True, slots=True)
class Bound:
    """How many deliveries may wait for a destination, whose place in the batch's lanes is given.

    `refuses` drops what is more, which is counted as filtered; else the intake waits.
    """

    name: str
    lane: str
    place: int
    most: int
    refuses: bool


class Queues:
    """The queues that have a bound, as long as they were when last measured."""

    def __init__(
        self,
        bounds: Sequence[Bound],
        measure: Callable[[Sequence[str]], Awaitable[list[int]]],
        stuck: Callable[[], Awaitable[Mapping[str, int]]],
    ) -> None:
        self._bounds = bounds
        self._measure = measure
        self._stuck = stuck
        self.waited = frozenset(bound.lane for bound in bounds if not bound.refuses)
        """The lanes whose queues the intake waits for."""
        self._room = 0
        self._stopped: set[str] = set()

    async def fills(self) -> dict[str, float]:
        """Return the share of its bound that each queue has which the intake waits for.

        What stopped an intake just now is full, though some of it may have left meanwhile.
        """
        lengths = await self._lengths()
        self._room = _least_room(lengths)
        fills = {bound.name: lengths[bound] / bound.most for bound in lengths if not bound.refuses}
        for name in self._stopped:
            fills[name] = max(1.0, fills[name])
        self._stopped.clear()
        return fills

    def near(self, arrivals: int) -> bool:
        """Tell whether so many arrivals could make a queue too long: `look` before they do.

        They are counted as routed.
        """
        self._room -= arrivals
        return bool(self._bounds) and self._room < 0

    async def look(self, arrivals: int) -> frozenset[int] | None:
        """Return the places of those that refuse more, or None when the intake has to wait.

        Nothing may be on its way into the lanes meanwhile.
        """
        lengths = await self._lengths()
        full = [bound for bound, length in lengths.items() if length >= bound.most]
        self._stopped |= {bound.name for bound in full if not bound.refuses}
        if self._stopped:
            return None
        self._room = _least_room(lengths) - arrivals
        return frozenset(bound.place for bound in full)

    async def _lengths(self) -> dict[Bound, int]:
        if not self._bounds:
            return {}
        lengths = await self._measure([bound.lane for bound in self._bounds])
        stuck = await self._stuck() if self.waited else {}
        return {
            bound: length if bound.refuses else max(0, length - stuck.get(bound.lane, 0))
            for bound, length in zip(self._bounds, lengths, strict=True)
        }


def _least_room(lengths: dict[Bound, int]) -> int:
    return min((bound.most - length for bound, length in lengths.items()), default=0)


def refused(routed: Sequence[Routed], places: frozenset[int]) -> list[Routed]:
    """Return events without what goes into the lanes at these places: that counts as filtered."""
    reason = SkipReason.QUEUE_FULL.value
    return [
        event._replace(
            sends=tuple([send for send in event.sends if send[0] not in places]),
            skips=(
                *event.skips,
                *[(place, reason) for place, _ in event.sends if place in places],
            ),
        )
        for event in routed
    ]
