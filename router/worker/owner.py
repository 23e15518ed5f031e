"""The name under which a process owns intakes and shards: another one at every start."""

from __future__ import annotations

import os
import secrets
import socket
from typing import TYPE_CHECKING

from router.store import keys

if TYPE_CHECKING:
    from router.config.sections.whole import Queue
    from router.store.store import Store

VARIABLE = "ROUTER_OWNER"
"""Set by `router run`: the mark by which it knows what a dead child of its own has owned."""


def owner() -> str:
    """Return `host:pid:nonce`; the nonce begins with the parent's mark, if there is one."""
    nonce = "-".join(filter(None, (os.environ.get(VARIABLE), secrets.token_hex(4))))
    return f"{socket.gethostname()}:{os.getpid()}:{nonce}"


def marked(name: str, mark: str) -> bool:
    """Tell whether an owner is a child that was given this mark."""
    return name.rpartition(":")[2].startswith(f"{mark}-")


async def give_back(store: Store, name: str, queue: Queue) -> None:
    """Free what an owner that has ended still holds, and let the others share it at once."""
    shards = [keys.shard(number) for number in range(store.shards)]
    intakes = [keys.intake("stream", queue.stream), keys.intake("list", queue.list)]
    await store.members.evict(name, [*intakes, *shards])
    await store.redis.publish(keys.WAKE, "owners")
