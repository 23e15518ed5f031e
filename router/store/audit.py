"""The audit: which operator changed what, when and why; the latest entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from router.store import keys

if TYPE_CHECKING:
    from router.store.connection import Client
    from router.store.scripts import Scripts

KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Deed:
    """One change by an operator. It names no person but the operator."""

    at: int
    by: str
    what: str
    """The command: `dead discard`, `destinations pause` ..."""
    target: str
    reason: str
    changed: int


class Audit:
    """All that operators did."""

    def __init__(self, redis: Client, scripts: Scripts) -> None:
        self._redis = redis
        self._scripts = scripts

    async def note(self, deed: Deed) -> None:
        """Write down what was done, in a full store too: what was done to empty it, say."""
        fields = {
            "at": deed.at, "by": deed.by, "what": deed.what, "target": deed.target,
            "reason": deed.reason, "changed": deed.changed,
        }  # fmt: skip
        flat = [part for field in fields.items() for part in field]
        await self._scripts("jot", [keys.AUDIT], ["XADD", "MAXLEN", "~", KEPT, "*", *flat])

    async def latest(self, count: int) -> list[Deed]:
        """Return what was done last, the latest first."""
        return [
            Deed(
                int(fields[b"at"]),
                fields[b"by"].decode(),
                fields[b"what"].decode(),
                fields[b"target"].decode(),
                fields[b"reason"].decode(),
                int(fields[b"changed"]),
            )
            for _, fields in await self._redis.xrevrange(keys.AUDIT, count=count)
        ]
