"""The closed list of what can come of an attempt.

============  ==========================================  =====================================
outcome       when                                        what the engine then does
============  ==========================================  =====================================
Delivered     the destination has it                      settles and counts it
Rejected      this event is bad and will stay bad         makes it a dead letter at once
Retry         it may pass later                           lets its turn wait, with backoff
Throttled     429, a quota, Retry-After                   lets the destination wait that long
Held          a credential, the settings, gone            holds the destination until a probe
Unknown       sent, but no answer came                    retries with the same idempotency key
============  ==========================================  =====================================

Several requests for one delivery: the worst outcome counts, in the order of `SEVERITY`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datetime import timedelta

_CODE = re.compile(r"[a-z0-9_][a-z0-9_.:]{0,79}")


def _checked(reason: str) -> None:
    if not _CODE.fullmatch(reason):
        raise ValueError("a reason is a short code (a-z, 0-9, _ . :), never a text with values")


@dataclass(frozen=True, slots=True)
class Delivered:
    """The destination has it."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """This event is bad and will stay bad; `reason` is a code, `status` the HTTP status if any."""

    reason: str
    status: int | None = None

    def __post_init__(self) -> None:
        _checked(self.reason)


@dataclass(frozen=True, slots=True)
class Retry:
    """It may pass later: a 5xx, a refused connection."""

    reason: str
    status: int | None = None

    def __post_init__(self) -> None:
        _checked(self.reason)


@dataclass(frozen=True, slots=True)
class Throttled:
    """The destination wants to be left alone for at least `wait` (Retry-After, a quota)."""

    wait: timedelta
    reason: str = "throttled"

    def __post_init__(self) -> None:
        _checked(self.reason)


@dataclass(frozen=True, slots=True)
class Held:
    """Nothing can pass until somebody mends the credential or the settings."""

    reason: str
    status: int | None = None

    def __post_init__(self) -> None:
        _checked(self.reason)


@dataclass(frozen=True, slots=True)
class Unknown:
    """The request may have arrived, no answer did."""

    reason: str

    def __post_init__(self) -> None:
        _checked(self.reason)


Outcome: TypeAlias = Delivered | Rejected | Retry | Throttled | Held | Unknown

SEVERITY: tuple[type[Outcome], ...] = (Held, Throttled, Unknown, Retry, Rejected, Delivered)
"""Worst first: what counts when one delivery needed several requests."""


def worst(first: Outcome, second: Outcome) -> Outcome:
    """Return the worse of two outcomes of one delivery; of two throttlings the longer."""
    if isinstance(first, Throttled) and isinstance(second, Throttled):
        return max(first, second, key=lambda throttled: throttled.wait)
    return min(first, second, key=lambda outcome: SEVERITY.index(type(outcome)))
