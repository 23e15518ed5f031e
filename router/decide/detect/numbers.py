r"""Phone numbers, cards, IBANs, social security numbers and IP addresses in texts.

A first, cheap pattern finds runs of digits; only where one is, the exact patterns look. Phones are
told by their `+` or `00`, or by the shape of North American ones; numbers without a country are
left to rules that name the key.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from router.decide.detect.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_GAP = r"(?:[ +().\-/]|%20)"
_RUN = re.compile(rf"\d(?:{_GAP}{{0,3}}\d){{6,40}}")
_DATE = re.compile(r"[12]\d{3}-?[01]\d-?[0-3]\d(?:[T ]\d\d)?")
_MAY_HOLD = re.compile(rf"\d(?:{_GAP}{{0,3}}\d){{6}}")
_ENCODED = r"(?<=%20|%3[Aa]|%3[Dd])"
_PHONE = re.compile(
    rf"(?:(?<![\w.+])(?:\+|%2[Bb])|{_ENCODED}(?:\+|%2[Bb])|(?<![\w.+\-])00)"
    rf"[1-9](?:{_GAP}{{0,3}}\d){{6,14}}(?!\d)"
    r"|(?<![\w.+\-/])(?:1[ .\-])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[ .\-])[2-9]\d\d[ .\-]\d{4}(?![\w\-])"
)
_CARD = re.compile(rf"(?:(?<![\w.])|{_ENCODED})(?:\d(?:[ \-]|%20)?){{13,18}}\d(?!\w)")
_IBAN = re.compile(
    rf"(?:(?<!\w)|{_ENCODED})[A-Za-z]{{2}}\d\d(?:(?: |%20)?[A-Za-z0-9]){{11,30}}(?!\w)"
)
_SSN = re.compile(r"(?<![\w\-])(?!000|666|9)\d{3}([ \-])(?!00)\d\d\1(?!0000)\d{4}(?![\w\-])")
_IP4 = re.compile(r"(?<![\w.\-])(?<![^/]/)(?<!rv:)(?:\d{1,3}\.){3}\d{1,3}(?![\w\-]|\.\d)")
_IP6 = re.compile(
    r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?"
    r"(?!\.?[\w:])"
)
_ISSUERS = re.compile(
    r"4\d{15}(?:\d{3})?|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}|6(?:011|5\d\d|4[4-9]\d)\d{12}|62\d{14,17}"
)


def may_hold_number(text: str) -> bool:
    """Tell quickly whether a text holds seven digits in a row, loosely written."""
    return _MAY_HOLD.search(text) is not None


def find_numbers(text: str, kinds: frozenset[str]) -> Iterator[Span]:
    """Yield the phones, cards, IBANs and social security numbers among `kinds` in a text."""
    if "iban" in kinds:
        yield from _ibans(text)
    end = 0
    for run in _RUN.finditer(text):
        if _DATE.fullmatch(run[0]) and text[run.start() - 1 : run.start()] not in ("+", "B", "b"):
            continue
        window = max(end, run.start() - 4), run.end() + 16
        for kind, (pattern, plain) in _SEARCHES.items():
            if kind in kinds:
                for found in pattern.finditer(text, *window):
                    if found.start() >= run.end():
                        break  # it may be cut off here, and is the next run's
                    end = max(end, found.end())
                    value = plain(found[0])
                    if value is not None:
                        yield Span(*found.span(), kind, value)


def find_addresses(text: str) -> Iterator[Span]:
    """Yield the IP addresses in a text."""
    for found in _IP4.finditer(text):
        if all(int(octet) < 256 for octet in found[0].split(".")):
            yield Span(*found.span(), "ip", found[0])
    if "::" in text or text.count(":") >= 6:
        for found in _IP6.finditer(text):
            try:
                ipaddress.ip_address(found[0])
            except ValueError:
                continue
            yield Span(*found.span(), "ip", found[0])


def is_card(digits: str) -> bool:
    """Tell whether digits are a card number: an issuer's prefix and length, and Luhn's check."""
    if not _ISSUERS.fullmatch(digits):
        return False
    total = 0
    for position, digit in enumerate(reversed(digits)):
        number = int(digit) << (position & 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def _ibans(text: str) -> Iterator[Span]:
    for found in _IBAN.finditer(text):
        plain = found[0].replace("%20", "").replace(" ", "").upper()
        rearranged = plain[4:] + plain[:4]
        if int("".join(str(int(character, 36)) for character in rearranged)) % 97 == 1:
            yield Span(*found.span(), "iban", plain)


def _phone(found: str) -> str:
    return found.replace("%2B", "+").replace("%2b", "+").replace("%20", " ")


def _card(found: str) -> str | None:
    digits = _digits(found)
    return digits if is_card(digits) else None


def _digits(found: str) -> str:
    return "".join(filter(str.isdigit, found.replace("%20", "")))


_SEARCHES: dict[str, tuple[re.Pattern[str], Callable[[str], str | None]]] = {
    "card": (_CARD, _card),
    "ssn": (_SSN, _digits),
    "phone": (_PHONE, _phone),
}
