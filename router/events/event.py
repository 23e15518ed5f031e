"""What an event is, once it could be read: normalised, with its identity and its user key."""

from __future__ import annotations

from typing import Any, NamedTuple


class Arrival(NamedTuple):
    """What came out of an intake, before anybody looked inside. Its repr shows nothing of it.

    `origin` names the intake and the position (`events:1732-0`, `events-list:17`): it is stable,
    and the identity of an event that brings no messageId. Times are milliseconds of Unix time.
    """

    raw: bytes
    origin: str
    source: str | None = None
    received_at: int | None = None
    """The field that the producer gave, else the stream id's time; None for a bare list item."""

    def __repr__(self) -> str:
        return f"<Arrival {self.origin} bytes={len(self.raw)}>"


class Event(NamedTuple):
    """A normalised event. Its repr shows no value of it; nobody but `decide` reads `data`.

    `data` is Segment's shape with `type`, `messageId`, `timestamp`, `originalTimestamp`,
    `receivedAt` set and `writeKey` and `_metadata` taken out. It is shared: never change it.
    """

    data: dict[str, Any]
    message_id: str
    type: str
    source: str
    user_key: str
    """Raw userId, else anonymousId, else message id: chooses shard and turn; never stored."""
    received_at: int
    bundled: frozenset[str]
    """Names and ids of destinations that the browser already served (`_metadata`)."""
    other_keys: tuple[str, ...] = ()
    """Raw ids beside the user key that name the same user: never stored either."""
    notes: tuple[str, ...] = ()
    """Codes of what had to be mended: `repaired_json`, `no_timezone`, `clock_skew` ..."""

    def __repr__(self) -> str:
        return f"<Event type={self.type} source={self.source}>"


class Unreadable(Exception):  # noqa: N818 - it names what the event is
    """An arrival that is no event; `reason` is a member of `observe.reasons.ShelfReason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
