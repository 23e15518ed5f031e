"""The store's face: one object from which the other rooms reach everything in Redis."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from redis.exceptions import ResponseError

from router.store import dictionaries, keys
from router.store.age import check_age
from router.store.audit import Audit
from router.store.cluster import infos, is_cluster, ping
from router.store.connection import connect
from router.store.dictionaries import Dictionaries
from router.store.embedded import EmbeddedStore, StoreUnavailable
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
from router.store.suspects import Suspects

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence
    from datetime import timedelta
    from pathlib import Path

    from router.store.connection import Client
    from router.store.intakes import Kind

FORMATS = (2, dictionaries.FORMAT)
"""The versions of what lies in a store that this one understands; another one is refused."""


class Place(Protocol):
    """What of the configuration says where the store is."""

    @property
    def redis(self) -> str:
        """`embedded`, or the server's URL."""

    @property
    def data(self) -> Path:
        """The embedded store's folder."""

    @property
    def shards(self) -> int:
        """How many shards to make at first start; 0 makes nothing, neither shards nor a server."""


class NothingThere(StoreUnavailable):
    """Nobody has used the store yet, and whoever only looks does not begin to."""


class WrongFormat(Exception):  # noqa: N818 - it names what is the matter
    """The store was written by a version that this one does not understand."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Bytes of memory that the store's servers use, and the seconds of CPU that they took."""

    memory: int
    cpu: float


class Store:
    """Everything in Redis, by room. Make it with `open_store`."""

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


async def setup(redis: Client, shards: int) -> int:
    """Fix the number of shards at first start; returns the number that is in force.

    Raises WrongFormat when the store was written by another version, TooOld, and NothingThere.
    """
    await check_age(redis)
    found = await redis.hgetall(keys.SETUP)
    if b"format" not in found and not shards:
        raise NothingThere("there is nothing of the router's in that store")
    if b"format" not in found:  # a full store can be read and emptied, but not written to
        await redis.hsetnx(keys.SETUP, "shards", str(shards))
        await redis.hsetnx(keys.SETUP, "format", str(FORMATS[0]))
        found = await redis.hgetall(keys.SETUP)
    if int(found[b"format"]) not in FORMATS:
        raise WrongFormat(
            "the store was written by another version of the router: its format is"
            f" {int(found[b'format'])}, this version reads {FORMATS[-1]};"
            " run the version that wrote it, or name another database or data folder"
        )
    return int(found[b"shards"])


@asynccontextmanager
async def open_store(place: Place) -> AsyncIterator[Store]:
    """Open the configured store: attach to the embedded one (starting it if need be), or connect.

    Raises StoreUnavailable, WrongFormat, or StoreError when a server does not answer.
    """
    embedded = EmbeddedStore(place.data) if place.redis == "embedded" else None
    if embedded and not place.shards and not (place.data / "store").is_dir():
        raise NothingThere(f"there is no embedded store in {place.data}")
    redis = connect(embedded.attach() if embedded else place.redis)
    try:
        yield Store(redis, await setup(redis, place.shards))
    finally:
        await redis.aclose()
        if embedded:
            embedded.leave()
