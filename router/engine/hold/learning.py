"""What attempts tell beside their outcomes: how much a destination bears, and of our network."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from destinations import Retry, Throttled, Unknown

if TYPE_CHECKING:
    from router.engine.deliver.attempt import Attempt, Attempter, Homed
    from router.engine.hold.capacity import Capacity
    from router.engine.hold.network import Network


class Learner:
    """Makes the attempts of one destination, and learns from them.

    One that needs no `network` says nothing about it; without a `capacity` none is looked for.
    """

    def __init__(
        self,
        name: str,
        attempter: Attempter,
        *,
        network: Network | None = None,
        capacity: Capacity | None = None,
    ) -> None:
        self._name = name
        self._attempter = attempter
        self._network = network
        self._capacity = capacity

    def is_full(self, in_flight: int) -> bool:
        """Tell whether the destination bears no more than what is in flight."""
        return self._capacity is not None and in_flight >= self._capacity.limit

    async def attempt(
        self, items: list[Homed], in_flight: int, *, ours: bool | None = None
    ) -> Attempt:
        """Attempt entries; raises what the attempter raises. `ours` is what `Holding.ours` says."""
        began = self._capacity.began() if self._capacity is not None else 0
        attempt = await self._attempter.attempt(items)
        outcomes = attempt.outcomes
        if outcomes and self._capacity is not None:
            refused = any(map(_is_refusal, outcomes.values()))
            self._capacity.answered(began, attempt.seconds, refused=refused, open_=in_flight)
        if outcomes and self._network is not None:
            attempt.outcomes = self._network.judged(
                self._name, outcomes, time.monotonic(), ours=ours
            )
        return attempt


def _is_refusal(outcome: object) -> bool:
    return isinstance(outcome, Retry | Throttled | Unknown)
