"""When two names are the same but for their spelling."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import normalize

LONGEST_KEPT = 100
"""Longer names are anybody's, and not remembered."""


def spelled(name: str) -> str:
    """Return a name without case, width, spaces and punctuation: what is left makes it one."""
    return _spelled(name) if len(name) <= LONGEST_KEPT else _spelled.__wrapped__(name)


@lru_cache(maxsize=4096)
def _spelled(name: str) -> str:
    return "".join(filter(str.isalnum, normalize("NFKC", name).casefold()))
