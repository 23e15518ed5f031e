"""Spellings that vendors hash: of an e-mail address, a name, a birth date, a postcode ...

Each function takes a trimmed text in NFC and returns the spelling, or None for what cannot be
one. None of them raises, so that no message can quote a value.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from router.decide.policy.lands import country_code, state_code

GMAIL = frozenset({"gmail.com", "googlemail.com"})

_SPACE = re.compile(r"\s")
_NOT_FOR_AMAZON = re.compile(r"[^a-z0-9]")
_NOT_IN_AMAZON_ADDRESS = re.compile(r"[^a-z0-9.@+-]")
_DATE = re.compile(r"(\d{4})([-/.]?)(\d\d?)\2(\d\d?)(?:[T ].{0,40})?", re.DOTALL | re.ASCII)
_DATE_LAST = re.compile(r"(\d\d?)([./-])(\d\d?)\2(\d{4})", re.ASCII)
_FIRST_YEAR = 1900
_LAST_MONTH = 12
_ZIP_AND_FOUR = re.compile(r"(\d{5})-?\d{4}")
_TWO_LETTERS = re.compile(r"[a-z]{2}")
_DIGITS = re.compile(r"[0-9]+")
_GENDERS = {"m": "m", "male": "m", "man": "m", "f": "f", "female": "f", "woman": "f"}


def email(text: str) -> str | None:
    """Return it in lower case, with one `@`, something before and after it, no space inside."""
    local, domain = _parts(text)
    return f"{local}@{domain}" if local and domain else None


def email_without_dots(text: str) -> str | None:
    """Return it in lower case, without dots before `@gmail.com` and `@googlemail.com`."""
    local, domain = _parts(text)
    if domain in GMAIL:
        local = local.replace(".", "")
    return f"{local}@{domain}" if local and domain else None


def email_without_tag(text: str) -> str | None:
    """Return it in lower case; before `@gmail.com` no dots and nothing from a `+` on."""
    local, domain = _parts(text)
    if domain == "gmail.com":
        local = local.partition("+")[0].replace(".", "")
    return f"{local}@{domain}" if local and domain else None


def email_canonical(text: str) -> str | None:
    """Return it in lower case, no dots and nothing from a `+` on, at every domain."""
    local, domain = _parts(text)
    local = local.partition("+")[0].replace(".", "")
    return f"{local}@{domain}" if local and domain else None


def email_without_spaces(text: str) -> str | None:
    """Return it in lower case, all spaces out."""
    return email(_SPACE.sub("", text))


def email_reduced(text: str) -> str | None:
    """Return it in lower case, only the letters a to z, digits, and the signs `.@+-`."""
    return email(_NOT_IN_AMAZON_ADDRESS.sub("", text.lower()))


def lower(text: str) -> str | None:
    """Return it trimmed, in lower case."""
    return _lower(text) or None


def trimmed(text: str) -> str | None:
    """Return it trimmed."""
    return text or None


def without_spaces(text: str) -> str | None:
    """Return it in lower case, all spaces out."""
    return _SPACE.sub("", _lower(text)) or None


def without_punctuation(text: str) -> str | None:
    """Return it in lower case, no punctuation; letters of every script stay."""
    plain = (each for each in _lower(text) if not unicodedata.category(each).startswith("P"))
    return "".join(plain).strip() or None


def letters_and_digits(text: str) -> str | None:
    """Return it in lower case, no spaces, no punctuation; letters of every script stay."""
    return _SPACE.sub("", without_punctuation(text) or "") or None


def ascii_letters_and_digits(text: str) -> str | None:
    """Return it in lower case, only the letters a to z and digits."""
    return _NOT_FOR_AMAZON.sub("", text.lower()) or None


def country(text: str) -> str | None:
    """Return its two letters (ISO 3166) in lower case, of `US`, `USA` or `United States`."""
    return country_code(text)


def state(text: str) -> str | None:
    """Return the two letters of a US state, others in lower case without spaces or punctuation."""
    return state_code(text) or letters_and_digits(text)


def state_of_two_letters(text: str) -> str | None:
    """Return its two letters in lower case; US states may be named."""
    code = state_code(text) or text.lower()
    return code if _TWO_LETTERS.fullmatch(code) else None


def postcode(text: str) -> str | None:
    """Return it in lower case, no spaces, no dash; of a US one the first five digits."""
    found = _ZIP_AND_FOUR.fullmatch(text)
    return found[1] if found else _SPACE.sub("", _lower(text).replace("-", "")) or None


def postcode_of_digits(text: str) -> str | None:
    """Return its digits, no spaces, no dash; of a US one the first five; none with letters."""
    code = postcode(text)
    return code if code and _DIGITS.fullmatch(code) else None


def birthday(text: str) -> str | None:
    """Return `YYYYMMDD`, of `1990-05-12`, `19900512`, `12.05.1990` or `05/12/1990` (month first).

    A time may follow the first two. Slashes put the month first as Meta's own example does, unless
    it can be none; dashes say so only where one number is no month. Source: Meta, see `vendors`.
    """
    parts = _year_first(text) or _year_last(text)
    try:
        return date(*parts).strftime("%Y%m%d") if parts and parts[0] >= _FIRST_YEAR else None
    except ValueError:
        return None


def gender(text: str) -> str | None:
    """Return `m` or `f`."""
    return _GENDERS.get(text.lower())


def gender_of_three(text: str) -> str | None:
    """Return `m`, `f` or `n` (non-binary)."""
    word = text.lower()
    return "n" if word in ("n", "non-binary", "nonbinary") else _GENDERS.get(word)


def _year_first(text: str) -> tuple[int, int, int] | None:
    found = _DATE.fullmatch(text)
    if found is None or not (found[2] or len(found[3] + found[4]) == len("0512")):
        return None
    return int(found[1]), int(found[3]), int(found[4])


def _year_last(text: str) -> tuple[int, int, int] | None:
    found = _DATE_LAST.fullmatch(text)
    if found is None:
        return None
    first, sign, second, year = int(found[1]), found[2], int(found[3]), int(found[4])
    if sign == "." or first > _LAST_MONTH:
        return year, second, first
    if sign == "/" or second > _LAST_MONTH or first == second:
        return year, first, second
    return None


def _parts(text: str) -> tuple[str, str]:
    """Return what stands before and after the one `@`, in lower case; two empty texts if none."""
    local, _, domain = _lower(text).partition("@")
    return ("", "") if "@" in domain or _SPACE.search(local + domain) else (local, domain)


def _lower(text: str) -> str:
    """Return lower case in NFC: lowering can take a letter apart."""
    small = text.lower()
    return small if small.isascii() else unicodedata.normalize("NFC", small)
