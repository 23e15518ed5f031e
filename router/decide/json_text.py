"""The JSON text of a value, of which samples, hashes and the filter function `string` are made."""

from __future__ import annotations

import json
from typing import Any

_WHOLE = 10**21
"""From here JavaScript, and so JSON as browsers write it, has an exponent."""


def json_text(value: Any) -> str:
    """Write a JSON value compactly; equal values have one text, so 1.0 is written as 1 is."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    match value:
        case float() if value.is_integer() and abs(value) < _WHOLE:
            return int(value)
        case list():
            return [_plain(item) for item in value]
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case _:
            return value
