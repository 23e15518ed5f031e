"""Deeds on destinations: pause, resume, probe."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from router.operations.signature import now_ms, write_down
from router.store.holds import Hold

if TYPE_CHECKING:
    from router.operations.signature import Signature
    from router.store.store import Store

OPERATOR = "operator"
LONGEST_REASON = 200


async def pause(store: Store, name: str, signed: Signature) -> bool:
    """Hold a destination until it is resumed; a pause that is on keeps its beginning."""
    before = (await store.holds.all()).get(name)
    if before is not None and before.state == "paused":
        return False
    since = before.since if before else now_ms()
    hold = Hold("paused", signed.reason[:LONGEST_REASON] or "paused", since, by=OPERATOR)
    changed = await store.holds.put(name, hold)
    await write_down(store, "destinations pause", name, signed, int(changed))
    return changed


async def resume(store: Store, name: str, signed: Signature) -> Hold | None:
    """End whatever holds a destination; returns what did."""
    before = (await store.holds.all()).get(name)
    if before is None or not await store.holds.end(name, now_ms(), by=OPERATOR):
        return None
    await write_down(store, "destinations resume", name, signed, 1)
    return before


async def probe(store: Store, name: str, signed: Signature) -> bool:
    """Try a held destination now; a pause stays."""
    hold = (await store.holds.all()).get(name)
    if hold is None or hold.state == "paused":
        return False
    changed = await store.holds.put(name, replace(hold, probe_at=now_ms(), by=OPERATOR))
    await write_down(store, "destinations probe", name, signed, int(changed))
    return changed
