"""Whether a server is new enough to know all the commands that the router uses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from redis.exceptions import ResponseError

from router.store.cluster import infos
from router.store.embedded import StoreUnavailable

if TYPE_CHECKING:
    from router.store.connection import Client

OLDEST = (6, 2)
"""The first Redis with BLMOVE, the newest command that the router needs; Valkey says 7.2."""


class TooOld(StoreUnavailable):
    """The server lacks commands that the router needs."""


async def check_age(redis: Client) -> None:
    """Ask the server how old it is; raises TooOld. One that does not say is believed."""
    try:
        told = await infos(redis, "server")
    except ResponseError:
        return
    for one in told:
        version = str(one.get("redis_version", ""))
        found = tuple(map(int, re.findall(r"\d+", version)[:2]))
        if found and found < OLDEST:
            oldest = ".".join(map(str, OLDEST))
            raise TooOld(f"the store is Redis {version}: install {oldest} or newer, or Valkey")
