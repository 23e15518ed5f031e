"""Texts that were searched and hold nothing: remembered while they are short and not too many."""

from __future__ import annotations

from typing import Any

_EMPTY = (None, True, False)
MOST = 8192
LONGEST = 512
"""Characters; longer texts seldom come twice."""


class Clean(set[Any]):
    """Texts in which nothing was found; whoever asks it first need not search them again.

    Nothing is in null, true and false either, nor in the numbers that equal them.
    """

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(_EMPTY)

    def note(self, text: str) -> None:
        """Remember one; where there are too many, all others are forgotten."""
        if len(text) > LONGEST:
            return
        if len(self) >= MOST:
            self.forget()
        self.add(text)

    def forget(self) -> None:
        """Forget all texts."""
        self.clear()
        self.update(_EMPTY)
