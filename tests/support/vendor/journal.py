"""What reached the vendor, and what a test may conclude from it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Arrival(NamedTuple):
    """One message in one request. Numbers count messages over the whole vendor, from 0."""

    number: int
    path: str
    key: str
    """The idempotency key: `webhook-id`, `idempotency-key` or Mixpanel's `$insert_id`."""
    message_id: str
    user: str
    seq: int | None
    """The test's own per-user number, `context.seq` or `properties.seq`."""
    status: int
    """What was answered about it; 0 when nothing was."""
    taken: bool
    """Whether the vendor kept it, which an answer that never came does not undo."""
    request: int
    """The number of the request that brought it."""
    sender: str = ""
    """Which process sent it, where processes say so (`x-sender`)."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A message that one path accepted more than once."""

    path: str
    message_id: str
    times: int
    keys: frozenset[str]

    @property
    def same_key(self) -> bool:
        """Whether the vendor could have known each copy by its idempotency key."""
        return len(self.keys) == 1 and "" not in self.keys


def accepted(arrivals: Iterable[Arrival]) -> dict[str, set[str]]:
    """Return the message ids that each path has accepted at least once."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for arrival in arrivals:
        if arrival.taken:
            found[arrival.path].add(arrival.message_id)
    return dict(found)


def missing(expected: Mapping[str, set[str]], arrivals: Iterable[Arrival]) -> dict[str, set[str]]:
    """Return, per path, the expected message ids that were never accepted."""
    found = accepted(arrivals)
    absent = {path: ids - found.get(path, set()) for path, ids in expected.items()}
    return {path: ids for path, ids in absent.items() if ids}


def duplicates(arrivals: Iterable[Arrival]) -> list[Duplicate]:
    """Return the messages that a path accepted more than once."""
    times: Counter[tuple[str, str]] = Counter()
    keys: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for arrival in arrivals:
        if arrival.taken:
            times[arrival.path, arrival.message_id] += 1
            keys[arrival.path, arrival.message_id].add(arrival.key)
    return [
        Duplicate(*place, count, frozenset(keys[place]))
        for place, count in times.items()
        if count > 1
    ]


def first_arrivals(arrivals: Iterable[Arrival]) -> Iterator[Arrival]:
    """Yield the first accepted arrival of each message at each path, in order of arrival."""
    seen: set[tuple[str, str]] = set()
    for arrival in sorted(arrivals):
        place = (arrival.path, arrival.message_id)
        if arrival.taken and place not in seen:
            seen.add(place)
            yield arrival


def out_of_order(arrivals: Iterable[Arrival]) -> list[tuple[Arrival, Arrival]]:
    """Return each first arrival that came after one with a higher `seq` of its path and user."""
    highest: dict[tuple[str, str], Arrival] = {}
    wrong = []
    for arrival in first_arrivals(arrivals):
        if arrival.seq is None:
            continue
        before = highest.setdefault((arrival.path, arrival.user), arrival)
        if before.seq is not None and arrival.seq < before.seq:
            wrong.append((before, arrival))
        else:
            highest[arrival.path, arrival.user] = arrival
    return wrong
