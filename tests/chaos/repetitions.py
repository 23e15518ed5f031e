"""Why messages came again: what each repetition at a vendor was caused by."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.support.vendor import Arrival

DIED = "its worker died or gave it up"
"""Another process sent it before, and did not live to write down what came of it."""
UNANSWERED = "no answer"
"""The vendor took it and closed the connection."""
ANSWERED = "an answer that was not believed"
"""The vendor answered the same process before: too late, or with nonsense. The ledger counts
each as unknown."""


def causes(arrivals: Iterable[Arrival]) -> Counter[str]:
    """Count the repetitions among what vendors took, by cause; senders say who they are."""
    found: Counter[str] = Counter()
    before: dict[tuple[str, str], Arrival] = {}
    for arrival in arrivals:
        if not arrival.taken or not arrival.message_id:  # profiles carry no id
            continue
        place = (arrival.path, arrival.message_id)
        if (first := before.get(place)) is not None:
            found[_cause(first, arrival)] += 1
        before[place] = arrival
    return found


def _cause(first: Arrival, again: Arrival) -> str:
    if first.sender != again.sender:
        return DIED
    return UNANSWERED if first.status == 0 else ANSWERED
