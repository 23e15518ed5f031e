"""The intakes: queues that producers write to, and the hand-off that empties them into lanes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from router.events.event import Arrival
from router.store import keys
from router.store.leases import LeaseLost
from router.store.marks import BUCKETS, GENERATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.store.connection import Client
    from router.store.leases import Lease
    from router.store.marks import MarkLimits
    from router.store.scripts import Scripts

Kind = Literal["stream", "list"]
PEEK_EVENTS = 100
PEEK_BYTES = 1_000_000
"""What one hand-off moves at most, roughly: about 3 ms of the store's time."""


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


@dataclass(frozen=True, slots=True)
class Shelved:
    """An arrival that could not be read, with the reason."""

    reason: str
    raw: bytes = field(repr=False)
    origin: str
    source: str | None
    received_at: int | None


@dataclass(frozen=True, slots=True)
class Routed:
    """An event on its way into lanes: numbers are places in the batch's lanes and in `bodies`."""

    shard: int
    turn: bytes = field(repr=False)
    mark: tuple[int, int] | None
    sends: tuple[tuple[int, int], ...]
    skips: tuple[tuple[int, str], ...]
    deads: tuple[tuple[int, str], ...]
    bodies: tuple[bytes, ...] = field(repr=False)
    raw: bytes = field(default=b"", repr=False)
    """The arrival itself, kept on the shelf when some destination's policy failed."""


@dataclass(frozen=True, slots=True)
class HandedOff:
    """What became of a batch. `accepted` is 0 when it had been handed off before."""

    accepted: int
    duplicates: int
    generation: int


class Intake:
    """One queue of arrivals. Reading needs no right; handing off needs its lease."""

    def __init__(self, redis: Client, scripts: Scripts, kind: Kind, name: str) -> None:
        self._redis = redis
        self._scripts = scripts
        self.kind = kind
        self.name = name
        self._count = PEEK_EVENTS

    async def peek(self) -> Peek:
        """Return the oldest arrivals without moving them."""
        pipeline = self._redis.pipeline(transaction=True)
        pipeline.get(keys.position(self.kind))
        if self.kind == "stream":
            pipeline.xrange(self.name, count=self._count)
        else:
            pipeline.lrange(self.name, -self._count, -1)
        position, found = await pipeline.execute()
        peek = (_stream_peek if self.kind == "stream" else _list_peek)(
            self.name, int(position or 0), found
        )
        self._adapt(peek)
        return peek

    def _adapt(self, peek: Peek) -> None:
        size = sum(len(arrival.raw) for arrival in peek.arrivals) or 1
        fits = PEEK_BYTES * max(1, peek.count) // size
        self._count = max(1, min(PEEK_EVENTS, fits))

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
    ) -> HandedOff:
        """Move what was peeked into the lanes, in one step; a repeat changes nothing.

        Raises LeaseLost when the intake is somebody else's by now, or when it moved meanwhile.
        """
        state, accepted, duplicates, generation = await self._scripts(
            "hand_off",
            [
                lease.key,
                self.name,
                keys.position(self.kind),
                keys.INTAKE,
                keys.MARKS,
                keys.SHELF,
                keys.LANES,
            ],
            [
                lease.token,
                peek.position,
                peek.count,
                self.kind,
                peek.below,
                keys.PREFIX,
                now_ms // keys.HOUR_MS,
                keys.WAKE,
                now_ms,
                marks.generation_ms,
                marks.generation_marks,
                marks.keep_ms,
                len(lanes),
                *lanes,
                len(shelved),
                *_shelved_args(shelved, now_ms),
                len(routed),
                *_routed_args(routed),
            ],
        )
        if state < 0:
            lease.forfeit()
            raise LeaseLost(lease.name)
        return HandedOff(accepted, duplicates, generation)

    async def sweep(self, generation: int) -> None:
        """Remove the marks of the generation that fell out of the window at `generation`."""
        gone = generation - GENERATIONS - 1
        if gone < 1:
            return
        for start in range(0, BUCKETS, 1024):
            await self._redis.unlink(
                *(f"{keys.MARKS}:{gone}:{bucket}" for bucket in range(start, start + 1024))
            )


def _stream_peek(name: str, position: int, found: list[Any]) -> Peek:
    arrivals: list[Arrival] = []
    shelved: list[Shelved] = []
    last = b"0-0"
    for last, fields in found:
        origin = f"{name}:{last.decode()}"
        source = fields.get(b"source")
        received = _milliseconds(fields.get(b"received_at")) or int(last.split(b"-")[0])
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
    return Peek(
        position,
        tuple(
            Arrival(raw, f"{name}:{position + place}")
            for place, raw in enumerate(reversed(found), start=1)
        ),
    )


def _milliseconds(value: bytes | None) -> int | None:
    if value is None:
        return None
    return int(value) if value.isdigit() and 12 <= len(value) <= 14 else None


def _shelved_args(shelved: Sequence[Shelved], now_ms: int) -> list[Any]:
    args: list[Any] = []
    for one in shelved:
        args += (one.reason, one.raw, one.origin, one.source or "",
                 "" if one.received_at is None else one.received_at, now_ms)  # fmt: skip
    return args


def _routed_args(routed: Sequence[Routed]) -> list[Any]:
    args: list[Any] = []
    for event in routed:
        bucket, fingerprint = event.mark or ("", "")
        args += (
            event.shard, event.turn, bucket, fingerprint,
            " ".join([f"{lane + 1}={body + 1}" for lane, body in event.sends]),
            " ".join([f"{lane + 1}={reason}" for lane, reason in event.skips]),
            " ".join([f"{lane + 1}={reason}" for lane, reason in event.deads]),
            event.raw, len(event.bodies), *event.bodies,
        )  # fmt: skip
    return args
