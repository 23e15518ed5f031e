"""Who and what an event is: its ids as text, its message id, its user key."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from router.events.decode import digits_of
from router.events.event import Unreadable
from router.observe.reasons import ShelfReason

if TYPE_CHECKING:
    from router.events.event import Arrival

IDS = ("messageId", "userId", "anonymousId", "previousId", "groupId")

_ORIGINS = uuid.UUID("6f0d6b1e-4d0f-5c53-9f0a-7a1f0c1f3a52")
"""The namespace of message ids made here. It never changes: ids must be the same after years."""
_EXACT = 2**53


def settle_ids(data: dict[str, Any], arrival: Arrival, notes: list[str]) -> None:
    """Make every id of `data` a text that is not empty, or take it out; make a message id.

    `data` is changed. Numbers become text; null and "" count as absent. Raises Unreadable for
    an id of another kind: as text it would make different people one.
    """
    for key in IDS:
        if key not in data:
            continue
        value = data[key]
        if type(value) is str and value:
            continue
        if value is None or value == "":
            del data[key]
        elif isinstance(value, int | float) and not isinstance(value, bool):
            data[key] = _as_text(value, key, arrival.raw)
            notes.append("numeric_id")
        else:
            raise Unreadable(ShelfReason.BAD_FIELD)
    if "messageId" not in data:
        data["messageId"] = str(uuid.uuid5(_ORIGINS, arrival.origin))
        notes.append("no_message_id")


def user_key(data: dict[str, Any]) -> str:
    """Return what stands for the user: userId, else anonymousId, else the message id."""
    key = data.get("userId") or data.get("anonymousId") or data["messageId"]
    return str(key)


def other_keys(data: dict[str, Any]) -> tuple[str, ...]:
    """Return the ids beside the user key: the anonymousId, and the previousId of an alias."""
    user, device = data.get("userId"), data.get("anonymousId")
    others = (device,) if user and device and device != user else ()
    before = data.get("previousId") if data["type"] == "alias" else None
    return others if not before or before in (user, device) else (*others, before)


def _as_text(value: float, key: str, raw: bytes) -> str:
    if isinstance(value, int):
        return str(value)
    if abs(value) < _EXACT:
        return str(int(value)) if value.is_integer() else repr(value)
    return digits_of(raw, key) or repr(value)
