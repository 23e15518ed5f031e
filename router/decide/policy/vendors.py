"""`do: hash, as: meta.em`: which vendor wants which field spelled how before SHA-256.

What cannot be spelled as the vendor asks is GONE: it matches nobody there, so its hash would
only give something away. A hash is not anonymous (whoever has the numbers of a country can try
them all); it is for vendors that ask for nothing else. `hashed` is for what is a hash already;
nothing is taken for one because of its looks.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from router.decide.policy import normalise
from router.decide.policy.actions import as_text
from router.decide.policy.calling import international
from router.decide.policy.walk import GONE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from router.decide.policy.actions import Action

HASHED = "hashed"
"""The field of every vendor for values that are hashes already."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_DIGEST_BASE64 = re.compile(r"[A-Za-z0-9+/]{43}=")
_UID2_FEWEST_DIGITS = 10


class Vendor(NamedTuple):
    """The fields that a vendor wants hashed; `unhashed` are those it wants as they are."""

    title: str
    fields: Mapping[str, Callable[..., str | None]]
    unhashed: tuple[str, ...] = ()
    base64: bool = False


def plus_and_digits(text: str, country: str | None) -> str | None:
    """Return E.164: `+`, the calling code, the number; an extension is cut."""
    digits = international(text, country)
    return f"+{digits}" if digits else None


def digits_only(text: str, country: str | None) -> str | None:
    """Return digits, calling code first, no `+`, no leading zeros; an extension is cut."""
    return international(text, country, plain=True)


def ten_digits(text: str, country: str | None) -> str | None:
    """Return E.164 with 10 to 15 digits; an extension is cut."""
    spelled = plus_and_digits(text, country)
    return spelled if spelled and len(spelled) > _UID2_FEWEST_DIGITS else None


_PHONES = frozenset({plus_and_digits, digits_only, ten_digits})
"""The spellings that want to know the country of national numbers."""

_SOCIAL = {
    "gender": normalise.gender, "birthday": normalise.birthday,
    "city": normalise.letters_and_digits, "state": normalise.state,
    "postcode": normalise.postcode, "country": normalise.country,
    "external_id": normalise.trimmed,
}  # fmt: skip
SHORT: Final = {
    "em": "email", "ph": "phone", "fn": "first_name", "ln": "last_name", "ge": "gender",
    "db": "birthday", "ct": "city", "st": "state", "zp": "postcode",
}  # fmt: skip
"""Meta's own words for fields, understood for every vendor."""

VENDORS: Final[dict[str, Vendor]] = {
    "meta": Vendor(
        "Meta Conversions API",
        {"email": normalise.email, "phone": digits_only,
         "first_name": normalise.without_punctuation, "last_name": normalise.without_punctuation,
         **_SOCIAL},
    ),
    "google": Vendor(
        "Google Ads",
        {"email": normalise.email_without_dots, "phone": plus_and_digits,
         "first_name": normalise.lower, "last_name": normalise.lower, "street": normalise.lower},
        unhashed=("city", "state", "postcode", "country"),
    ),
    "tiktok": Vendor(
        "TikTok Events API",
        {"email": normalise.email, "phone": plus_and_digits,
         "first_name": normalise.without_spaces, "last_name": normalise.without_spaces,
         "external_id": normalise.lower},
    ),
    "linkedin": Vendor("LinkedIn", {"email": normalise.email}),
    "reddit": Vendor(
        "Reddit Conversions API",
        {"email": normalise.email_canonical, "phone": plus_and_digits,
         "external_id": normalise.trimmed, "ip": normalise.trimmed},
    ),
    "amazon": Vendor(
        "Amazon Ads",
        {"email": normalise.email_reduced, "phone": digits_only,
         **dict.fromkeys(("first_name", "last_name", "street", "city", "state"),
                         normalise.ascii_letters_and_digits),
         "postcode": normalise.without_spaces},
    ),
    "uid2": Vendor(
        "UID2, The Trade Desk",
        {"email": normalise.email_without_tag, "phone": ten_digits},
        base64=True,
    ),
    "pinterest": Vendor(
        "Pinterest",
        {"email": normalise.email_without_spaces, "phone": digits_only,
         "first_name": normalise.without_spaces, "last_name": normalise.without_spaces,
         **_SOCIAL, "gender": normalise.gender_of_three,
         "state": normalise.state_of_two_letters, "postcode": normalise.postcode_of_digits},
    ),
    "snap": Vendor(
        "Snap Conversions API",
        {"email": normalise.email, "phone": digits_only,
         "first_name": normalise.without_punctuation, "last_name": normalise.without_punctuation,
         **_SOCIAL},
    ),
}  # fmt: skip


def split(named: str) -> tuple[str, str]:
    """Return the vendor and the field of `meta.em`; the field is empty in `meta`."""
    vendor, _, field = named.partition(".")
    return vendor, SHORT.get(field, field)


def wants_country(vendor: str, field: str) -> bool:
    """Tell whether the country of national numbers makes a difference for a field."""
    return VENDORS[vendor].fields.get(field) in _PHONES


def compile_vendor_hash(vendor: str, field: str, country: str | None = None) -> Action:
    """Return the hash of a field as its vendor wants it; `country` is that of national numbers.

    The action returns GONE for what cannot be spelled so, and never raises for a JSON value.
    """
    in_base64 = VENDORS[vendor].base64
    if field == HASHED:
        return _already_in_base64 if in_base64 else _already
    spell = VENDORS[vendor].fields[field]
    if spell in _PHONES:
        spell = partial(spell, country=country)

    def hashed(value: Any, _: str | None) -> Any:
        spelled = spell(_text(value))
        if not spelled:
            return GONE
        digest = hashlib.sha256(spelled.encode("utf-8", "surrogatepass"))
        return base64.b64encode(digest.digest()).decode() if in_base64 else digest.hexdigest()

    return hashed


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if isinstance(value, bool) else as_text(value)
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()


def _already(value: Any, _: str | None) -> Any:
    digest = _text(value).lower()
    return digest if _DIGEST.fullmatch(digest) else GONE


def _already_in_base64(value: Any, _: str | None) -> Any:
    digest = _text(value)
    return digest if _DIGEST_BASE64.fullmatch(digest) else GONE
