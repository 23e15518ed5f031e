"""The lanes: a shard's undelivered deliveries for one destination, and how its owner ends them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from redis.exceptions import ResponseError

from router.observe.reasons import DeadReason
from router.store import keys
from router.store.leases import LeaseLost
from router.store.refusal import StrangeKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from router.store.connection import Client
    from router.store.dictionaries import Dictionaries
    from router.store.leases import Lease
    from router.store.scripts import Scripts

MOST_AT_ONCE = 1_000
"""Entries that one settling may end: a script call's arguments have a limit (about 8,000)."""


class Waiting(NamedTuple):
    """An entry as it stands in a lane. `replays` says how often it came back from the dead."""

    id: bytes
    turn: bytes
    raw: bytes
    replays: int = 0

    def __repr__(self) -> str:
        return f"<Waiting {self.id.decode()}>"


@dataclass(frozen=True, slots=True)
class Try:
    """What is remembered of a failing entry. Times are milliseconds of Unix time.

    `held_before` is how long its destination had been held, ever, at the first failure: the
    clock of exhaustion stands still while a destination is held. Before `due_at` nothing of its
    turn is sent.
    """

    attempts: int
    first_failed_at: int
    held_before: int
    due_at: int
    reason: str

    def pack(self) -> str:
        """Return it as the store keeps it."""
        return (
            f"{self.attempts} {self.first_failed_at} {self.held_before} {self.due_at} {self.reason}"
        )

    @staticmethod
    def unpack(raw: bytes) -> Try:
        """Return what `pack` wrote."""
        attempts, first, held, due, reason = raw.decode().split(" ", 4)
        return Try(int(attempts), int(first), int(held), int(due), reason)


@dataclass(frozen=True, slots=True)
class Death:
    """Why an entry becomes a dead letter."""

    id: bytes
    reason: str
    status: int | None = None
    attempts: int = 1
    first_failed_at: int | None = None
    shelf: str = ""


@dataclass(slots=True)
class Settlement:
    """What is known about a lane's entries and not yet written; grows until it is settled."""

    delivered: list[bytes] = field(default_factory=list)
    filtered: list[tuple[bytes, str]] = field(default_factory=list)
    deaths: list[Death] = field(default_factory=list)
    tries: dict[bytes, Try] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.delivered or self.filtered or self.deaths or self.tries or self.counts)

    @property
    def ended(self) -> set[bytes]:
        """The entries that are over."""
        gone = [*self.delivered, *(one for one, _ in self.filtered)]
        return {*gone, *(death.id for death in self.deaths)}

    def count(self, name: str, times: int = 1) -> None:
        """Add to a counter that is shown but takes no part in conservation (`unknown`, ...)."""
        self.counts[name] = self.counts.get(name, 0) + times

    def split(self) -> list[Settlement]:
        """Return it in parts that each fit one script call; counters go with the first."""
        most = MOST_AT_ONCE
        tries = list(self.tries.items())
        longest = max(len(self.delivered), len(self.filtered), len(self.deaths), len(tries), 1)
        return [
            Settlement(
                self.delivered[at : at + most],
                self.filtered[at : at + most],
                self.deaths[at : at + most],
                dict(tries[at : at + most]),
                self.counts if at == 0 else {},
            )
            for at in range(0, longest, most)
        ]


