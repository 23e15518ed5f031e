"""The store's face: one object from which the other rooms reach everything in Redis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redis.exceptions import ResponseError

from router.store import keys
from router.store.audit import Audit
from router.store.cluster import infos, is_cluster, ping
from router.store.dictionaries import Dictionaries
from router.store.forwarding import ForwardingIntake
from router.store.holds import Holds
from router.store.intakes import Intake
from router.store.lanes import Lanes
from router.store.leases import Lease
from router.store.ledger import Ledger, read_hours, read_ledger
from router.store.letters import Letters
from router.store.members import Members
from router.store.oddities import Oddities
from router.store.preferences import Preferences
from router.store.scripts import Scripts
from router.store.shelf import Shelf
from router.store.suspects import Suspects, Suspicion, suspected

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import timedelta

    from router.store.connection import Client
    from router.store.intakes import Kind


@dataclass(frozen=True, slots=True)
class Usage:
    """Bytes of memory that the store's servers use, and the seconds of CPU that they took."""

    memory: int
    cpu: float


class Store:
    """Everything in Redis, by room. `router.store.opening` makes it."""

    def __init__(self, redis: Client, shards: int) -> None:
        self.redis = redis
        self.shards = shards
        self.scripts = Scripts(redis)
        self.dictionaries = Dictionaries(redis, shards)
        self.lanes = Lanes(redis, self.scripts, self.dictionaries)
        self.letters = Letters(redis, self.scripts, self.dictionaries, shards)
        self.shelf = Shelf(redis, self.scripts, shards)
        self.audit = Audit(redis, self.scripts)
        self.holds = Holds(redis, self.scripts)
        self.members = Members(redis, self.scripts)
        self.oddities = Oddities(redis, self.scripts)
        self.preferences = Preferences(redis)

    def intake(self, kind: str, name: str) -> Intake:
        """Return the intake of a kind (`stream`, `list`) under its public name."""
        made = ForwardingIntake if is_cluster(self.redis) else Intake
        stream_or_list: Kind = "stream" if kind == "stream" else "list"
        return made(self.redis, self.scripts, stream_or_list, name, self.shards)

    def lease(self, shard: int, owner: str, length: timedelta) -> Lease:
        """Return a lease on a shard, to be acquired."""
        return Lease(self.scripts, str(shard), keys.shard(shard), owner, length, minded=True)

    def suspects(self, lease: Lease, shard: int) -> Suspects:
        """Return what was in flight in a shard when its owners ended without a word."""
        return Suspects(self.redis, self.scripts, lease, keys.shard(shard))

    async def suspected(self) -> dict[str, dict[str, Suspicion]]:
        """Return who is suspected anywhere, by shard (`shard 0`) or intake (`list:NAME`)."""
        homes = {f"shard {number}": keys.shard(number) for number in range(self.shards)}
        for raw in await self.redis.smembers(keys.INTAKES):
            kind, _, queue = raw.decode().partition(":")
            homes[f"{kind}:{queue}"] = keys.intake(kind, queue)
        return await suspected(self.redis, homes)

    async def ledger(self, lanes: Iterable[str] = ()) -> Ledger:
        """Return all counters and lengths; `lanes` adds those that never had a delivery."""
        known = await self.redis.smembers(keys.INTAKES)
        intakes = [name.decode().split(":", 1) for name in known]
        positions = [keys.position(kind, queue) for kind, queue in intakes]
        names = {*await self.lanes.known(), *lanes}
        spread = is_cluster(self.redis)
        return await read_ledger(self.scripts, self.shards, positions, names, spread=spread)

    async def hours(self, now_ms: int, hours: int) -> list[Ledger]:
        """Return the counters of the last hours, the current one first."""
        return await read_hours(self.redis, self.shards, now_ms, hours)

    async def push(self, stream: str, events: Sequence[dict[str, Any]]) -> None:
        """Queue arrivals (fields `event`, `source`, `received_at`) in one round trip."""
        pipeline = self.redis.pipeline(transaction=False)
        for fields in events:
            pipeline.xadd(stream, fields)
        await pipeline.execute()

    async def push_list(self, name: str, raws: Sequence[bytes]) -> None:
        """Queue bare events on the list, the first of them to be read first."""
        if raws:
            await self.redis.lpush(name, *raws)

    async def failing(self, lanes: Sequence[str]) -> dict[str, int]:
        """Return how many deliveries of each lane failed and wait to be tried again."""
        pipeline = self.redis.pipeline(transaction=False)
        for lane in lanes:
            for shard in range(self.shards):
                pipeline.hlen(keys.tries(shard, lane))
        found = iter(await pipeline.execute())
        return {lane: sum(int(next(found)) for _ in range(self.shards)) for lane in lanes}

    async def lengths(self, lanes: Sequence[str]) -> list[int]:
        """Return how many deliveries wait in each lane."""
        pipeline = self.redis.pipeline(transaction=False)
        for lane in lanes:
            for shard in range(self.shards):
                pipeline.xlen(keys.lane(shard, lane))
        found = iter(await pipeline.execute())
        return [sum(int(next(found)) for _ in range(self.shards)) for _ in lanes]

    async def rate_wait(self, lane: str, per_second: float, events: int) -> float:
        """Take some events under a rate that all workers share; else return seconds to wait.

        After a pause a tenth of a second's worth may go at once.
        """
        burst = max(0.0, per_second / 10 - 1)
        wait = await self.scripts("rate", [keys.rate(lane)], [1000 / per_second, burst, events])
        return int(wait) / 1000

    async def oldest_at(self, lane: str) -> int | None:
        """Return when the oldest delivery of a lane was routed (ms), or None when it is empty."""
        pipeline = self.redis.pipeline(transaction=False)
        for shard in range(self.shards):
            pipeline.xrange(keys.lane(shard, lane), count=1)
        heads = [int(found[0][0].split(b"-")[0]) for found in await pipeline.execute() if found]
        return min(heads, default=None)

    async def usage(self) -> Usage:
        """Return what the server has used so far."""
        told = await infos(self.redis)
        return Usage(
            sum(int(one["used_memory"]) for one in told),
            sum(one["used_cpu_user"] + one["used_cpu_sys"] for one in told),
        )

    async def fullness(self) -> float:
        """Return how much of its `maxmemory` the fullest server uses: 0 without one, 1 when full.

        0 as well when the server does not say.
        """
        try:
            told = await infos(self.redis, "memory")
        except ResponseError:
            return 0.0
        limits = [(int(one.get("used_memory", 0)), int(one.get("maxmemory", 0))) for one in told]
        return max((used / most for used, most in limits if most), default=0.0)

    async def evicts(self) -> str | None:
        """Return the server's eviction policy when it is one that drops keys: events would go.

        None as well when the server does not say.
        """
        try:
            told = await infos(self.redis, "memory")
        except ResponseError:
            return None
        policies = [str(one.get("maxmemory_policy", "noeviction")) for one in told]
        return next((policy for policy in policies if policy != "noeviction"), None)

    async def ping(self) -> None:
        """Ask the store for a sign of life; raises one of `UNREACHABLE`."""
        await ping(self.redis, keys.SETUP)

    async def close(self) -> None:
        """Close the connections."""
        await self.redis.aclose()
