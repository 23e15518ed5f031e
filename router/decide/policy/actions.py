"""What a rule does to a value; no result is ever recognised as personal data again.

Nothing stays nothing: null, an empty text and an empty container are left alone. A plain hash and
a token are made of the normalised value: an e-mail address is trimmed and in lower case, a phone
number its digits without leading zeros, anything else is trimmed.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import unicodedata
from typing import TYPE_CHECKING, Any, TypeAlias

from router.decide.detect.numbers import is_card
from router.decide.detect.phones import MASKED
from router.decide.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.decide.policy.tokens import Tokens

Action: TypeAlias = "Callable[[Any, str | None], Any]"
"""Takes a value and its kind, if that is known (`email`, `phone`, ...)."""

REDACTED = "[redacted]"
KEYED_ACTIONS = frozenset({"token"})
MEANINGS = {
    "keep": "stays as it is",
    "drop": "goes, with all below it",
    "mask": "`***`; of an e-mail address the domain stays, of a card the last four digits",
    "hash": "SHA-256 of the normalised value in hexadecimal digits; with `as`, of the value as a "
    "vendor wants it, and what cannot be that is dropped",
    "token": "`tok_<key id>_<32 digits>`: HMAC-SHA256 of the normalised value under the "
    "destination's own key",
    "truncate": "an IP address without its last octet (IPv6: its last 80 bits); anything else is "
    "redacted",
    "generalise": "a date's year, an age's ten years, a postcode's area, coordinates to about a "
    "kilometre, an IP address's network; anything else is redacted",
    "redact": "`[redacted]`",
}
"""What each action makes of a value, for the settings page."""
UNMERGED = frozenset({"mask", "redact", "truncate", "generalise"})
"""Actions that would make different people one; on ids they act as token."""

_SHOWN_IN_PART = frozenset({"email", "card"})
"""Kinds of which a mask leaves something."""
_EMAIL = re.compile(r"[^@\s]{1,256}@([\w.-]{1,256})")
_CARD = re.compile(r"[\d -]{14,40}")
_PHONE = re.compile(r"(?:\+|00|\()[\d ()./-]{6,24}")
_PHONE_STARTS = ("+", "0", "(")


def compile_action(do: str, tokens: Tokens | None) -> Action:
    """Return the action of that name; `tokens` is for `token` alone.

    `policy.generalise` and `policy.vendors` make those that depend on more than their name.
    """
    if do == "token":
        if tokens is None:
            raise ValueError("tokens need a privacy_key")
        return lambda value, kind: tokens(normalise(value, kind))
    return _ACTIONS[do]


def as_text(value: Any) -> str:
    """Write a JSON value that is no container as text; raises TypeError for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return json_text(value)
    raise TypeError("not a JSON value")


def normalise(value: Any, kind: str | None = None) -> str:
    """Return the spelling of a value that is hashed and made a token of."""
    text = (value if type(value) is str else as_text(value)).strip()
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if kind == "email" or (kind is None and "@" in text):
        return text.lower()
    if kind == "phone" or (kind is None and text[:1] in _PHONE_STARTS and _PHONE.fullmatch(text)):
        return "".join(filter(str.isdigit, text)).lstrip("0") or text
    return text


def network_of(text: str) -> str | None:
    """Return the network of an IP address (its last octet, or 80 bits, are zero), else None."""
    text = text.strip()
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return text.rpartition(".")[0] + ".0"
    if address.ipv4_mapped is not None:
        return f"::ffff:{network_of(str(address.ipv4_mapped))}"
    hidden = 88 if address.sixtofour else 80  # 6to4 has a whole IPv4 address in what would stay
    return str(ipaddress.IPv6Address(int(address) >> hidden << hidden))


def _mask(value: Any, kind: str | None) -> str:
    if kind is not None and kind not in _SHOWN_IN_PART:
        return MASKED
    text = as_text(value).strip()
    email = _EMAIL.fullmatch(text) if "@" in text else None
    if email:
        return f"{MASKED}@{email[1]}"
    if _CARD.fullmatch(text) is None:
        return MASKED
    digits = "".join(filter(str.isdigit, text))
    return MASKED + digits[-4:] if is_card(digits) else MASKED


def _hash(value: Any, kind: str | None) -> str:
    raw = normalise(value, kind).encode("utf-8", "surrogatepass")
    return hashlib.sha256(raw).hexdigest()


def _truncate(value: Any, _: str | None) -> str:
    return network_of(as_text(value)) or REDACTED


def _redact(value: Any, _: str | None) -> str:
    as_text(value)
    return REDACTED


_ACTIONS: dict[str, Action] = {
    "mask": _mask,
    "hash": _hash,
    "truncate": _truncate,
    "redact": _redact,
}
