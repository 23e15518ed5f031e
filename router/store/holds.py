"""Holds: which destinations get nothing for now, why, since when, and when they are probed.

One state in the store: the engine acts on it, and `status` shows it. Nothing else is a hold.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

import orjson

from router.store import keys
from router.store.leases import Lease

if TYPE_CHECKING:
    from datetime import timedelta

    from router.store.connection import Client
    from router.store.scripts import Scripts

State = Literal["held", "throttled", "paused"]


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a destination gets nothing. Times are milliseconds of Unix time.

    `probe_at` is when one delivery is tried again (for `throttled`, when all are); None waits
    for an operator. `probes` counts the probes that failed, and spaces them out.
    """

    state: State
    reason: str
    since: int
    probe_at: int | None = None
    probes: int = 0
    by: str = "engine"


class Holds:
    """The holds of all destinations."""

    def __init__(self, redis: Client, scripts: Scripts) -> None:
        self._redis = redis
        self._scripts = scripts

    async def all(self) -> dict[str, Hold]:
        """Return the hold of each destination that has one."""
        return {
            name.decode(): Hold(**orjson.loads(raw))
            for name, raw in (await self._redis.hgetall(keys.HOLDS)).items()
        }

    async def held_ms(self) -> dict[str, int]:
        """Return how long each destination was held in all its ended holds."""
        found = await self._redis.hgetall(keys.HELD)
        return {name.decode(): int(value) for name, value in found.items()}

    async def put(self, destination: str, hold: Hold) -> bool:
        """Hold a destination; returns False when what it has already stays as it is.

        That is an operator's pause, and a hold that another worker began at the same time.
        """
        by = "operator" if hold.by != "engine" else "engine"
        raw = orjson.dumps(asdict(hold))
        return bool(
            await self._scripts("hold", [keys.HOLDS, keys.HELD], [destination, raw, keys.WAKE, by])
        )

    async def end(
        self, destination: str, now_ms: int, *, by: str = "engine", seen: Hold | None = None
    ) -> bool:
        """End a hold, only the one that was `seen` if given; an operator alone ends a pause.

        Returns whether there was one to end.
        """
        probe_at = "" if seen is None or seen.probe_at is None else seen.probe_at
        return bool(
            await self._scripts(
                "resume",
                [keys.HOLDS, keys.HELD, keys.lease(keys.probe(destination))],
                [destination, now_ms, keys.WAKE, by, probe_at],
            )
        )

    async def announced(self) -> dict[str, str]:
        """Return what was last announced of each destination that is announced as held."""
        found = await self._redis.hgetall(keys.ANNOUNCED)
        return {name.decode(): key.decode() for name, key in found.items()}

    async def note_announced(self, destination: str, key: str) -> None:
        """Note what was announced of a destination; an empty key says that its hold is over.

        A full store takes it as well: it is what is being announced.
        """
        write = ["HSET", destination, key] if key else ["HDEL", destination]
        await self._scripts("jot", [keys.ANNOUNCED], write)

    def probe(self, destination: str, owner: str, length: timedelta) -> Lease:
        """Return the right to be the only one who probes a destination, to be acquired."""
        return Lease(self._scripts, f"probe:{destination}", keys.probe(destination), owner, length)
