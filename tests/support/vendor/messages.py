"""Find the messages in a request's body, whoever's format it is."""

from __future__ import annotations

import json
import zlib
from typing import Any, NamedTuple

import orjson


class Message(NamedTuple):
    """What the vendor writes down of one message."""

    message_id: str
    user: str
    seq: int | None
    key: str


def read(body: bytes, encoding: str, key: str) -> list[Message]:
    """Return the messages of a body: one object, an array, `{"batch": [...]}`, or JSON lines."""
    if encoding == "gzip":
        body = zlib.decompress(body, wbits=31)
    elif encoding == "deflate":
        body = zlib.decompress(body)
    return [_message(item, key) for item in _items(body) if isinstance(item, dict)]


def _items(body: bytes) -> list[Any]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = _lenient(body)
    if isinstance(value, dict) and isinstance(value.get("batch"), list):
        return list(value["batch"])
    return value if isinstance(value, list) else [value]


def _lenient(body: bytes) -> Any:
    try:
        return [json.loads(line) for line in body.splitlines() if line.strip()]
    except ValueError:
        return None


def _message(item: dict[str, Any], key: str) -> Message:
    properties = _object(item, "properties")
    context = _object(item, "context")
    profile = _object(item, "$set")
    insert_id = _text(properties.get("$insert_id"))
    user = _first(item.get("userId"), item.get("anonymousId"), properties.get("distinct_id"),
                  item.get("$distinct_id"), item.get("$group_id"))  # fmt: skip
    seq = next((place["seq"] for place in (context, properties, profile, _object(item, "traits"))
                if isinstance(place.get("seq"), int)), None)  # fmt: skip
    message_id = _first(item.get("messageId"), properties.get("messageId"), insert_id)
    return Message(message_id, user, seq, key or insert_id)


def _object(item: dict[str, Any], name: str) -> dict[str, Any]:
    value = item.get(name)
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _first(*values: Any) -> str:
    return next((text for text in map(_text, values) if text), "")
