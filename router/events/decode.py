"""Turn the bytes of an arrival into a JSON object, mending what real SDKs send.

orjson reads nearly all. What it refuses goes to the standard library once: Python SDKs send NaN
and Infinity (they become null), and every JavaScript and Python SDK sends lone surrogates (half
an emoji; they become U+FFFD). Integers beyond 64 bits become floating point numbers, as in
JavaScript.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

import orjson

from router.events.event import Unreadable
from router.observe.reasons import ShelfReason

LARGEST = 1_000_000
DEEPEST = 64

_NESTING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def decode(raw: bytes) -> tuple[dict[str, Any], bool]:
    """Return the object in `raw`, new and the caller's own, and whether it had to be mended.

    Raises Unreadable.
    """
    if len(raw) > LARGEST:
        raise Unreadable(ShelfReason.TOO_LARGE)
    try:
        value = orjson.loads(raw)
        mended = False
    except orjson.JSONDecodeError:
        if _depth(raw) > DEEPEST:
            raise Unreadable(ShelfReason.TOO_DEEP) from None
        value = _mend(raw)
        mended = True
    if not isinstance(value, dict):
        raise Unreadable(ShelfReason.NOT_AN_OBJECT)
    if raw.count(b"{") + raw.count(b"[") > DEEPEST and _is_deeper(value, DEEPEST):
        raise Unreadable(ShelfReason.TOO_DEEP)
    return value, mended


def _is_deeper(value: Any, most: int) -> bool:
    """Tell whether containers nest deeper than `most`, looking level by level."""
    level = [value]
    for _ in range(most):
        level = [
            item
            for container in level
            for item in (container.values() if type(container) is dict else container)
            if type(item) is dict or type(item) is list
        ]
        if not level:
            return False
    return True


def digits_of(raw: bytes, key: str) -> str | None:
    """Return the number at a top-level key as it was written, digit by digit.

    An id of 20 digits and more loses its last ones as a floating point number, and two people
    would become one.
    """
    value = json.loads(_text(raw), parse_int=str, parse_float=str, parse_constant=_nothing)[key]
    return value if isinstance(value, str) else None


def _mend(raw: bytes) -> Any:
    try:
        value = json.loads(
            _text(raw), parse_int=_integer, parse_float=_number, parse_constant=_nothing
        )
        text = json.dumps(value, ensure_ascii=False)
        return orjson.loads(_SURROGATE.sub("\ufffd", text).encode())
    except UnicodeDecodeError:
        raise Unreadable(ShelfReason.INVALID_UTF8) from None
    except ValueError:
        raise Unreadable(ShelfReason.INVALID_JSON) from None


def _text(raw: bytes) -> str:
    return raw.removeprefix(_BYTE_ORDER_MARK).decode()


def _integer(text: str) -> int | float | None:
    return int(text) if len(text) < 19 else _number(text)


def _number(text: str) -> float | None:
    value = float(text)
    return value if math.isfinite(value) else None


def _nothing(_: str) -> None:
    return None


def _depth(raw: bytes) -> int:
    """Count how deep brackets nest, strings left out; one pass, whatever the input."""
    depth = deepest = 0
    for token in _NESTING.finditer(raw):
        first = raw[token.start()]
        if first in b"{[":
            depth += 1
            deepest = max(deepest, depth)
        elif first in b"}]":
            depth -= 1
    return deepest
