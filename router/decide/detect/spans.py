"""A place in a text that holds personal data."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """Where it stands, its kind, and the data as it would be written plainly."""

    start: int
    end: int
    kind: str
    plain: str
