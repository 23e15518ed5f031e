"""The intakes: queues that producers write to, and the hand-off that empties them into lanes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Literal

from router.events.event import Arrival
from router.store import keys
from router.store.handoff import (
    SCRIPT_KEYS,
    HandedOff,
    Routed,
    Shelved,
    change_arguments,
    lane_arguments,
    limit_arguments,
    routed_arguments,
    shelved_arguments,
)
from router.store.leases import Lease, LeaseLost
from router.store.marks import BUCKETS, GENERATIONS
from router.store.oddities import Oddities
from router.store.preferences import Change, Overtaken
from router.store.suspects import Suspects

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import timedelta

    from router.store.connection import Client
    from router.store.marks import MarkLimits
    from router.store.scripts import Scripts

Kind = Literal["stream", "list"]
PEEK_EVENTS = 200
PEEK_BYTES = 1_000_000
"""What one hand-off moves at most, about 10 ms of the store's time; a larger arrival goes alone."""
OVERTAKEN = -3
"""What the script answers when a preference is not what its change was made of."""


@dataclass(frozen=True, slots=True)
class Peek:
    """The oldest arrivals of an intake and the position they were seen at."""

    position: int
    arrivals: tuple[Arrival, ...]
    shelved: tuple[Shelved, ...] = ()
    """Entries that are no arrival at all (a stream entry without the field `event`)."""
    below: str = "0-0"
    """The stream id below which everything was seen."""

    @property
    def count(self) -> int:
        """How many entries of the intake this peek covers."""
        return len(self.arrivals) + len(self.shelved)

    @property
    def names(self) -> list[str]:
        """What each is called among the suspects, in order: its id in a stream, or its number."""
        origins = [one.origin for one in self.arrivals] + [one.origin for one in self.shelved]
        names = [origin.rpartition(":")[2] for origin in origins]
        return sorted(names, key=lambda name: [int(number) for number in name.split("-")])


