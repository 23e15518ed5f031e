"""Preferences: what is known of the consent of users who ever denied something, by their turns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from router.store import keys
from router.store.cluster import is_cluster
from router.store.line import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.store.connection import Client


class Change(NamedTuple):
    """What a user's preference becomes; written only if it still is what it was `before`.

    An empty `before` is none. Its repr shows nothing of it.
    """

    turn: bytes
    before: bytes
    after: bytes

    def __repr__(self) -> str:
        return "<Change>"


class Overtaken(Exception):  # noqa: N818 - it names what happened
    """Somebody else changed a preference after it was read: read it again."""


class Preferences:
    """All users' preferences. The hand-off of an intake writes them: see `Intake.hand_off`."""

    def __init__(self, redis: Client) -> None:
        self._redis = redis
        self._ask = redis.execute_command if is_cluster(redis) else Line(redis).ask

    async def read(self, turns: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return what is known of users, in one round trip; who denied nothing has no entry."""
        if not turns:
            return {}
        found = await self._ask("HMGET", keys.PREFERENCES, *turns)
        return {turn: raw for turn, raw in zip(turns, found, strict=True) if raw is not None}

    async def count(self) -> int:
        """Return how many ids have a preference that is known."""
        return int(await self._redis.hlen(keys.PREFERENCES))

    async def forget(self, turns: Sequence[bytes]) -> int:
        """Forget what is known of users; returns how many were known."""
        return int(await self._redis.hdel(keys.PREFERENCES, *turns)) if turns else 0
