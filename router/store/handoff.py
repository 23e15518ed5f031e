"""What a hand-off carries, and how the script takes it: events on their way into lanes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from router.store import keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.store.marks import MarkLimits
    from router.store.preferences import Change

SCRIPT_KEYS = (keys.MARKS, keys.LANES, keys.INTAKES, keys.PREFERENCES)
"""The script's keys behind lease, intake and position."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """An arrival that could not be read, with the reason."""

    reason: str
    raw: bytes = field(repr=False)
    origin: str
    source: str | None
    received_at: int | None


class Routed(NamedTuple):
    """An event on its way into lanes: numbers are places in the batch's lanes and in `bodies`."""

    shard: int
    turn: bytes
    mark: tuple[int, int] | None
    sends: tuple[tuple[int, int], ...]
    skips: tuple[tuple[int, str], ...]
    deads: tuple[tuple[int, str], ...]
    bodies: tuple[bytes, ...]
    raw: bytes = b""
    """The arrival itself, kept on the shelf when some destination's policy failed."""

    def __repr__(self) -> str:
        return f"<Routed shard={self.shard} sends={len(self.sends)} skips={len(self.skips)}>"


@dataclass(frozen=True, slots=True)
class HandedOff:
    """What became of a batch. `accepted` is 0 when it had been handed off before."""

    accepted: int
    duplicates: int
    generation: int


def limit_arguments(marks: MarkLimits, now_ms: int) -> list[Any]:
    """Return where things are, what time it is, and when marks go."""
    return [
        keys.PREFIX, now_ms // keys.HOUR_MS, keys.WAKE, now_ms,
        marks.generation_ms, marks.generation_marks, marks.keep_ms,
    ]  # fmt: skip


def change_arguments(changes: Sequence[Change]) -> list[Any]:
    """Return what users' preferences become with the events that state them."""
    args: list[Any] = [len(changes)]
    for change in changes:
        args += change
    return args


def lane_arguments(lanes: Sequence[str]) -> list[Any]:
    """Return the lanes, which events name by their places."""
    return [len(lanes), *lanes]


def shelved_arguments(shelved: Sequence[tuple[int, Shelved]], now_ms: int) -> list[Any]:
    """Return what goes onto the shelves of shards."""
    args: list[Any] = [len(shelved)]
    for shard, one in shelved:
        args += (shard, one.reason, one.raw, one.origin, one.source or "",
                 "" if one.received_at is None else one.received_at, now_ms)  # fmt: skip
    return args


def routed_arguments(routed: Sequence[Routed]) -> list[Any]:
    """Return the events; the script counts lanes and bodies from one."""
    args: list[Any] = [len(routed)]
    for event in routed:
        bucket, fingerprint = event.mark or ("", "")
        args += (
            event.shard, event.turn, bucket, fingerprint,
            _sends(event.sends), _reasons(event.skips), _reasons(event.deads),
            event.raw, len(event.bodies), *event.bodies,
        )  # fmt: skip
    return args


@lru_cache(maxsize=1024)
def _sends(pairs: tuple[tuple[int, int], ...]) -> str:
    return " ".join([f"{lane + 1}={body + 1}" for lane, body in pairs])


@lru_cache(maxsize=1024)
def _reasons(pairs: tuple[tuple[int, str], ...]) -> str:
    return " ".join([f"{lane + 1}={reason}" for lane, reason in pairs])
