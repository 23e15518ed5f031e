"""Deeds on destinations: pause, resume, probe, drop."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from router.observe.lane import destination_of, lane_of
from router.operations.signature import now_ms, write_down
from router.store.holds import Hold

if TYPE_CHECKING:
    from router.config import Config
    from router.operations.signature import Signature
    from router.store.store import Store

OPERATOR = "operator"
LONGEST_REASON = 200


class Refused(Exception):  # noqa: N818 - it names what happened
    """Why a deed may not be done now, in a sentence."""


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


async def left_lanes(store: Store, config: Config, name: str) -> list[str]:
    """Return the lanes under a destination's name that the configuration has no more.

    A destination that changed its type has left a lane as well.
    """
    lanes = sorted(lane for lane in await store.lanes.known() if destination_of(lane) == name)
    section = config.destinations.get(name)
    return [lane for lane in lanes if section is None or lane != lane_of(name, section.type)]


async def drop(store: Store, config: Config, name: str, signed: Signature) -> int:
    """Make dead letters of what waits for a destination that left the configuration.

    Raises Refused while it is configured, here or perhaps at a worker, which would deliver it.
    """
    lanes = await left_lanes(store, config, name)
    if name in config.destinations and not lanes:
        raise Refused(f"{name} is configured: pause it, or take it out of the configuration first")
    if any(facts.get("config") != config.digest for facts in (await store.members.all()).values()):
        raise Refused(
            f"a worker with another configuration may still deliver to {name}: restart it"
        )
    dropped = 0
    try:
        for lane in lanes:
            for shard in range(store.shards):
                while moved := await store.lanes.abandon(shard, lane, now_ms()):
                    dropped += moved
    finally:
        await write_down(store, "destinations drop", name, signed, dropped)
    return dropped
