"""What a rule does to a value; no result is ever recognised as personal data again.

==========  ======================================================================
action      result
==========  ======================================================================
mask        `***`, and of an e-mail address the domain, of a card the last four digits
hash        SHA-256 of the normalised value, in hexadecimal digits
token       HMAC-SHA256 of the normalised value under the destination's own key
truncate    an IP address's network (/24, /48); anything else is redacted
generalise  a date's year, a postcode's area, coordinates to about a kilometre, an IP
            address's network; anything else is redacted
redact      `[redacted]`
==========  ======================================================================

Normalised: an e-mail address is trimmed and in lower case, a phone number its digits without
leading zeros, anything else is trimmed. Nothing stays nothing: null is left alone.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import unicodedata
from typing import TYPE_CHECKING, Any, TypeAlias

from router.decide.detect.numbers import is_card

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.decide.policy.tokens import Tokens

Action: TypeAlias = "Callable[[Any, str | None], Any]"
"""Takes a value and its kind, if that is known (`email`, `phone`, ...)."""

REDACTED = "[redacted]"
MASKED = "***"
KEYED_ACTIONS = frozenset({"token"})
UNMERGED = frozenset({"mask", "redact", "truncate", "generalise"})
"""Actions that would make different people one; on ids they act as token."""

_EMAIL = re.compile(r"[^@\s]{1,256}@([\w.-]{1,256})")
_CARD = re.compile(r"[\d -]{14,40}")
_PHONE = re.compile(r"(?:\+|00|\()[\d ()./-]{6,24}")
_PHONE_STARTS = ("+", "0", "(")
_DATE = re.compile(r"((?:1[89]|2[01])\d\d)-\d\d?(?:-\d\d?)?(?:[T ].{0,40})?", re.DOTALL)
_DATE_LAST = re.compile(r"\d\d?[./-]\d\d?[./-]((?:1[89]|2[01])\d\d)")
_ZIP = re.compile(r"(\d{3})\d{2}(?:-?\d{4})?")
_OUTWARD = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?) ?\d[A-Z]{2}", re.IGNORECASE)
_COORDINATES = re.compile(r"(-?\d{1,3}\.\d{1,20})(?:(, ?)(-?\d{1,3}\.\d{1,20}))?")
_SMALL_AREAS = frozenset(
    {
        *("036", "059", "063", "102", "203", "556", "692", "790", "821"),
        *("823", "830", "831", "878", "879", "884", "890", "893"),
    }
)
"""US postcode areas of at most 20,000 people (2000 census, the HIPAA list): they become 000."""


def compile_action(do: str, tokens: Tokens | None) -> Action:
    """Return the action of that name (not keep or drop); `tokens` is for `token` alone."""
    if do == "token":
        if tokens is None:
            raise ValueError("tokens need a privacy_key")
        return lambda value, kind: tokens(normalise(value, kind))
    return _ACTIONS[do]


def as_text(value: Any) -> str:
    """Write a JSON value that is no container as text; raises TypeError for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    raise TypeError("not a JSON value")


def normalise(value: Any, kind: str | None = None) -> str:
    """Return the spelling of a value that is hashed and made a token of."""
    text = as_text(value).strip()
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if kind == "email" or (kind is None and "@" in text):
        return text.lower()
    if kind == "phone" or (kind is None and text[:1] in _PHONE_STARTS and _PHONE.fullmatch(text)):
        return "".join(filter(str.isdigit, text)).lstrip("0") or text
    return text


def network_of(text: str) -> str | None:
    """Return the network of an IP address (its last octet, or 80 bits, are zero), else None."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return str(ipaddress.IPv4Address(int(address) >> 8 << 8))
    if address.ipv4_mapped is not None:
        return f"::ffff:{network_of(str(address.ipv4_mapped))}"
    return str(ipaddress.IPv6Address(int(address) >> 80 << 80))


def _mask(value: Any, _: str | None) -> str:
    text = as_text(value).strip()
    email = _EMAIL.fullmatch(text)
    if email:
        return f"{MASKED}@{email[1]}"
    digits = "".join(filter(str.isdigit, text))
    return MASKED + digits[-4:] if _CARD.fullmatch(text) and is_card(digits) else MASKED


def _hash(value: Any, kind: str | None) -> str:
    raw = normalise(value, kind).encode("utf-8", "surrogatepass")
    return hashlib.sha256(raw).hexdigest()


def _truncate(value: Any, _: str | None) -> str:
    return network_of(as_text(value)) or REDACTED


def _redact(value: Any, _: str | None) -> str:
    as_text(value)
    return REDACTED


def _generalise(value: Any, _: str | None) -> Any:
    if isinstance(value, float):
        return round(value, 2)
    text = as_text(value).strip()
    date = _DATE.fullmatch(text) or _DATE_LAST.fullmatch(text)
    if date:
        return date[1]
    area = _ZIP.fullmatch(text)
    if area:
        return "000" if area[1] in _SMALL_AREAS else area[1]
    outward = _OUTWARD.fullmatch(text)
    if outward:
        return outward[1]
    place = _COORDINATES.fullmatch(text)
    if place:
        return (place[2] or "").join(f"{float(part):.2f}" for part in place.group(1, 3) if part)
    return network_of(text) or REDACTED


_ACTIONS: dict[str, Action] = {
    "mask": _mask,
    "hash": _hash,
    "truncate": _truncate,
    "generalise": _generalise,
    "redact": _redact,
}
