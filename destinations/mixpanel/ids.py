"""The ids that Mixpanel knows people and events by."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEGAL = re.compile(r"[A-Za-z0-9-]{1,36}")
_PLACEHOLDERS = frozenset({"00000000-0000-0000-0000-000000000000", "anon", "anonymous", "nil",
                           "none", "null", "na", "undefined", "unknown", "0", "-1", "true",
                           "false"})  # fmt: skip
"""What Mixpanel refuses as an id of an event although its letters are legal."""


def insert_id(text: str) -> str:
    """Return the text when Mixpanel takes it as an event's id, else a hash that always is the same.

    Events with the same name, time, person and `$insert_id` count once.
    """
    if _LEGAL.fullmatch(text) and text.lower() not in _PLACEHOLDERS:
        return text
    raw = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(raw, digest_size=16).hexdigest()


def identifier(value: Any) -> str | None:
    """Return an id as text: a string that is not blank or a whole number, else None."""
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def object_at(payload: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return the object under a key, or an empty one when there is none."""
    value = payload.get(key)
    return value if isinstance(value, dict) else {}
