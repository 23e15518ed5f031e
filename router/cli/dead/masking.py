"""A payload with its keys and without its values: what may be shown to anybody."""

from __future__ import annotations

from typing import Any

from router.decide.detect.keys import shown_key

PLAIN = frozenset({"type", "event", "messageId", "timestamp", "originalTimestamp", "receivedAt"})
"""Keys of the envelope whose values are shown: lists show them as well."""


def masked(payload: dict[str, Any]) -> dict[str, Any]:
    """Return the payload with what kind of value each key has; no key is personal data."""
    return {
        shown_key(key): value if key in PLAIN else _masked(value) for key, value in payload.items()
    }


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {shown_key(key): _masked(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_masked(item) for item in value]
    if value is None:
        return None
    kinds: dict[type, str] = {bool: "<true or false>", int: "<number>", float: "<number>"}
    return kinds.get(type(value), "<text>")
