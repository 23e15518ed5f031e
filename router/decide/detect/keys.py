"""Keys that are personal data themselves: what is shown of them to whoever may not see it."""

from __future__ import annotations

from router.decide.detect.finder import KINDS, compile_finder

PERSONAL_KEY = "(personal key)"
"""Stands for a key in which something is found."""
_ALL = frozenset(KINDS)


def shown_key(key: str) -> str:
    """Return a key of an event if it may be shown, else a word in its place."""
    return PERSONAL_KEY if compile_finder(_ALL).find(key) else key
