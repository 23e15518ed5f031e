"""One line of `router dead list`: a dead letter, or an arrival that waits on the shelf."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from router.observe.reserved import SHELF

if TYPE_CHECKING:
    from router.store.letters import Letter
    from router.store.shelf import ShelfItem


@dataclass(frozen=True, slots=True)
class Record:
    """What queries and lists see of either; times are milliseconds of Unix time.

    `body` is what the destination may see; of an arrival on the shelf nothing is shown or
    searched, since no policy has seen it.
    """

    id: str
    destination: str
    reason: str
    dead_at: int
    status: int | None = None
    attempts: int = 0
    replays: int = 0
    first_failed_at: int | None = None
    type: str | None = None
    source: str | None = None
    message_id: str | None = None
    body: bytes = field(default=b"", repr=False)
    letter: Letter | None = field(default=None, repr=False)
    item: ShelfItem | None = field(default=None, repr=False)

    @property
    def payload(self) -> dict[str, Any] | None:
        """What the destination may see of the event, or None."""
        try:
            payload = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None
        return payload if isinstance(payload, dict) else None

    @property
    def event(self) -> str | None:
        """The event's name, or the page's or screen's."""
        payload = self.payload or {}
        name = payload.get("event") or payload.get("name")
        return name if isinstance(name, str) else None


def of_letter(letter: Letter) -> Record:
    """Return a letter as a record."""
    entry = letter.entry
    return Record(
        id=letter.id,
        destination=letter.destination,
        reason=letter.reason,
        dead_at=letter.dead_at,
        status=letter.status,
        attempts=letter.attempts,
        replays=letter.replays,
        first_failed_at=letter.first_failed_at,
        type=entry.type if entry else None,
        source=entry.source if entry else None,
        message_id=entry.message_id if entry else None,
        body=entry.body if entry and letter.shelf is None else b"",
        letter=letter,
    )


def of_item(item: ShelfItem) -> Record:
    """Return an arrival on the shelf as a record."""
    return Record(
        id=item.id,
        destination=SHELF,
        reason=item.reason,
        dead_at=item.at,
        source=item.source,
        item=item,
    )
