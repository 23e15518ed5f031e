"""Who should own what: a pure assignment that all worker processes compute alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

INTAKES = ("stream", "list")


def names(shards: int) -> list[str]:
    """Return everything that can be owned: the intakes, then the shards by number."""
    return [*INTAKES, *(str(shard) for shard in range(shards))]


def assigned(owner: str, living: Sequence[str], shards: int) -> list[str]:
    """Return what `owner` should own among the living owners, as evenly as it goes.

    Shards are dealt round; the intakes go to the last owners, who may have a shard less.
    """
    members = sorted(living)
    if owner not in members:
        return []
    place, count = members.index(owner), len(members)
    mine = [str(shard) for shard in range(shards) if shard % count == place]
    for number, intake in enumerate(INTAKES):
        if (count - 1 - number) % count == place:
            mine.insert(0, intake)
    return mine
