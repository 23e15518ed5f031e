"""What `status` is made from: everything that was read at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Lane(Protocol):
    """What is read of one lane's ledger."""

    @property
    def delivered(self) -> int:
        """Deliveries that arrived."""

    @property
    def filtered(self) -> Mapping[str, int]:
        """Deliveries that were not to be, by reason."""

    @property
    def dead(self) -> int:
        """Deliveries that ever became dead letters."""

    @property
    def discarded(self) -> int:
        """Dead letters that an operator dropped."""

    @property
    def pending(self) -> int:
        """Deliveries that wait."""

    @property
    def letters(self) -> int:
        """Dead letters that wait."""

    @property
    def other(self) -> Mapping[str, int]:
        """Plain counters."""

    @property
    def missing(self) -> int:
        """Deliveries that are unaccounted for."""

    @property
    def lost_letters(self) -> int:
        """Dead letters that are unaccounted for."""

    @property
    def holds(self) -> bool:
        """Whether all is accounted for."""


class Ledger(Protocol):
    """What is read of the ledger."""

    @property
    def intake(self) -> Mapping[str, int]:
        """The intakes' counters."""

    @property
    def accepted(self) -> int:
        """Events that were handed off."""

    @property
    def lanes(self) -> Mapping[str, Lane]:
        """The lanes, by `NAME:TYPE`."""

    @property
    def intake_holds(self) -> bool:
        """Whether all that was read is accounted for."""

    @property
    def shelved(self) -> int:
        """Arrivals that could not be read, ever."""

    @property
    def shelf_missing(self) -> int:
        """Arrivals that left the shelf uncounted."""


class Hold(Protocol):
    """What is read of a hold."""

    @property
    def state(self) -> str:
        """`held`, `throttled` or `paused`."""

    @property
    def reason(self) -> str:
        """Why."""

    @property
    def since(self) -> int:
        """Since when."""

    @property
    def probe_at(self) -> int | None:
        """When one delivery is tried again."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A public intake and how many arrivals wait in it."""

    kind: str
    name: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Odd:
    """What events of a source have in their maps: a code of `MapOddity` under a name."""

    source: str
    code: str
    name: str
    meant: str | None
    """The right name, or the nearest."""
    times: int


@dataclass(frozen=True, slots=True)
class Suspect:
    """An entry that is watched, because workers ended while it was in flight."""

    home: str
    """Its shard or intake."""
    entry: str
    """`LANE ID` in a shard; an intake's arrival by its id or number."""
    deaths: int
    """Workers in a row that ended with it."""


@dataclass(frozen=True, slots=True)
class Readings:
    """Everything that was read at one moment. Times are milliseconds of Unix time."""

    now: int
    configured: Sequence[str]
    """The lanes of the configuration, in its order (`known_lanes`, when it is broken)."""
    digest: str | None
    """Of the configuration; None when its file is broken."""
    ledger: Ledger
    recent: Sequence[Ledger]
    """The ledgers of the last clock hours."""
    recent_since: int
    holds: Mapping[str, Hold]
    members: Mapping[str, Mapping[str, Any]]
    queues: Sequence[Queue]
    shelf: int
    oldest: Mapping[str, int | None]
    failing: Mapping[str, int]
    oddities: Sequence[Odd] = ()
    """What was odd in events' `integrations` maps lately, the most frequent first."""
    problems: Sequence[str] = ()
    """What is wrong with the configuration's file."""
    suspects: Sequence[Suspect] = ()
    """Those with whom most workers ended first."""


def known_lanes(members: Mapping[str, Mapping[str, Any]], known: Iterable[str]) -> list[str]:
    """Return the lanes that living workers serve; when they do not say, all that were `known`."""
    served = {str(lane) for facts in members.values() for lane in facts.get("lanes") or ()}
    return sorted(served or known)
