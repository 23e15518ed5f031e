"""Leases: who owns an intake, a shard or a probe, for how long, and with which fencing number."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from router.store import keys

if TYPE_CHECKING:
    from datetime import timedelta

    from router.store.scripts import Scripts


class LeaseLost(Exception):  # noqa: N818 - it names what happened
    """Somebody else owns it now; whatever was going on must write nothing more."""


class Lease:
    """One owner's right to an intake (`stream`, `list`), a shard (`0`, `1`, ...) or a probe.

    `token` goes into every script, which refuses it once the lease is lost. `remaining` is in
    seconds of this machine's monotonic clock, counted from before the store was asked, so that
    it never promises more than the store does. `home` is what its keys begin with. Where it is
    `minded`, the store knows of owners that went without giving it back.
    """

    def __init__(  # noqa: PLR0913 - what a lease is on, whose, how long
        self, scripts: Scripts, name: str, home: str, owner: str, length: timedelta, *,
        minded: bool = False,
    ) -> None:  # fmt: skip
        self._scripts = scripts
        self.name = name
        self.owner = owner
        self.key = keys.lease(home)
        self._fence = keys.fence(home)
        self._minded = [keys.owner(home), keys.suspects(home)] if minded else []
        self._length_ms = int(length.total_seconds() * 1000)
        self.token = ""
        self._until = 0.0
        self.length = length.total_seconds()
        self.gone_at: float | None = None
        """When an owner last went without a word, on this machine's monotonic clock."""

    async def acquire(self) -> bool:
        """Take it if nobody has it."""
        asked = time.monotonic()
        fence, gone_ms = await self._scripts(
            "acquire",
            [self.key, self._fence, *self._minded[:1]],
            [self.owner, self._length_ms],
        )
        if not fence:
            return False
        self.token = f"{self.owner}:{fence}"
        self._until = asked + self._length_ms / 1000
        self.gone_at = asked - gone_ms / 1000 if gone_ms >= 0 else None
        return True

    async def renew(self) -> None:
        """Prolong it to its full length; raises LeaseLost."""
        asked = time.monotonic()
        if not await self._scripts("renew", [self.key], [self.token, self._length_ms]):
            self.forfeit()
            raise LeaseLost(self.name)
        self._until = asked + self._length_ms / 1000

    async def release(self, *, forget: bool = False) -> None:
        """Give it back at once, if it is still ours; `forget` how earlier owners ended."""
        self.forfeit()
        await self._scripts("release", [self.key, *self._minded], [self.token, int(forget)])

    def forfeit(self) -> None:
        """Stop believing in it."""
        self._until = 0.0

    @property
    def remaining(self) -> float:
        """Seconds for which nobody else can have it."""
        return self._until - time.monotonic()

    def __repr__(self) -> str:
        return f"<Lease {self.name} {self.remaining:.1f}s>"
