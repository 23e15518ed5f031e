"""When two names are the same but for their spelling."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def spelled(name: str) -> str:
    """Return a name without case, spaces and punctuation: `Google Analytics 4` → `googleanalytics4`.

    Names that only differ in these come to the same.
    """
    return "".join(filter(str.isalnum, name.casefold()))
