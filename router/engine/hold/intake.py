"""The hold of the intake: begun when the store or a queue is full, ended when there is room."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from router.engine.route.pressure import intake_hold
from router.observe.reserved import INTAKE

if TYPE_CHECKING:
    from router.engine.route.queues import Queues
    from router.store.holds import Hold
    from router.store.store import Store

_log = logging.getLogger("router.engine")


async def intake_is_held(store: Store, queues: Queues, before: Hold | None) -> bool:
    """Tell whether the intake is to wait, and write what changed; `before` is its hold so far."""
    now_ms = int(time.time() * 1000)
    fullness, fills = await store.fullness(), await queues.fills()
    after = intake_hold(before, fullness, fills, now_ms)
    if before is not None and after != before:
        _log.warning("the intake is held no more: %s is over", before.reason)
        await store.holds.end(INTAKE, now_ms, seen=before)
    if after is not None and after != before:
        _log.warning("the intake is held: %s", after.reason)
        await store.holds.put(INTAKE, after)
    return after is not None
