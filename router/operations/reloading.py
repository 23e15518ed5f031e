"""The deed on all workers: let them read their configuration again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.operations.signature import write_down

if TYPE_CHECKING:
    from router.operations.signature import Signature
    from router.store.store import Store


async def reload(store: Store, signed: Signature) -> None:
    """Ask every worker to take over what its configuration file says now; returns at once."""
    await store.members.ask_to_reload()
    await write_down(store, "reload", "workers", signed, 1)
