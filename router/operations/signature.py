"""Who does a deed and why: what the audit says beside what it changed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from router.store.audit import Deed

if TYPE_CHECKING:
    from router.store.store import Store


class Signature(NamedTuple):
    """Who does a deed, and why."""

    by: str
    reason: str = ""


def now_ms() -> int:
    """Return the time in milliseconds of Unix time."""
    return time.time_ns() // 1_000_000


async def write_down(store: Store, what: str, target: str, signed: Signature, changed: int) -> None:
    """Write a deed into the audit; one that changed nothing is none."""
    if changed:
        deed = Deed(now_ms(), signed.by, what, target, signed.reason, changed)
        await store.audit.note(deed)
