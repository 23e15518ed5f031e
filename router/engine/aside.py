"""Left aside: says once why a shard is not taken, and once that it is again."""

from __future__ import annotations

import logging

_log = logging.getLogger("router.engine")


class Aside:
    """Shards that this process would own, but for something strange in them."""

    def __init__(self) -> None:
        self._why: dict[str, str] = {}

    def leave(self, shard: str, why: str) -> None:
        """Leave a shard alone; the same reason is told once."""
        if self._why.get(shard) != why:
            self._why[shard] = why
            _log.error("shard %s is left alone: the store %s", shard, why)

    def take(self, shard: str) -> None:
        """Say that nothing is wrong with a shard any more, if something was."""
        if self._why.pop(shard, ""):
            _log.warning("shard %s is left alone no more", shard)