class Lanes:
    """All lanes of all shards."""

    def __init__(self, redis: Client, scripts: Scripts, dictionaries: Dictionaries) -> None:
        self._redis = redis
        self._scripts = scripts
        self._dictionaries = dictionaries

    async def known(self) -> set[str]:
        """Return every lane (`NAME:TYPE`) that ever had a delivery."""
        return {name.decode() for name in await self._redis.smembers(keys.LANES)}

    async def read(
        self, shard: int, wanted: Sequence[tuple[str, bytes, int]]
    ) -> list[list[Waiting]]:
        """Return, for each (lane, last id seen, how many), what stands behind that id.

        What packed it is known then.
        """
        pipeline = self._redis.pipeline(transaction=False)
        for lane, after, count in wanted:
            pipeline.xrange(keys.lane(shard, lane), min=b"(" + after, count=count)
        lanes = [
            [
                Waiting(entry, fields[b"u"], fields[b"d"], int(fields.get(b"n", 0)))
                for entry, fields in found
            ]
            for found in await pipeline.execute()
        ]
        await self._dictionaries.know(shard, [one.raw for lane in lanes for one in lane])
        return lanes

    async def look(self, shard: int, lanes: Iterable[str]) -> None:
        """Look whether what a settling writes to is the router's; raises StrangeKey if not.

        A settling that ends half-way would have what was delivered sent again and again.
        """
        wanted = [("hlen", keys.ledger(shard))]
        for lane in lanes:
            wanted += [("xlen", keys.lane(shard, lane)), ("xlen", keys.dead(shard, lane)),
                       ("hlen", keys.tries(shard, lane))]  # fmt: skip
        pipeline = self._redis.pipeline(transaction=False)
        for command, key in wanted:
            getattr(pipeline, command)(key)
        found = await pipeline.execute(raise_on_error=False)
        for (_, key), answer in zip(wanted, found, strict=True):
            if isinstance(answer, ResponseError) and "WRONGTYPE" in str(answer):
                raise StrangeKey(f"STRANGEKEY {key}")
            if isinstance(answer, Exception):
                raise answer

    async def fetch(self, shard: int, lane: str, ids: Sequence[bytes]) -> list[bytes | None]:
        """Return the bodies of entries whose window kept only their ids; None when gone."""
        pipeline = self._redis.pipeline(transaction=False)
        for entry in ids:
            pipeline.xrange(keys.lane(shard, lane), min=entry, max=entry)
        raws = [found[0][1][b"d"] if found else None for found in await pipeline.execute()]
        await self._dictionaries.know(shard, filter(None, raws))
        return raws

    async def tries(self, shard: int, lane: str) -> dict[bytes, Try]:
        """Return what is remembered of the lane's failing entries."""
        found = await self._redis.hgetall(keys.tries(shard, lane))
        return {entry: Try.unpack(raw) for entry, raw in found.items()}

    async def tried(self, shard: int, lane: str, ids: Sequence[bytes]) -> dict[bytes, Try]:
        """Return what is remembered of some entries, as far as they are failing."""
        if not ids:
            return {}
        found = await self._redis.hmget(keys.tries(shard, lane), ids)
        return {one: Try.unpack(raw) for one, raw in zip(ids, found, strict=True) if raw}

    async def abandon(self, shard: int, lane: str, now_ms: int) -> int:
        """Make dead letters of a lane's oldest entries, in one step; returns how many.

        It is for lanes that nobody delivers: no lease is asked for, and no attempt waited for.
        """
        return int(
            await self._scripts(
                "abandon",
                [keys.lane(shard, lane), keys.dead(shard, lane), keys.tries(shard, lane),
                 keys.ledger(shard), keys.hour(shard, now_ms)],
                [lane, now_ms, DeadReason.UNCONFIGURED.value, MOST_AT_ONCE],
            )
        )  # fmt: skip

    async def settle(
        self, lease: Lease, shard: int, settlements: Mapping[str, Settlement], now_ms: int
    ) -> None:
        """Write what is known of a shard's lanes, in one step where it is not very much.

        A repeat counts nothing twice but the plain counters. Raises LeaseLost when the shard is
        somebody else's by now: nothing was written then.
        """
        parts = {lane: settlement.split() for lane, settlement in settlements.items()}
        while parts:
            now = {lane: some.pop(0) for lane, some in parts.items()}
            parts = {lane: some for lane, some in parts.items() if some}
            script_keys = [lease.key, keys.ledger(shard), keys.hour(shard, now_ms)]
            args: list[Any] = [lease.token, now_ms]
            for lane, part in now.items():
                script_keys += (
                    keys.lane(shard, lane), keys.dead(shard, lane), keys.tries(shard, lane)
                )  # fmt: skip
                args += (lane, *_settle_args(part))
            if await self._scripts("settle", script_keys, args) < 0:
                lease.forfeit()
                raise LeaseLost(lease.name)


def _settle_args(part: Settlement) -> list[Any]:
    args: list[Any] = [len(part.delivered), *part.delivered, len(part.filtered)]
    for entry, reason in part.filtered:
        args += (entry, reason)
    args.append(len(part.deaths))
    for death in part.deaths:
        args += (death.id, death.reason, "" if death.status is None else death.status,
                 death.attempts, death.first_failed_at or "", death.shelf)  # fmt: skip
    args.append(len(part.tries))
    for entry, state in part.tries.items():
        args += (entry, state.pack())
    args.append(len(part.counts))
    for name, times in part.counts.items():
        args += (name, times)
    return args
