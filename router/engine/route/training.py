"""From samples of texts to a dictionary that packs others like them better. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import zstandard

from router.engine.route.anonymising import anonymised
from router.store.dictionary import Dictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TRIED_ON = 4
"""Each so-many-th sample is not learned from: candidates are tried on it."""
SIZE = 32 * 1024
"""Bytes of a dictionary; twice as many save 5 % of an entry, half as many cost 13 %."""
BETTER = 0.9
"""What entries must come to at most, by those in use, for a new one to be worth its place."""


def better(
    samples: Sequence[tuple[bytes, bytes]],
    current: Dictionary,
    ended: Callable[[], bool] = lambda: False,
) -> bytes | None:
    """Return a dictionary that packs entries like these clearly better than `current`, or None.

    `samples` are users' turns and texts. No value of fewer than `anonymising.SHARED_BY` users is
    in it. It gives up soon after `ended` says so.
    """
    tried = [text for _, text in samples[::TRIED_ON]]
    given = [pair for place, pair in enumerate(samples) if place % TRIED_ON]
    texts = anonymised(given, ended)
    if ended():
        return None
    try:
        raw = zstandard.train_dictionary(SIZE, [*texts], k=2000, d=8, f=20, accel=1, level=1)
    except zstandard.ZstdError:  # too little, or too much alike
        return None
    candidate = Dictionary(bytes(raw.as_bytes()))
    worth = _size(candidate, tried) <= BETTER * _size(current, tried)
    return candidate.raw if candidate.id and worth else None


def _size(dictionary: Dictionary, texts: Sequence[bytes]) -> int:
    return sum(len(dictionary.fast.compress(text)) for text in texts)
