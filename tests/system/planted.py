"""Planted personal data and secrets, the events that carry them, and ears for all spellings."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Any

from tests.support import canary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EMAIL, PHONE, SECRET, USER = canary.EMAIL, canary.PHONE, canary.SECRET, canary.USER
AS_USER = "canary.user@coalmine.test"
AS_DEVICE = "canary.device@coalmine.test"
AS_PREVIOUS = "canary.previous@coalmine.test"
AS_GROUP = "canary.group@coalmine.test"
PASSWORD = "canary-password-3f7a90"
WRITE_KEY = "canary-write-key-51c2"
EMAILS = (EMAIL, AS_USER, AS_DEVICE, AS_PREVIOUS, AS_GROUP)

SETTINGS = {
    name: f"canary-{name}-7b21c9"
    for name in ("signature", "authorization", "path", "mixpanel", "privacy-key")
}
"""The secrets of the configuration."""

_LONG = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")


def _forms_of(value: str) -> Iterator[str]:
    yield value
    for digest in (hashlib.sha256, hashlib.md5, hashlib.sha1):
        yield digest(value.lower().encode()).hexdigest()


PERSONAL = frozenset(
    {"coalmine", "canary.bird", "5550142357", "(555) 014-2357", "555 014 2357", "-2357,"}
    | {form for value in (*EMAILS, PHONE) for form in _forms_of(value)}
)
"""What none but the trusted may see: `coalmine` is in each address, however its @ is written, and
`-2357,` is what would be left of a phone number that was found in part."""
CREDENTIALS = frozenset({SECRET, PASSWORD, WRITE_KEY, *SETTINGS.values()})
ANYTHING = PERSONAL | CREDENTIALS | {USER}
"""What may stand in no log, message, name or report at all."""


def heard(blob: bytes, values: Iterable[str]) -> set[str]:
    """Return which values a text holds, in any case, also inside base64."""
    texts = [blob.lower(), *map(bytes.lower, unwrapped(blob))]
    return {value for value in values if any(value.lower().encode() in text for text in texts)}


def unwrapped(blob: bytes) -> Iterator[bytes]:
    """Yield what can be read of everything in a text that may be base64."""
    for found in set(_LONG.findall(blob)):
        try:
            yield base64.b64decode(found + b"=" * (-len(found) % 4), altchars=None)
        except ValueError:
            continue


def events() -> list[dict[str, Any]]:
    """Return one event for each place where personal data was ever seen."""
    url = "https://shop.test/in?email=canary.bird%40coalmine.test&phone=%2B15550142357&p=1"
    note = f"call {PHONE} or +1 (555) 014-2357, write to {EMAIL}, or <{EMAIL.upper()}>"
    track = {"type": "track", "event": "Seen", "userId": USER}
    bodies: list[dict[str, Any]] = [
        {**track, "userId": AS_USER, "properties": {"plan": "pro"}},
        {**track, "userId": None, "anonymousId": AS_DEVICE, "properties": {"note": note}},
        {**track, "properties": {"people": [[{"contact": {"mail": EMAIL}}], [EMAIL, [PHONE]]]}},
        {**track, "properties": {EMAIL: 1, "url": url, "password": PASSWORD}},
        {**track, "properties": {"link": f"{url}&password={PASSWORD}"}},
        {**track, "context": {"traits": {"email": EMAIL, "phone": PHONE}, "page": {"url": url}}},
        {**track, "integrations": {"All": True, "Mixpanel": {"lookup": {"email": EMAIL}}}},
        {"type": "identify", "userId": USER,
         "traits": {"email": EMAIL, "phone": PHONE, "password": PASSWORD, "bio": note}},
        {"type": "alias", "userId": USER, "previousId": AS_PREVIOUS},
        {"type": "group", "userId": USER, "groupId": AS_GROUP, "traits": {"email": EMAIL}},
        {"type": "page", "userId": AS_USER, "name": "In", "properties": {"url": url}},
        {"type": "screen", "userId": USER, "name": note},
    ]  # fmt: skip
    return [
        {**body, "messageId": f"planted-{number}", "writeKey": WRITE_KEY}
        for number, body in enumerate(bodies)
    ]


def unreadable() -> list[bytes]:
    """Return arrivals that nobody can read, with the same values in them."""
    return [
        f'{{"type": "track", "userId": "{AS_USER}", "traits": {{"email": "{EMAIL}"'.encode(),
        f'{{"type": "{EMAIL}", "userId": "{USER}"}}'.encode(),
        f'{{"type": "track", "userId": ["{EMAIL}", "{PHONE}"]}}'.encode(),
        f'["{SECRET}", "{EMAIL}"]'.encode(),
        b'{"type": "track", "userId": "' + EMAIL.encode() + b'\xff"}',
    ]
