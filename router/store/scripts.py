"""The Lua scripts beside this file, loaded once and called by name."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from redis.commands.core import AsyncScript

    from router.store.connection import Client

NAMES = (
    "abandon", "acquire", "discard", "drop", "evict", "hand_off", "heartbeat", "hold", "jot",
    "ledger", "note", "rate", "release", "renew", "replay", "requeue", "reroute",
    "resume", "rights", "settle", "suspect",
)  # fmt: skip
SPREAD = ("advance", "prefer", "take")
"""Those of a hand-off on a Cluster."""
SHARED = {
    "hand_off": ("shared/moving", "shared/placing"),
    "take": ("shared/placing",),
    "advance": ("shared/moving",),
}
"""What stands before a script: functions that it shares with others."""


class Scripts:
    """The scripts, bound to one connection: `await scripts("renew", keys, args)`.

    Each is one atomic step. Those that move data check a fence and are no-ops when repeated.
    """

    def __init__(self, redis: Client) -> None:
        folder = files("router.store") / "scripts"
        self._scripts: dict[str, AsyncScript] = {
            name: redis.register_script(
                "".join(
                    (folder / f"{part}.lua").read_text("utf-8")
                    for part in (
                        *SHARED.get(name, ()),
                        f"spread/{name}" if name in SPREAD else name,
                    )
                )
            )
            for name in (*NAMES, *SPREAD)
        }

    async def __call__(self, name: str, keys: list[str], args: list[Any]) -> Any:
        """Run a script; raises what redis raises."""
        return await self._scripts[name](keys=keys, args=args)