class Intake:
    """One queue of arrivals. Reading needs no right; handing off needs its lease."""

    def __init__(self, redis: Client, scripts: Scripts, kind: Kind, name: str, shards: int) -> None:
        self._redis = redis
        self._scripts = scripts
        self._shards = shards
        self.kind = kind
        self.name = name
        self._position = keys.position(kind, name)
        self.oddities = Oddities(redis, scripts)
        """Counts what was odd in what was handed off."""
        self._count = PEEK_EVENTS

    def lease(self, owner: str, length: timedelta) -> Lease:
        """Return a lease on it, to be acquired."""
        home = keys.intake(self.kind, self.name)
        return Lease(self._scripts, self.kind, home, owner, length, minded=True)

    def suspects(self, lease: Lease) -> Suspects:
        """Return what was being routed when owners ended without a word."""
        return Suspects(self._redis, self._scripts, lease, keys.intake(self.kind, self.name))

    async def peek(self, behind: Peek | None = None, *, most: int = PEEK_EVENTS) -> Peek:
        """Return the oldest arrivals without moving them.

        Of a stream it may be those `behind` an earlier peek, whose hand-off is still going on.
        """
        count = min(most, self._count)
        if behind is not None:
            found = await self._redis.xrange(self.name, min=behind.below, count=count)
            return self._adapted(_stream_peek(self.name, behind.position + behind.count, found))
        before, position, found = b"not yet", None, []
        while before != position:  # the position belongs to what was found, if it stood still
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.get(self._position)
            if self.kind == "stream":
                pipeline.xrange(self.name, count=count)
            else:
                pipeline.lrange(self.name, -count, -1)
            pipeline.get(self._position)
            before, found, position = await pipeline.execute()
        read = _stream_peek if self.kind == "stream" else _list_peek
        return self._adapted(read(self.name, int(position or 0), found))

    async def present(self, names: list[str]) -> set[str]:
        """Return those of some arrivals that were not handed off yet: see `Peek.names`."""
        if self.kind == "list":
            position = int(await self._redis.get(self._position) or 0)
            return {name for name in names if int(name) > position}
        pipeline = self._redis.pipeline(transaction=False)
        for name in names:
            pipeline.xrange(self.name, min=name, max=name)
        found = await pipeline.execute()
        return {name for name, entries in zip(names, found, strict=True) if entries}

    def _adapted(self, peek: Peek) -> Peek:
        """Learn from a peek how many arrivals are worth asking for."""
        size = sum(len(arrival.raw) for arrival in peek.arrivals) or 1
        fits = PEEK_BYTES * max(1, peek.count) // size
        self._count = max(1, min(PEEK_EVENTS, fits))
        return peek

    async def wait(self, seconds: float) -> None:
        """Return as soon as the intake has something, at the latest after `seconds`."""
        if self.kind == "stream":
            await self._redis.xread({self.name: "0-0"}, count=1, block=int(seconds * 1000))
        else:
            await self._redis.blmove(self.name, self.name, seconds, "RIGHT", "RIGHT")

    async def length(self) -> int:
        """Return how many arrivals wait."""
        if self.kind == "stream":
            return int(await self._redis.xlen(self.name))
        return int(await self._redis.llen(self.name))

    async def hand_off(  # noqa: PLR0913 - the batch's facts, one for one in the script
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
        """Move what was peeked into the lanes, in one step; a repeat changes nothing.

        `changes` of preferences are written in the same step: nothing of these events can be
        attempted without them. Raises LeaseLost when the intake is somebody else's by now, or
        when it moved meanwhile; Overtaken when a preference did.
        """
        state, accepted, duplicates, generation = await self._scripts(
            "hand_off",
            [lease.key, self.name, self._position, *SCRIPT_KEYS],
            [
                lease.token, peek.position, peek.count, self.kind, peek.below, self.name,
                *change_arguments(changes),
                *limit_arguments(marks, now_ms),
                *lane_arguments(lanes),
                *shelved_arguments(self._spread(peek, shelved), now_ms),
                *routed_arguments(routed),
            ],
        )  # fmt: skip
        if state == OVERTAKEN:
            raise Overtaken
        moved(lease, state)
        return HandedOff(accepted, duplicates, generation)

    def _spread(self, peek: Peek, shelved: Sequence[Shelved]) -> list[tuple[int, Shelved]]:
        """Return what goes onto shelves with the shard whose shelf it is: all get their share."""
        return [((peek.position + n) % self._shards, one) for n, one in enumerate(shelved)]

    async def sweep(self, generation: int) -> None:
        """Remove the marks of the generation that fell out of the window at `generation`."""
        await self._unlink(keys.MARKS, generation, BUCKETS)

    async def _unlink(self, marks: str, generation: int, buckets: int) -> None:
        gone = generation - GENERATIONS - 1
        if gone < 1:
            return
        names = [f"{marks}:{gone}:{bucket}" for bucket in range(buckets)]
        for start in range(0, buckets, 1024):
            await self._redis.unlink(*names[start : start + 1024])


def moved(lease: Lease, state: int) -> int:
    """Return what a script says of an intake that went on; raises LeaseLost if it was not ours."""
    if state < 0:
        lease.forfeit()
        raise LeaseLost(lease.name)
    return state


def _stream_peek(name: str, position: int, found: list[Any]) -> Peek:
    arrivals: list[Arrival] = []
    shelved: list[Shelved] = []
    last = b"0-0"
    sizes = [sum(map(len, fields.values())) for _, fields in found]
    for last, fields in found[: _fitting(sizes)]:
        origin = f"{name}:{last.decode()}"
        source = fields.get(b"source")
        received = _received(fields.get(b"received_at"), last)
        text = None if source is None else source.decode("utf-8", "replace")
        raw = fields.get(b"event")
        if raw is None:
            kept = b" ".join(b"%s=%s" % pair for pair in fields.items())
            shelved.append(Shelved("no_event_field", kept, origin, text, received))
        else:
            arrivals.append(Arrival(raw, origin, text, received))
    head, _, tail = last.decode().partition("-")
    return Peek(position, tuple(arrivals), tuple(shelved), f"{head}-{int(tail or 0) + 1}")


def _list_peek(name: str, position: int, found: list[bytes]) -> Peek:
    oldest_first = found[::-1]
    fitting = oldest_first[: _fitting(map(len, oldest_first))]
    return Peek(
        position,
        tuple(
            Arrival(raw, f"{name}:{position + place}") for place, raw in enumerate(fitting, start=1)
        ),
    )


def _fitting(sizes: Iterable[int]) -> int:
    """Return how many of the first go into one hand-off: one always does."""
    return max(1, sum(total <= PEEK_BYTES for total in accumulate(sizes)))


def _received(told: bytes | None, entry_id: bytes) -> int | None:
    """Return when an entry was received, never later than its id says; None if neither tells."""
    queued = _moment(entry_id.partition(b"-")[0])
    given = _moment(told) if told else None
    return queued if given is None else given if queued is None else min(given, queued)


def _moment(digits: bytes) -> int | None:
    """Read milliseconds of Unix time, of the years 1973 to 5138; None if these are none."""
    return int(digits) if digits.isdigit() and 12 <= len(digits) <= 14 else None
