"""When two names are the same but for their spelling."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def spelled(name: str) -> str:
    """Return a name without case, spaces and punctuation: names that differ in these are one."""
    return "".join(filter(str.isalnum, name.casefold()))
