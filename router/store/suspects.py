"""Suspects: what was in flight in a shard or an intake when its owner ended without a word."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from router.store import keys
from router.store.leases import Lease, LeaseLost

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from router.store.connection import Client
    from router.store.scripts import Scripts

MOST_AT_ONCE = 2_000
"""So many go into one script call: a call's arguments have a limit (about 8,000)."""


class Suspicion(NamedTuple):
    """How many owners in a row ended while it was in flight, and the last of them."""

    deaths: int
    owner: str

    def pack(self) -> str:
        """Return it as the store keeps it."""
        return f"{self.deaths} {self.owner}"

    @staticmethod
    def unpack(raw: bytes) -> Suspicion:
        """Return what `pack` wrote."""
        deaths, _, owner = raw.decode().partition(" ")
        return Suspicion(int(deaths), owner)


class Suspects:
    """Those of one home. A suspect is `LANE ID` in a shard; in an intake see `Peek.names`.

    One that is in flight is written as if it had ended its owner already: if it does, nobody is
    left to write it.
    """

    def __init__(self, redis: Client, scripts: Scripts, lease: Lease, home: str) -> None:
        self._redis = redis
        self._scripts = scripts
        self._lease = lease
        self._key = keys.suspects(home)

    async def read(self) -> dict[str, Suspicion]:
        """Return them all."""
        found = await self._redis.hgetall(self._key)
        return {name.decode(): Suspicion.unpack(raw) for name, raw in found.items()}

    async def living(self) -> set[str]:
        """Return the worker processes that live."""
        found = await self._redis.zrange(keys.MEMBERS, 0, -1)
        return {owner.decode() for owner in found}

    def alone(self) -> Lease:
        """Return the right to try the only suspect that is alone anywhere, to be acquired."""
        length = timedelta(seconds=self._lease.length)
        return Lease(self._scripts, "alone", keys.ALONE, self._lease.owner, length)

    async def write(self, noted: Mapping[str, Suspicion], cleared: Iterable[str] = ()) -> None:
        """Note some and clear others; raises LeaseLost."""
        gone, new = list(cleared), list(noted.items())
        for at in range(0, max(len(gone), len(new)), MOST_AT_ONCE):
            some = gone[at : at + MOST_AT_ONCE]
            pairs = [
                word for name, one in new[at : at + MOST_AT_ONCE] for word in (name, one.pack())
            ]
            args = [self._lease.token, len(some), *some, *pairs]
            if await self._scripts("suspect", [self._lease.key, self._key], args) < 0:
                self._lease.forfeit()
                raise LeaseLost(self._lease.name)


async def suspected(redis: Client, homes: Mapping[str, str]) -> dict[str, dict[str, Suspicion]]:
    """Return the suspects of some homes, by their names; homes without any are left out."""
    pipeline = redis.pipeline(transaction=False)
    for home in homes.values():
        pipeline.hgetall(keys.suspects(home))
    return {
        name: {entry.decode(): Suspicion.unpack(raw) for entry, raw in sorted(found.items())}
        for name, found in zip(homes, await pipeline.execute(), strict=True)
        if found
    }
