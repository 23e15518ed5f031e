"""A store at work without an engine: routes arrivals as the test says, hands off and settles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from router.store.codec import Entry, pack
from router.store.handoff import HandedOff, Routed, Shelved
from router.store.marks import MarkLimits, mark
from router.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.store.intakes import Intake, Peek
    from router.store.lanes import Settlement, Waiting
    from router.store.leases import Lease

QUEUES = {"stream": "events", "list": "events-list"}
LANES = ("mail:webhook", "crm:webhook")
LONG = timedelta(minutes=10)
MARKS = MarkLimits(generation_ms=1_000, generation_marks=1_000, keep_ms=5_000)
NOW = 1_700_000_000_000
TURN = b"twelve bytes"


def body(name: str) -> bytes:
    """Return an entry as a lane keeps it."""
    return pack(Entry(name, "track", "default", NOW, (), name.encode()))


def routed(name: str, shard: int = 0, **more: Any) -> Routed:
    """Return an event that goes to both lanes."""
    facts: dict[str, Any] = {
        "turn": TURN,
        "mark": mark("default", name),
        "sends": ((0, 0), (1, 0)),
        "skips": (),
        "deads": (),
        "bodies": (body(name),),
    }
    return Routed(shard=shard, **{**facts, **more})


async def leased(store: Store, name: str, owner: str = "one") -> Lease:
    """Return a lease on an intake (`stream`, `list`) or a shard (`0`) that was acquired."""
    if name in QUEUES:
        lease = store.intake(name, QUEUES[name]).lease(owner, LONG)
    else:
        lease = store.lease(int(name), owner, LONG)
    assert await lease.acquire()
    return lease


@dataclass
class Hands:
    """The owner of an intake, who routes every arrival under its own text as its id."""

    store: Store
    intake: Intake
    lease: Lease

    @classmethod
    async def on(cls, redis: Any, kind: str = "stream") -> Hands:
        """Own an intake of an empty store."""
        store = Store(redis, 2)
        return cls(store, store.intake(kind, QUEUES[kind]), await leased(store, kind))

    async def push(self, *names: str) -> None:
        """Queue arrivals as producers do."""
        if self.intake.kind == "stream":
            await self.store.push("events", [{"event": name} for name in names])
        else:
            await self.store.push_list("events-list", [name.encode() for name in names])

    async def hand_off(
        self,
        peek: Peek | None = None,
        *,
        now_ms: int = NOW,
        marks: MarkLimits = MARKS,
        events: Sequence[Routed] | None = None,
        shelved: Sequence[Shelved] = (),
    ) -> HandedOff:
        """Hand off what is there, or what was peeked before."""
        peek = peek or await self.intake.peek()
        if events is None:
            events = [routed(arrival.raw.decode()) for arrival in peek.arrivals]
        return await self.intake.hand_off(
            self.lease,
            peek,
            LANES,
            events,
            shelved=[*peek.shelved, *shelved],
            marks=marks,
            now_ms=now_ms,
        )


async def filled(redis: Any, *names: str) -> tuple[Store, Lease]:
    """Return a store whose lanes of shard 0 hold these, and the lease on that shard."""
    hands = await Hands.on(redis)
    await hands.push(*names)
    while (await hands.intake.peek()).count:
        await hands.hand_off()
    return hands.store, await leased(hands.store, "0")


async def waiting(store: Store, lane: str = LANES[0], shard: int = 0) -> list[Waiting]:
    """Return what stands in a lane."""
    (found,) = await store.lanes.read(shard, [(lane, b"0-0", 100_000)])
    return found


async def names(store: Store, lane: str = LANES[0], shard: int = 0) -> list[str]:
    """Return the names of what stands in a lane, in order."""
    packed = {body(f"e{n}"): f"e{n}" for n in range(200)}
    return [packed[one.raw] for one in await waiting(store, lane, shard)]


async def settle(store: Store, lease: Lease, settlement: Settlement, now_ms: int = NOW) -> None:
    """Settle in the first lane of shard 0."""
    await store.lanes.settle(lease, 0, {LANES[0]: settlement}, now_ms)


async def everything(redis: Any) -> dict[bytes, Any]:
    """Return a picture of all that is in the store, to see that nothing was written."""
    picture: dict[bytes, Any] = {}
    for key in sorted(await redis.keys("*")):
        kind = await redis.type(key)
        read = {
            b"string": redis.get, b"hash": redis.hgetall, b"set": redis.smembers,
            b"stream": redis.xrange,
        }.get(kind)  # fmt: skip
        if read is not None:
            picture[key] = await read(key)
        elif kind == b"list":
            picture[key] = await redis.lrange(key, 0, -1)
        else:
            picture[key] = await redis.zrange(key, 0, -1, withscores=True)
    return picture
