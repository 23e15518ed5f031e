"""How an entry is tried that was in flight when workers ended: a pure decision.

===============  =================================================================================
owners that      how it is tried
ended with it
===============  =================================================================================
none             with all others
1                apart: some suspects of a destination in a request of their own, others go on
2, 3, 4          alone: nothing else is in flight in its process, which lived a whole lease before
5                not at all: three ended with nothing else in flight, and lived without it
===============  =================================================================================

Killed by chance, a worker ends with this one alone three times in a row only if each time it is
hit in the instant of this one's attempt, after a whole lease in which it was spared; and with
pauses of one, two and four leases no steady rhythm of deaths hits a slow attempt each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

WARY_LEASES = 10
"""So many leases after an owner's end it is written down what is in flight."""
ALONE_AT = 2
PROOFS = 3
"""So many owners must have ended with it alone."""


@dataclass(frozen=True, slots=True)
class Together:
    """As everything else."""


@dataclass(frozen=True, slots=True)
class Apart:
    """With other suspects only."""


@dataclass(frozen=True, slots=True)
class Alone:
    """With nothing else in flight, in so many seconds."""

    wait: float


@dataclass(frozen=True, slots=True)
class Poison:
    """Never again: it is a dead letter."""


Manner: TypeAlias = Together | Apart | Alone | Poison


def manner(deaths: int, spared: float, lease: float) -> Manner:
    """Decide by how many owners ended with it in flight, in a row.

    `spared` is for how many seconds no owner has ended; `lease` a lease's length in seconds.
    """
    if deaths == 0:
        return Together()
    if deaths < ALONE_AT:
        return Apart()
    lone = deaths - ALONE_AT
    wait = max(0.0, lease * (2**lone if lone < PROOFS else 1) - spared)
    if deaths < ALONE_AT + PROOFS or wait:
        return Alone(wait)
    return Poison()
