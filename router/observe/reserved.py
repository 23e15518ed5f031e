"""Words that stand where a destination's name could, so that no destination may bear them."""

from __future__ import annotations

SHELF = "shelf"
"""Arrivals that could not be read: `router dead list dest:shelf`."""
INTAKE = "intake"
"""The queue itself, which can be held as a destination is."""
RESERVED = frozenset({SHELF, INTAKE})
