"""What becomes of an attempt: its turns are settled or given back, its destination perhaps held."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from router.engine.judge.judging import answered, judge_attempt, judge_destination, settle_turn
from router.engine.judge.settlement import Moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.engine.deliver.attempt import Attempt, Homed
    from router.engine.deliver.home import Home
    from router.engine.deliver.window import Window
    from router.engine.hold.holding import Holding
    from router.engine.judge.settlement import Decision, Patience
    from router.store.holds import Hold

_log = logging.getLogger("router.engine")


class Settling:
    """Writes what came of one destination's attempts to its window, its homes and its hold."""

    def __init__(
        self, name: str, lane: str, window: Window[Home], holding: Holding, patience: Patience
    ) -> None:
        self._name = name
        self._lane = lane
        self._window = window
        self._holding = holding
        self._patience = patience

    async def settle(self, attempt: Attempt, probing: Hold | None) -> bool:
        """Judge an attempt, and act on it; tells whether it ended the hold that was `probing`."""
        now_ms = int(time.time() * 1000)
        held_ms = self._holding.held_ms(now_ms)
        decisions = judge_attempt(attempt, self._patience, Moment(now_ms, held_ms), probing=probing)
        hold = self._holding.begin(
            judge_destination(
                attempt, decisions, self._holding.standing, probing or self._holding.hold, now_ms
            ),
            probing,
        )
        for turn in self._window.turns(attempt.items):
            self._finish(turn, decisions, now_ms)
        if hold is not None:
            await self._holding.write(hold, before=probing)
        elif probing is not None and answered(attempt, decisions):
            _log.warning("destination %s answers again", self._name)
            await self._holding.end(probing, now_ms)
            return True
        return False

    def give_back(self, items: Sequence[Homed], wait: float) -> None:
        """Let what was not attempted go again, after so many seconds."""
        now = time.monotonic()
        for turn in self._window.turns(items):
            self._window.finish(turn, turn, now + wait, now)

    def abandon(self, items: Sequence[Homed]) -> None:
        """Leave what is open where it is: nobody knows whether it arrived."""
        self.give_back(items, 0.0)
        for item in items:
            if item.home.alive:
                item.home.settlement(self._lane).count("unknown")

    def _finish(self, turn: list[Homed], decisions: dict[Homed, Decision], now_ms: int) -> None:
        home = turn[0].home
        now = time.monotonic()
        if not home.alive:
            self._window.finish(turn, [], now, now)
            return
        again = settle_turn(turn, decisions, home.settlement(self._lane))
        due_ms = max((item.tried.due_at for item in again if item.tried), default=now_ms)
        self._window.finish(turn, again, now + (due_ms - now_ms) / 1000, now)
