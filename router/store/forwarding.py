"""The hand-off on a Cluster: forwarded, one script per shard, then the intake moves on.

No script reaches all of it there, so that each step is one that may be repeated: preferences are
merged in whatever order they come, a shard takes each arrival once, the position is compared and
set. Whoever stops in between is followed by an owner who begins with the same arrivals.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from router.store import keys
from router.store.handoff import (
    HandedOff,
    change_arguments,
    lane_arguments,
    limit_arguments,
    routed_arguments,
    shelved_arguments,
)
from router.store.intakes import Intake, moved
from router.store.leases import LeaseLost
from router.store.marks import BUCKETS
from router.store.preferences import Overtaken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.store.handoff import Routed, Shelved
    from router.store.intakes import Peek
    from router.store.leases import Lease
    from router.store.marks import MarkLimits
    from router.store.preferences import Change


class Place(NamedTuple):
    """Where an arrival stands in its intake: its number ever, and its id (milliseconds, tail)."""

    number: int
    head: int
    tail: int


class Share:
    """What of a batch is one shard's, in the order of the intake."""

    def __init__(self) -> None:
        self.shelved: list[tuple[Place, Shelved]] = []
        self.routed: list[tuple[Place, Routed]] = []


class ForwardingIntake(Intake):
    """One queue of arrivals whose shards may lie on other servers."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._told: set[str] = set()
        self._generations: dict[int, int] = {}

    async def hand_off(  # noqa: PLR0913 - as in the one script
        self,
        lease: Lease,
        peek: Peek,
        lanes: Sequence[str],
        routed: Sequence[Routed],
        *,
        shelved: Sequence[Shelved],
        marks: MarkLimits,
        now_ms: int,
        changes: Sequence[Change] = (),
    ) -> HandedOff:
        """Move what was peeked into the lanes, step by step; a repeat of any step changes nothing.

        `changes` of preferences are written first: nothing of these events can be attempted
        without them. Raises LeaseLost and Overtaken as on one server; shards may then have taken
        what the next owner will bring them again, in vain.
        """
        if lease.remaining <= 0:
            raise LeaseLost(lease.name)
        if changes and await self._scripts(
            "prefer", [keys.PREFERENCES], change_arguments(changes)
        ) < 0:  # fmt: skip
            raise Overtaken
        await self._tell(lanes)
        settings = [*limit_arguments(self._limits(marks), now_ms), *lane_arguments(lanes)]
        done = await self._take_all(peek, routed, shelved, settings, now_ms)
        state = await self._advance(lease, peek)
        if state == 0:
            return HandedOff(0, 0, 0)
        generation = 1 + sum(self._generations.values())
        return HandedOff(sum(one[1] for one in done), sum(one[2] for one in done), generation)

    async def _take_all(
        self, peek: Peek, routed: Sequence[Routed], shelved: Sequence[Shelved],
        settings: Sequence[Any], now_ms: int,
    ) -> list[Any]:  # fmt: skip
        """Let each shard take its share, and return what they said.

        All have ended when the first error of one of them is raised.
        """
        places = places_of(peek)
        reach = [peek.position, *max(places.values(), default=Place(0, 0, 0))]
        takes = [
            self._take(shard, share, reach, settings, now_ms)
            for shard, share in self._shares(places, routed, shelved).items()
        ]
        done: list[Any] = await asyncio.gather(*takes, return_exceptions=True)
        for one in done:
            if isinstance(one, BaseException):
                raise one
        return done

    async def _advance(self, lease: Lease, peek: Peek) -> int:
        """Let the intake go on; raises LeaseLost. Returns 0 when it had gone on before."""
        state = await self._scripts(
            "advance",
            [lease.key, self.name, self._position],
            [lease.token, peek.position, peek.count, self.kind, peek.below],
        )
        return moved(lease, int(state))

    async def _tell(self, lanes: Sequence[str]) -> None:
        """Let everybody know the lanes and the intake, before anything is in them."""
        untold = set(lanes) - self._told
        if untold or not self._told:
            await self._redis.sadd(keys.INTAKES, f"{self.kind}:{self.name}")
            if untold:
                await self._redis.sadd(keys.LANES, *untold)
            self._told |= untold

    def _limits(self, marks: MarkLimits) -> MarkLimits:
        """Return a shard's limits: each keeps its share of the marks."""
        return replace(marks, generation_marks=max(1, marks.generation_marks // self._shards))

    def _shares(
        self,
        places: dict[str, Place],
        routed: Sequence[Routed],
        shelved: Sequence[Shelved],
    ) -> dict[int, Share]:
        """Return what each shard takes. What is not shelved was routed, in the intake's order."""
        shares: dict[int, Share] = {}
        left = dict(places)
        found = [(left.pop(one.origin), one) for one in shelved]
        for place, one in sorted(found, key=lambda pair: pair[0]):
            shares.setdefault(place.number % self._shards, Share()).shelved.append((place, one))
        for place, event in zip(left.values(), routed, strict=True):
            shares.setdefault(event.shard, Share()).routed.append((place, self._marked(event)))
        return shares

    def _marked(self, event: Routed) -> Routed:
        """Return an event whose mark is in one of its shard's own buckets."""
        if event.mark is None:
            return event
        bucket, fingerprint = event.mark
        return event._replace(mark=(bucket % self._buckets, fingerprint))

    @property
    def _buckets(self) -> int:
        return max(1, BUCKETS // self._shards)

    async def _take(
        self, shard: int, share: Share, reach: Sequence[int], settings: Sequence[Any], now_ms: int
    ) -> Any:
        args: list[Any] = [f"{self.kind}:{self.name}", *reach]
        for some in (share.shelved, share.routed):
            args.append(len(some))
            for place, _ in some:
                args += place
        done = await self._scripts(
            "take",
            [keys.taken(shard), keys.marks(shard), keys.never(shard)],
            [
                *args,
                *settings,
                *shelved_arguments([(shard, one) for _, one in share.shelved], now_ms),
                *routed_arguments([event for _, event in share.routed]),
            ],
        )
        if done[3]:
            await self._turned(shard, int(done[3]))
        return done

    async def _turned(self, shard: int, generation: int) -> None:
        """Remove the marks that fell out of a shard's window when a generation begins."""
        before = self._generations.setdefault(shard, generation)
        if generation != before:
            self._generations[shard] = generation
            await self._unlink(keys.marks(shard), generation, self._buckets)

    async def sweep(self, generation: int) -> None:
        """Do nothing: each shard's marks were removed when its own generation began."""


def places_of(peek: Peek) -> dict[str, Place]:
    """Return where each entry of a peek stands, in order, by its origin."""
    found = []
    origins = [one.origin for one in peek.arrivals] + [one.origin for one in peek.shelved]
    for origin in origins:
        head, _, tail = origin.rpartition(":")[2].partition("-")
        found.append((int(head), int(tail or 0), origin))
    return {
        origin: Place(peek.position + number, head, tail)
        for number, (head, tail, origin) in enumerate(sorted(found), start=1)
    }
