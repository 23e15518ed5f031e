"""When two names are the same but for their spelling, and when they nearly are."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_KEPT = 100
"""Longer names are anybody's, and not remembered."""
LONGEST_COMPARED = 60
"""Characters of a name by which it is near to others."""


def spelled(name: str) -> str:
    """Return a name without case, width, spaces and punctuation: what is left makes it one."""
    return _spelled(name) if len(name) <= LONGEST_KEPT else _spelled.__wrapped__(name)


@lru_cache(maxsize=4096)
def _spelled(name: str) -> str:
    return "".join(filter(str.isalnum, normalize("NFKC", name).casefold()))


def nearest(word: str, options: Iterable[str]) -> str | None:
    """Return the option that somebody who wrote `word` most likely meant, if any is near."""
    by_folded = {option.casefold(): option for option in options}
    likeness = 0.6 if len(word) > 3 else 0.5  # of two letters, one may be wrong
    found = get_close_matches(word[:LONGEST_COMPARED].casefold(), by_folded, n=1, cutoff=likeness)
    return by_folded[found[0]] if found else None
