"""Texts that were searched and hold nothing: remembered while they are short and not too many."""

from __future__ import annotations

MOST = 8192
LONGEST = 512
"""Characters; longer texts seldom come twice."""


class Clean(set[str]):
    """Texts in which nothing was found; whoever asks it first need not search them again."""

    __slots__ = ()

    def note(self, text: str) -> None:
        """Remember one; where there are too many, all others are forgotten."""
        if len(text) > LONGEST:
            return
        if len(self) >= MOST:
            self.clear()
        self.add(text)
