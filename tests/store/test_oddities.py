"""Oddities: counted by source, code and name, never more than a few kinds, never for long."""

from __future__ import annotations

from typing import Any

from router.store import keys
from router.store.oddities import KINDS, OTHERS, OddityKind
from router.store.store import Store
from tests.store.working import NOW

TYPO = OddityKind("shop", "name_unknown", "Mixpanle")
NULL = OddityKind("shop", "value_odd", "All")


async def test_they_add_up_most_frequent_first(redis: Any) -> None:
    """What is noted again is added, of today and of yesterday."""
    oddities = Store(redis, 2).oddities
    await oddities.note({TYPO: 2, NULL: 3}, NOW - keys.DAY_MS)
    await oddities.note({TYPO: 5}, NOW)

    assert [(TYPO, 7), (NULL, 3)] == list((await oddities.recent(NOW)).items())
    assert {TYPO: 5} == await oddities.recent(NOW + keys.DAY_MS)


async def test_names_are_bounded(redis: Any) -> None:
    """However many names come, few are kept; the rest is counted as one, and nothing is lost."""
    oddities = Store(redis, 2).oddities
    for start, end in ((0, 10), (10, 60), (60, 3 * KINDS)):
        names = (OddityKind("shop", "name_unknown", f"n{n}") for n in range(start, end))
        await oddities.note(dict.fromkeys(names, 1), NOW)

    counted = await oddities.recent(NOW)
    assert KINDS + 1 == len(counted)
    assert (2 * KINDS, 3 * KINDS) == (counted[OTHERS], sum(counted.values()))


async def test_they_are_forgotten(redis: Any) -> None:
    """A day's oddities go by themselves."""
    await Store(redis, 2).oddities.note({TYPO: 1}, NOW)

    assert 0 < await redis.pttl(keys.oddities(NOW)) <= 2 * keys.DAY_MS
