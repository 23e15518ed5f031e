"""Canaries of no kind, one at every place of events: only a rule for the place can hide them.

Nothing takes them for personal data, so that one is heard wherever a rule is passed by.
"""

from __future__ import annotations

import base64
import json
import re
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.system.planted import unwrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT, NUMBER, KEY = "text", 0, "key"
"""Where a canary goes: a text, a number, a key."""
_ANY = re.compile(rb"plcnry(\d+)x|314159265(\d{3})|plckey(\d+)x")

_MAP = {TEXT: TEXT, "n": NUMBER, KEY: [TEXT, {KEY: {"deep": [[TEXT]]}}], "list": [NUMBER, TEXT]}
_ADDRESS = dict.fromkeys(("street", "city", "state", "postalCode", "country"), TEXT)
_TRAITS = _MAP | {
    "address": _ADDRESS, "age": NUMBER, "avatar": TEXT, "birthday": TEXT, "createdAt": TEXT,
    "company": {"name": TEXT, "id": NUMBER, "industry": TEXT, "employee_count": NUMBER},
    "description": TEXT, "email": TEXT, "firstName": TEXT, "gender": TEXT, "id": TEXT,
    "lastName": TEXT, "name": TEXT, "phone": TEXT, "title": TEXT, "username": TEXT,
    "website": TEXT, "industry": TEXT, "employees": NUMBER, "plan": TEXT,
}  # fmt: skip
_CONTEXT = _MAP | {
    "app": dict.fromkeys(("name", "version", "build", "namespace"), TEXT),
    "campaign": dict.fromkeys(("name", "source", "medium", "term", "content"), TEXT),
    "device": dict.fromkeys(
        ("id", "advertisingId", "manufacturer", "model", "name", "type", "version", "token"), TEXT
    ),
    "ip": TEXT, "library": {"name": TEXT, "version": TEXT}, "locale": TEXT,
    "location": {"city": TEXT, "country": TEXT, "latitude": NUMBER, "longitude": NUMBER},
    "network": {"carrier": TEXT, "wifi": TEXT}, "os": {"name": TEXT, "version": TEXT},
    "page": dict.fromkeys(("path", "referrer", "search", "title"), TEXT) | {"url": "url"},
    "referrer": {"id": TEXT, "type": TEXT, "url": "url"}, "screen": {"density": NUMBER},
    "timezone": TEXT, "groupId": TEXT, "traits": _TRAITS, "userAgent": TEXT,
    "userAgentData": {"brands": [{"brand": TEXT}], "platform": TEXT}, "sessionId": NUMBER,
}  # fmt: skip
_PROPERTIES = _MAP | {
    "url": "url", "json": "json", "base64": "base64", "revenue": NUMBER, "coupon": TEXT,
    "products": [{"product_id": TEXT, "name": TEXT, "price": NUMBER, KEY: TEXT}] * 2,
    "form": [{"name": TEXT, "value": TEXT}], "name": TEXT, "category": TEXT,
}  # fmt: skip
_EVERY = {
    **dict.fromkeys(("userId", "anonymousId", "channel", "version", KEY), TEXT),
    "context": _CONTEXT, "ours": _MAP,
    "integrations": {"All": True, "Webhook": {"lookup": TEXT, "list": [TEXT]}},
}  # fmt: skip
_BODIES: tuple[dict[str, Any], ...] = (
    {"type": "track", "event": TEXT, "properties": _PROPERTIES},
    {"type": "identify", "traits": _TRAITS},
    {"type": "page", "name": TEXT, "category": TEXT, "properties": _PROPERTIES},
    {"type": "screen", "name": TEXT, "properties": _PROPERTIES},
    {"type": "group", "groupId": TEXT, "traits": _TRAITS},
    {"type": "alias", "previousId": TEXT},
)


def events() -> list[dict[str, Any]]:
    """Return one event of each type with another canary at each place."""
    numbers = count()
    return [
        {
            **_planted({**_EVERY, **body}, numbers),
            "messageId": f"placed-{place}",
            "type": body["type"],
        }
        for place, body in enumerate(_BODIES)
    ]


def names() -> set[bytes]:
    """Return the names of these events, by which operators tell dead letters apart."""
    found = (event.get("event") or event.get("name") for event in events())
    return {name.encode() for name in found if name}


def found_in(blob: bytes) -> set[bytes]:
    """Return the canaries, keys included, that can be found in a text, also inside base64."""
    return {each[0] for text in (blob, *unwrapped(blob)) for each in _ANY.finditer(text)}


def values_in(blob: bytes) -> set[bytes]:
    """Return the same without keys, which stay where only values are changed."""
    return {each for each in found_in(blob) if not each.startswith(b"plckey")}


def _planted(value: Any, numbers: Iterator[int]) -> Any:
    if isinstance(value, dict):
        return {
            f"plckey{next(numbers)}x" if key == KEY else key: _planted(inner, numbers)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_planted(inner, numbers) for inner in value]
    if isinstance(value, bool):
        return value
    return _canary(value, next(numbers))


def _canary(wanted: str | int, number: int) -> Any:
    if wanted == NUMBER:
        return 314_159_265_000 + number
    text = f"plcnry{number}x"
    return {
        "url": f"https://{text}.test/{text}?q={text}&plckey{number}x=1#{text}",
        "json": json.dumps({"a": [{f"plckey{number}x": text}]}),
        "base64": base64.b64encode(f"a text with {text} in it".encode()).decode(),
    }.get(str(wanted), text)
