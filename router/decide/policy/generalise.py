"""`do: generalise`: a value made so coarse that it fits many people.

A date becomes its year, an age its ten years, a postcode its area, coordinates are rounded to
about a kilometre, an IP address becomes its network. People over 89 are so few that they form one
class (HIPAA Safe Harbor, 45 CFR 164.514(b)(2)): `90+`, and years of long ago are one as well.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from router.decide.policy.actions import REDACTED, as_text, network_of
from router.decide.policy.keys import words_of

if TYPE_CHECKING:
    from router.decide.policy.actions import Action

LAST_YEAR_OF_OLD = 1945
"""Dates up to this year are one class. A fixed year, for a decision knows no clock: whoever was
born later is at most 90 in 2036; raise it before then."""

_OLD = f"{LAST_YEAR_OF_OLD} or before"
_OLDEST = 90
_MOST_YEARS = 130
_MOST_DEGREES = 180
_GEOHASH_LENGTH = 5
_DATE = re.compile(r"((?:1[89]|2[01])\d\d)-\d\d?(?:-\d\d?)?(?:[T ].{0,40})?", re.DOTALL)
_DATE_LAST = re.compile(r"\d\d?[./-]\d\d?[./-]((?:1[89]|2[01])\d\d)")
_DATE_CLOSE = re.compile(r"((?:1[89]|2[01])\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_YEAR = re.compile(r"(?:1[89]|2[01])\d\d")
_ZIP = re.compile(r"(\d{3})\d{2}(?:-?\d{4})?")
_OUTWARD = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?) ?\d[A-Z]{2}", re.IGNORECASE)
_CANADIAN = re.compile(r"([A-Z]\d[A-Z])[ -]?\d[A-Z]\d", re.IGNORECASE)
_COORDINATES = re.compile(r"(-?\d{1,3}\.\d{1,20})(?:(, ?)(-?\d{1,3}\.\d{1,20}))?")
_GEOHASH = re.compile(r"[0-9b-hjkmnp-z]{1,12}", re.IGNORECASE)
_AGES = frozenset({"age"})
_BIRTHS = frozenset({"birth", "birthday", "birthdate", "birthyear", "dob", "geburtsdatum"})
_DEGREES = frozenset({"lat", "lng", "lon", "long", "latitude", "longitude"})
_SMALL_AREAS = frozenset(
    {
        *("036", "059", "063", "102", "203", "556", "692", "790", "821"),
        *("823", "830", "831", "878", "879", "884", "890", "893"),
    }
)
"""US postcode areas of at most 20,000 people (2000 census, the HIPAA list): they become 000."""


def compile_generalise(key: str) -> Action:
    """Return the action for values of a key; an empty key tells nothing of them."""
    words = set(words_of(key))
    if words & _AGES:
        return _age
    if words & _BIRTHS:
        return _birth
    if words & _DEGREES:
        return _degrees
    return _geohash if "geohash" in words else _generalise


def _age(value: Any, _: str | None) -> Any:
    text = as_text(value).strip().removesuffix(".0")
    if not (text.isascii() and text.isdigit()) or int(text[:4]) > _MOST_YEARS:
        return REDACTED
    years = int(text)
    return f"{_OLDEST}+" if years >= _OLDEST else f"{years // 10 * 10}-{years // 10 * 10 + 9}"


def _birth(value: Any, _: str | None) -> Any:
    text = as_text(value).strip()
    year = text if _YEAR.fullmatch(text) else _year_of(text)
    return _class_of(year) if year else REDACTED


def _degrees(value: Any, _: str | None) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _rounded(value)
    return _generalise(value, None)


def _geohash(value: Any, _: str | None) -> Any:
    text = as_text(value).strip()
    return text[:_GEOHASH_LENGTH] if _GEOHASH.fullmatch(text) else REDACTED


def _generalise(value: Any, _: str | None) -> Any:
    if isinstance(value, float):
        return _rounded(value)
    text = as_text(value).strip()
    year = _year_of(text)
    if year:
        return _class_of(year)
    area = _ZIP.fullmatch(text)
    if area:
        return "000" if area[1] in _SMALL_AREAS else area[1]
    outward = _OUTWARD.fullmatch(text) or _CANADIAN.fullmatch(text)
    if outward:
        return outward[1]
    place = _COORDINATES.fullmatch(text)
    if place:
        return _rounded_text(place)
    return network_of(text) or REDACTED


def _year_of(text: str) -> str | None:
    date = _DATE.fullmatch(text) or _DATE_LAST.fullmatch(text) or _DATE_CLOSE.fullmatch(text)
    return date[1] if date else None


def _class_of(year: str) -> str:
    return year if int(year) > LAST_YEAR_OF_OLD else _OLD


def _rounded(degrees: float) -> Any:
    return round(degrees, 2) if abs(degrees) <= _MOST_DEGREES else REDACTED


def _rounded_text(place: re.Match[str]) -> str:
    parts = [float(part) for part in place.group(1, 3) if part]
    if any(abs(part) > _MOST_DEGREES for part in parts):
        return REDACTED
    return (place[2] or "").join(f"{part:.2f}" for part in parts)
