"""Cards and social security numbers in plain texts, and the runs of digits that numbers are in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from router.decide.detect.context import said, said_other
from router.decide.detect.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_GAP = r"[ +().\-/]"
_RUN = re.compile(rf"\d(?:{_GAP}{{0,3}}\d){{5,40}}")
_MAY_HOLD = re.compile(rf"\d(?:{_GAP}{{0,3}}\d){{5}}")
_GROUPED = re.compile(
    r"(?<![\w.])(?:\d{4}([ \-.+])\d{4}\1\d{4}\1\d{1,7}(?:\1\d{3})?"
    r"|\d{4}([ \-.+])\d{6}\2\d{4,5})(?!\w|[.\-]\d)"
)
_ANY = re.compile(r"(?<![\w.])\d(?:[ \-.+]?\d){11,18}(?!\w|[.\-]\d)")
_SSN = re.compile(r"(?<![\w\-.])(?!000|666)\d{3}([ \-.])(?!00)\d\d\1(?!0000)\d{4}(?![\w\-]|\.\d)")
_SSN_PLAIN = re.compile(r"(?<![\w\-.])(?!000|666)\d{3}[ -]?(?!00)\d\d[ -]?(?!0000)\d{4}(?![\w\-])")
_ADVERTISED = frozenset({"078051120", "219099999"})
"""Numbers that the Social Security Administration names as nobody's, printed on samples."""
_ISSUERS = re.compile(
    r"4\d{15}(?:\d{3})?|5[1-5]\d{14}|2(?:2[2-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|220[0-4]\d{12}"
    r"|3[47]\d{13}|(?:501[89]|5020|5038|5893|6304|6759|676[1-5])\d{12}"
    r"|3(?:0[0-5]|[689]\d)\d{11}|35\d{14}|6(?:011|5\d\d|4[4-9]\d)\d{12}|(?:62|81)\d{14,17}"
)
_MOMENT = re.compile(r"1[4-9]\d{8}(?:\d{3})?")
SHORTEST_CARD = 12


def runs_of_digits(text: str) -> list[re.Match[str]]:
    """Return the places that hold six digits and more, loosely written."""
    return list(_RUN.finditer(text)) if _MAY_HOLD.search(text) else []


def find_cards(
    text: str, run: re.Match[str], *, loosely: bool, named: bool, other: bool
) -> Iterator[Span]:
    """Yield the cards around a run of digits.

    By itself a card needs an issuer's prefix and length, or to be written in fours; `loosely` and
    where it is `named`, its check digit is enough; where the key names something
    `other` (`order_id`), only one written in groups counts.
    """
    window = max(0, run.start() - 1), min(len(text), run.end() + 1)
    for pattern in (_ANY, _GROUPED):
        for found in pattern.finditer(text, *window):
            digits = _digits(found[0])
            if other and found[0] == digits:
                continue
            sure = is_card(digits) or (
                has_check_digit(digits)
                and len(set(digits)) > 1
                and (
                    pattern is _GROUPED
                    or named
                    or (loosely and _may_be_card(text, found.start(), digits))
                    or said("card", text, found.start())
                )
            )
            if sure:
                yield Span(*found.span(), "card", digits)


def find_ssns(text: str, run: re.Match[str], *, named: bool) -> Iterator[Span]:
    """Yield the social security numbers around a run of digits."""
    window = max(0, run.start() - 1), min(len(text), run.end() + 1)
    for found in _SSN.finditer(text, *window):
        digits = _digits(found[0])
        if digits in _ADVERTISED:
            continue
        if digits[0] != "9" or named or said("ssn", text, found.start()):
            yield Span(*found.span(), "ssn", digits)
    for found in _SSN_PLAIN.finditer(text, *window):
        if named or said("ssn", text, found.start()):
            yield Span(*found.span(), "ssn", _digits(found[0]))


def is_card(digits: str) -> bool:
    """Tell whether digits are a card number: an issuer's prefix and length, and Luhn's check."""
    return _ISSUERS.fullmatch(digits) is not None and has_check_digit(digits)


def has_check_digit(digits: str) -> bool:
    """Tell whether the last digit is the one that Luhn's sum of the others asks for."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        number = int(digit) << (position & 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def _may_be_card(text: str, start: int, digits: str) -> bool:
    """Tell whether nothing speaks against a card: no moment, no other name, no part of an id."""
    return (
        _MOMENT.fullmatch(digits) is None
        and text[start - 1 : start] not in (":", "=", "/", "#", "+")
        and not said_other(text, start)
    )


def _digits(found: str) -> str:
    return "".join(filter(str.isdigit, found))
