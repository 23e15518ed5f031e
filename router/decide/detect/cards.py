"""Payment cards and US social security numbers in plain texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from router.decide.detect.context import said_other
from router.decide.detect.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from router.decide.detect.manner import Manner

SHORTEST_CARD = 12
SHORTEST_GROUPED, SHORTEST_ISSUED = 13, 14
"""Digits of a card for which nothing speaks but that it is in fours, or its issuer's prefix."""
SHORTEST_SSN = 9
NO_GAPS = str.maketrans("", "", " +().-/")
"""Leaves of a run the digits alone."""
_PLAIN = re.compile(r"\d(?<![\w.].)\d{11,18}+(?!\w|[.\-]\d)")
_GROUPED = re.compile(
    r"\d(?<![\w.].)\d{3}( {1,2}| ?[\-.+] ?)\d{4}\1\d{4}\1\d{1,7}(?:\1\d{3})?(?!\w|[.\-]\d)"
    r"|\d(?<![\w.].)\d{3}( {1,2}| ?[\-.+] ?)\d{6}\2\d{4,5}(?!\w|[.\-]\d)"
)
_ANY = re.compile(r"\d(?<![\w.].)(?:[ \-.+]?\d){11,18}(?!\w|[.\-]\d)")
_PARTED = re.compile(
    r"\d(?<![\w.].)\d{3}( ?[,;/|:_\t\n\u2022\u00b7] ?)"
    r"(?:\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{6}\1\d{4,5})(?!\w|[.\-]\d)"
)
"""In fours by signs that part other numbers as well."""
_SSN = re.compile(r"\d(?<![\w\-.].)\d\d([ \-.])\d\d\1\d{4}(?![\w\-]|\.\d)")
_SSN_TOLD = re.compile(r"\d(?<![\w\-.].)\d\d[ .-]?\d\d[ .-]?\d{4}(?![\w\-])")
_IS_SSN = re.compile(r"(?!000|666)\d{3}(?!00)\d\d(?!0000)\d{4}")
_ADVERTISED = frozenset({"078051120", "219099999"})
"""Numbers that the Social Security Administration names as nobody's, printed on samples."""
_ISSUERS = re.compile(
    r"4\d{15}(?:\d{3})?|5[1-5]\d{14}|2(?:2[2-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|220[0-4]\d{12}"
    r"|3[47]\d{13}|(?:501[89]|5020|5038|50[689]\d|5893|60[678]\d|6304|6759|676[1-5]|9792)\d{12}"
    r"|(?:636[23]|637[05])\d{12}"
    r"|3(?:0[0-5]|[689]\d)\d{11}|35\d{14}|6(?:011|5\d\d|4[4-9]\d)\d{12}|(?:62|81)\d{14,17}"
)
_DOUBLED = str.maketrans("0123456789", "0246813579")
"""Twice a digit, and the digits of that added."""
_MOMENT = re.compile(r"1[4-9]\d{8}(?:\d{3})?|(?:19|20)\d\d[01]\d[0-3]\d(?:[0-5]\d){3}")
_MAY_BE_ISSUED = re.compile(r"[2-689]\d{11,15}|[4-6]\d{18}|1\d{14}")
"""A bank's card, or an airline's: other rows of such lengths are ids of messages."""


def find_cards(
    text: str, run: tuple[int, int], manner: Manner, *, loosely: bool, told: bool
) -> Iterator[Span]:
    """Yield the cards in a run of digits.

    By itself a card needs an issuer's prefix and length, or to be written in fours; `loosely`,
    where it is named and where the words before the run have `told` it, its check digit is enough.
    """
    start, end = run
    plain = text[start:end].isdigit()
    if plain and manner.other:
        return
    for pattern in (_PLAIN,) if plain else (_PLAIN, _ANY, _GROUPED):
        for found in pattern.finditer(text, start, min(len(text), end + 2)):
            digits = found[0] if plain else found[0].translate(NO_GAPS)
            likely = (
                pattern is _GROUPED
                or _ISSUERS.fullmatch(digits)
                or "card" in manner.named
                or (loosely and _may_be_loose(text, found.start(), digits))
                or (told and found.start() == start)
            )
            if likely and has_check_digit(digits) and len(set(digits)) > 1:
                yield Span(*found.span(), "card", digits)


def find_parted_cards(text: str) -> Sequence[Span]:
    """Return the cards in a plain text whose groups are parted by commas, slashes, tabs, lines."""
    return list(_parted(text)) if _PARTED.search(text) else ()


def find_ssns(text: str, run: tuple[int, int], *, told: bool) -> Sequence[Span]:
    """Return the social security numbers in a run of digits, which something may have `told`."""
    start, end = run
    if not told and _SSN.search(text, start, end + 2) is None:
        return ()
    return list(_ssns(text, start, end, told=told))


def _parted(text: str) -> Iterator[Span]:
    for found in _PARTED.finditer(text):
        digits = "".join(filter(str.isdigit, found[0]))
        if is_card(digits):
            yield Span(*found.span(), "card", digits)


def _ssns(text: str, start: int, end: int, *, told: bool) -> Iterator[Span]:
    for found in (_SSN_TOLD if told else _SSN).finditer(text, start, min(len(text), end + 2)):
        digits = found[0].translate(NO_GAPS)
        if not _IS_SSN.fullmatch(digits) or digits in _ADVERTISED:
            continue
        if told or digits[0] != "9":
            yield Span(*found.span(), "ssn", digits)


def is_card(digits: str) -> bool:
    """Tell whether digits are a card number: an issuer's prefix and length, and Luhn's check."""
    return _ISSUERS.fullmatch(digits) is not None and has_check_digit(digits)


def has_check_digit(digits: str) -> bool:
    """Tell whether the last digit is the one that Luhn's sum of the others asks for."""
    return sum(map(int, digits[-1::-2] + digits[-2::-2].translate(_DOUBLED))) % 10 == 0


def _may_be_loose(text: str, start: int, digits: str) -> bool:
    """Tell whether nothing speaks against a card: no moment, no other name, no part of an id."""
    return (
        _MAY_BE_ISSUED.fullmatch(digits) is not None
        and _MOMENT.fullmatch(digits) is None
        and text[start - 1 : start] not in (":", "=", "/", "#", "+")
        and not said_other(text, start)
    )
