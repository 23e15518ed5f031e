"""The window of a destination without order: failing entries beyond its limit are forgotten.

They stand in their lane, and when the first of them is due it is read once more from the oldest on:
those that are due by then come back, the others wait for the next pass. So they take no memory, and
fresh ones their room.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, TypeVar

from router.engine.deliver.turn import Place, Turn, place
from router.engine.deliver.window import Window
from router.engine.judge.backoff import due_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.engine.deliver.turn import Item

H = TypeVar("H")
REST = 5.0
"""Seconds between two passes over a lane, and how soon what comes back must be due."""


@dataclass(slots=True)
class Forgotten:
    """What of a lane is not in memory though it was read: the oldest, and when one is due."""

    oldest: Place
    due: float
    at: Place | None = None
    """Where the pass goes on that is under way."""
    behind: int = 0
    """How many there are that this pass does not meet any more, all of them if there is none."""
    ahead: int = 0
    """How many it has yet to meet; when it is over there are none, whatever was counted."""

    def add(self, at: Place, due: float) -> None:
        """Forget one more."""
        self.oldest, self.due = min(self.oldest, at), min(self.due, due)
        if self.at is not None and at > self.at:
            self.ahead += 1
        else:
            self.behind += 1

    def begin(self) -> None:
        """Begin a pass."""
        self.at, self.oldest, self.due = self.oldest, NONE, inf
        self.ahead, self.behind = self.behind, 0

    def meet(self, at: Place) -> None:
        """Note that the pass is at one of them, which comes back, or is to be added again."""
        self.at, self.ahead = at, max(0, self.ahead - 1)

    def rest(self, now: float) -> None:
        """End a pass after which some are left."""
        self.at, self.ahead, self.due = None, 0, max(self.due, now + REST)


NONE: Place = (2**64, 0)


class Unordered(Window[H]):
    """A window for `ordering: none`, where each entry is a turn of its own."""

    def __init__(self, *, most: int, share: int, most_ids: int = 50_000) -> None:
        super().__init__("none", most=most, share=share, most_ids=most_ids)
        self._forgotten: dict[H, Forgotten] = {}

    @property
    def stuck(self) -> int:
        """How many entries failed and wait, in memory or forgotten."""
        gone = sum(one.behind + one.ahead for one in self._forgotten.values())
        return super().stuck + gone

    def missed(self, home: H, now: float) -> Place | None:
        """Return from where on a lane should be read once more, now."""
        forgotten = self._forgotten.get(home)
        if forgotten is None:
            return None
        if forgotten.at is None and now >= forgotten.due and self.ids <= self._most_ids // 2:
            forgotten.begin()
        return forgotten.at

    def recover(
        self, home: H, items: Sequence[Item[H]], now: float, wall_ms: int, *, behind: Place | None,
    ) -> None:  # fmt: skip
        """Take back of what was read what is not here and is due.

        `behind` is where the pass goes on; None when it is over.
        """
        forgotten = self._forgotten.get(home)
        if forgotten is None:
            return
        for item in items:
            if self._key(item) in self._turns:
                continue
            forgotten.meet(place(item.id))
            wait = due_in(item.tried.attempts, item.tried.due_at, wall_ms) if item.tried else 0.0
            if wait > REST or self.ids >= self._most_ids // 2:
                forgotten.add(place(item.id), now + wait)
                continue
            crowded = not self.room
            turn = self._turns[self._key(item)] = Turn(self._key(item))
            self._append(turn, item, now, wall_ms)
            if crowded:
                self._lighten(item)
        if behind is not None:
            forgotten.at = behind
        elif forgotten.oldest == NONE:
            del self._forgotten[home]
        else:
            forgotten.rest(now)

    def drop(self, home: H) -> None:
        """Forget all entries of a lane that this process does not own any more."""
        self._forgotten.pop(home, None)
        super().drop(home)

    def _relieve(self) -> None:
        """Keep only ids of what failed; when there are too many, forget those that wait longest."""
        super()._relieve()
        if self.ids < self._most_ids:
            return
        for due, turn in self.departures.shed(self.ids - self._most_ids // 2):
            home, item = turn.key[0], turn.items[0]
            self._forgotten.setdefault(home, Forgotten(NONE, inf)).add(place(item.id), due)
            self._lighten(item)
            self._heavy.discard(turn)
            self.ids -= 1
            del self._turns[turn.key]
