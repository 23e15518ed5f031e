"""An arrival becomes an event: read, mended, its envelope made what everybody relies on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from router.events.decode import decode
from router.events.event import Arrival, Event, Unreadable
from router.events.identity import other_keys, settle_ids, user_key
from router.events.timestamps import milliseconds, stamp
from router.observe.reasons import ShelfReason

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES = frozenset({"track", "identify", "page", "screen", "group", "alias"})
DEFAULT_SOURCE = "default"
"""The source of events that name none and bring no write key."""

_MAPS = ("context", "properties", "traits")
_CREDENTIALS = ("write_key", "writekey", "apiKey", "api_key", "authorization")
_NOBODY: frozenset[str] = frozenset()


def parse(arrival: Arrival, sources: Mapping[str, str], now_ms: int) -> Event:
    """Return the event in an arrival; `sources` gives the source of each write key.

    Raises Unreadable, whose reason is one of `ShelfReason`, and nothing else.
    """
    data, mended = decode(arrival.raw)
    notes = ["repaired_json"] if mended else []
    kind = _settle_type(data, notes)
    settle_ids(data, arrival, notes)
    _settle_fields(data, notes)
    bundled = _settle_metadata(data)
    source = _settle_source(data, arrival.source, sources, notes)
    if kind == "identify":
        _lift_traits(data)
    received = stamp(data, _received(data, arrival, now_ms), now_ms, notes)
    return Event(
        data=data,
        message_id=data["messageId"],
        type=kind,
        source=source,
        user_key=user_key(data),
        received_at=received,
        bundled=bundled,
        other_keys=other_keys(data),
        notes=tuple(notes),
    )


def _settle_type(data: dict[str, Any], notes: list[str]) -> str:
    kind = data.get("type")
    if type(kind) is str and kind in TYPES:
        return kind
    if kind is None or kind == "":
        raise Unreadable(ShelfReason.TYPE_MISSING)
    if not isinstance(kind, str):
        raise Unreadable(ShelfReason.BAD_FIELD)
    lowered = kind.strip().lower()
    if lowered not in TYPES:
        raise Unreadable(ShelfReason.TYPE_UNKNOWN)
    data["type"] = lowered
    notes.append("type_spelling")
    return lowered


def _settle_fields(data: dict[str, Any], notes: list[str]) -> None:
    """Make context, properties, traits and integrations maps, and the event's name a text.

    PHP writes an empty map as `[]`. A malformed `integrations` stays: deciding denies on it.
    """
    for key in _MAPS:
        value = data.get(key)
        if type(value) is dict:
            continue
        if value == []:
            data[key] = {}
        elif value is None:
            data.pop(key, None)
        else:
            raise Unreadable(ShelfReason.BAD_FIELD)
    if data.get("integrations") == []:
        data["integrations"] = {}
    name = data.get("event")
    if type(name) is str:
        return
    if isinstance(name, int | float) and not isinstance(name, bool):
        data["event"] = str(name)
    elif name is not None:
        raise Unreadable(ShelfReason.BAD_FIELD)
    if data["type"] == "track" and name is None:
        notes.append("no_event_name")


def _settle_metadata(data: dict[str, Any]) -> frozenset[str]:
    """Take `_metadata` out; return the destinations that the browser already served.

    One whose script failed to start was not served, whatever `bundled` says.
    """
    metadata = data.pop("_metadata", None)
    if type(metadata) is not dict:
        return _NOBODY
    served = _texts(metadata.get("bundled")) | _texts(metadata.get("bundledIds"))
    return served - _texts(metadata.get("failedInitializations")) if served else _NOBODY


def _texts(value: Any) -> frozenset[str]:
    if type(value) is not list or not value:
        return _NOBODY
    return frozenset(item for item in value if type(item) is str)


def _settle_source(
    data: dict[str, Any], named: str | None, sources: Mapping[str, str], notes: list[str]
) -> str:
    """Return the source; take the write key and its like out of `data`."""
    key = data.pop("writeKey", None)
    for credential in _CREDENTIALS:
        data.pop(credential, None)
    if named:
        return named
    if type(key) is str:
        source = sources.get(key)
        if source is not None:
            return source
        if sources:
            notes.append("unknown_write_key")
    return DEFAULT_SOURCE


def _lift_traits(data: dict[str, Any]) -> None:
    """Let `traits` of an identify be what RudderStack's SDKs put under `context.traits` only."""
    if not data.get("traits"):
        context = data.get("context")
        traits = context.get("traits") if context else None
        if type(traits) is dict and traits:
            data["traits"] = traits


def _received(data: dict[str, Any], arrival: Arrival, now_ms: int) -> int | None:
    """Return when it was received: the producer's field, the event's own, the stream id's time.

    An event that says it was received later than it came is not believed.
    """
    given = arrival.received_at
    if "receivedAt" not in data or not (given is None or _is_stream_time(arrival)):
        return given
    own = milliseconds(data["receivedAt"], [])
    latest = now_ms if given is None else given
    return given if own is None or own > latest else own


def _is_stream_time(arrival: Arrival) -> bool:
    position = arrival.origin.rpartition(":")[2]
    return position.partition("-")[0] == str(arrival.received_at)
