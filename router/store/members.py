"""Which worker processes live, and what each says of itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import orjson

from router.store import keys

if TYPE_CHECKING:
    from datetime import timedelta

    from router.store.connection import Client
    from router.store.scripts import Scripts


class Members:
    """The living worker processes, by their heartbeats."""

    def __init__(self, redis: Client, scripts: Scripts) -> None:
        self._redis = redis
        self._scripts = scripts

    async def heartbeat(self, owner: str, length: timedelta, facts: dict[str, Any]) -> list[str]:
        """Say that `owner` lives for another `length`; returns all that live, in a stable order.

        `facts` (host, process id, what it owns, its configuration's digest) is shown by `status`.
        """
        living = await self._scripts(
            "heartbeat",
            [keys.MEMBERS, keys.member(owner)],
            [owner, int(length.total_seconds() * 1000), orjson.dumps(facts)],
        )
        return sorted(member.decode() for member in living)

    async def all(self) -> dict[str, dict[str, Any]]:
        """Return what each living worker process says of itself."""
        owners = [owner.decode() for owner in await self._redis.zrange(keys.MEMBERS, 0, -1)]
        if not owners:
            return {}
        said = await self._redis.mget([keys.member(owner) for owner in owners])
        return {
            owner: orjson.loads(facts)
            for owner, facts in zip(owners, said, strict=True)
            if facts is not None
        }

    async def stuck(self) -> Counter[str]:
        """Return how many deliveries of each lane wait behind a failing one, as workers say."""
        stuck: Counter[str] = Counter()
        for facts in (await self.all()).values():
            stuck.update(facts.get("stuck") or {})
        return stuck

    async def ask_to_reload(self) -> None:
        """Let every worker process read its configuration again."""
        await self._scripts("jot", [keys.RELOADS], ["INCR"])
        await self._redis.publish(keys.WAKE, "reload")

    async def reloads(self) -> int:
        """Return how often that was asked for."""
        return int(await self._redis.get(keys.RELOADS) or 0)

    async def evict(self, owner: str, homes: list[str]) -> int:
        """Give back what a dead process owned; only for whoever saw it die (its parent).

        `homes` are what the keys of intakes and shards begin with. A repeat goes on where it
        stopped. Returns how many leases it freed.
        """
        freed = [await self._scripts("evict", [keys.lease(home)], [owner]) for home in homes]
        await self._redis.zrem(keys.MEMBERS, owner)
        await self._redis.delete(keys.member(owner))
        return sum(freed)
