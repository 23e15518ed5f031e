"""Oddities of the events that came in: counted by kind and name, few kinds, for two days."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from router.store import keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from router.store.connection import Client
    from router.store.scripts import Scripts

KINDS = 100
"""Names are anybody's: so many are counted a day, and all others as one."""
DAYS = 2
"""How far `recent` looks back, today included."""


class OddityKind(NamedTuple):
    """What is counted: a code of `MapOddity`, under the name that events of a source gave."""

    source: str
    code: str
    name: str


OTHERS = OddityKind("(others)", "(others)", "(others)")


class Oddities:
    """What was odd lately."""

    def __init__(self, redis: Client, scripts: Scripts) -> None:
        self._redis = redis
        self._scripts = scripts

    async def note(self, found: Mapping[OddityKind, int], now_ms: int) -> None:
        """Count what was found; its texts hold no `|`."""
        first = [*found.items()][:KINDS]
        rest = sum(found.values()) - sum(times for _, times in first)
        args: list[str | int] = [KINDS, DAYS * keys.DAY_MS, "|".join(OTHERS)]
        for kind, times in [*first, (OTHERS, rest)] if rest else first:
            args += ("|".join(kind), times)
        await self._scripts("note", [keys.oddities(now_ms)], args)

    async def recent(self, now_ms: int) -> dict[OddityKind, int]:
        """Return what was counted today and yesterday, the most frequent first."""
        counted: dict[OddityKind, int] = {}
        for back in range(DAYS):
            found = await self._redis.hgetall(keys.oddities(now_ms - back * keys.DAY_MS))
            for field, times in found.items():
                kind = OddityKind(*field.decode().split("|"))
                counted[kind] = counted.get(kind, 0) + int(times)
        return dict(sorted(counted.items(), key=lambda one: -one[1]))
