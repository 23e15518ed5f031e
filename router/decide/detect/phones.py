"""Phone numbers in plain texts.

By itself a phone number is told by its `+` or `00`, by the shape of North American ones, or by an
area code that begins with 0 and stands apart; where it is the whole text, by other groups as well.
In prose, where a word before says so (`call`, `tel=`) or where the key does, any seven to fifteen
digits are one that are no date, no moment, no amount and not announced as something else (`order`,
`isbn`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from router.decide.detect.context import said_other
from router.decide.detect.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_GAP = r"[ +().\-/]{0,3}"
_EXTENSION = r"(?: ?(?:[xX]|[eE]xt(?:ension|\.)?|#|доб\.?|poste|Durchwahl) ?|;ext=)\d{1,6}"
_LONGEST_EXTENSION = 20
_STRICT = re.compile(
    rf"(?:\+(?<![\w.].)|00(?<![\w.+\-*]..)(?=[2-9]\d|[17](?:{_GAP}\d){{10}}(?!\d))"
    r"|011(?<![\w.+\-]...)[ \-](?=[1-9]))"
    rf"[1-9](?:{_GAP}\d){{6,14}}(?!\d|\.\d{{7}})(?:{_EXTENSION})?"
    r"|(?<![\w.+\-/])(?:00)?(?:1[ .\-])?"
    r"(?:\([2-9]\d\d\)[ \-+]?\d{3}|[2-9]\d\d([ .\-])[2-9]\d\d(?=\1))"
    rf"[ .\-]\d{{4}}(?:{_EXTENSION})?(?![\w\-]|[.]\d)"
    r"|\((?<![\w.+\-/].)0\d{1,5}\)[ \-/]?\d{2,8}(?:[ \-]\d{2,7}){0,3}(?![\w\-])"
    r"|0(?<![\w.+\-/].)[1-9]\d{0,3} \d{2,8}(?: \d{2,6}){0,3}(?![\w\-/]|\.\d)"
)
_FEWEST, MOST_DIGITS = 6, 15
"""Digits: more than 15 have no number of the world (ITU-T E.164)."""
_EDGES = " +().-/"
_DATE = re.compile(
    r"(?:1[89]|2[01])\d\d([-./]?)[01]\d\1[0-3]\d(?:[T ]?\d\d.{0,40})?"
    r"|[0-3]?\d[-./ ][0-3]?\d[-./ ](?:1[89]|2[01])\d\d(?: \d\d)?|\d{4}-\d\d-\d\d.{0,40}"
    r"|(?:1[89]|2[01])\d\d (?:0\d|1[0-2]) [0-3]\d|(?:1[89]|20)\d\d-?[0-3]\d\d"
    r"|(?:1[89]|20)\d\d ?[-/] ?(?:1[89]|20)\d\d"
)
_NOT_LOOSE = re.compile(
    r"1[4-9]\d{8}(?:\d{3})?|\d{1,40}\.\d{1,40}|\d{1,3}(?:\.\d{3}){1,9}(?:\.\d\d)?|\d{14,41}"
)
"""Moments in seconds and milliseconds, amounts, and what is longer than anybody writes."""
_AMOUNT_GOES_ON = re.compile(
    r",\d{1,5}(?!\d)| ?(?:€|EUR|USD|GBP|CHF|PLN|SEK|NOK|DKK|INR|JPY|\$|£|kr|zł)|[:%]"
)
_FOUR_NUMBERS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|\d{1,2}\.\d{1,2}\.\d{4,6}\.\d{1,5}")
MASKED = "***"
"""What a mask writes (`policy.actions`): the digits that it leaves of a card are no number."""
_ISLAND = re.compile(r"\+(?:247|290|683|690)")
"""Ascension, Saint Helena, Niue and Tokelau: their numbers have seven digits in all."""
_GROUP = re.compile(r"[^ ]{1,200}")
_MORE = re.compile(_EXTENSION)
_ALONE = re.compile(
    r"0[1-9]\d{9}"
    r"|(?=(?:[ ()\-/]{0,2}\d){9,11}$)(?!0\d-\d{7}$|\d{6}-\d{3}$|\d{3}([ \-])\d\d\1\d{4}$)"
    r"0(?:[ \-/]?\(?[1-9]\d{1,4}\)?|[1-9])(?:[ \-/]|(?<=\)))\d{2,8}(?:[ \-]\d{2,4}){0,3}"
    r"|\([1-9]\d\) ?9?\d{4}[ \-]\d{4}|\([1-9]\d\d\) ?\d{7}|8 ?\([3-9]\d\d\) ?\d{3}-\d\d-\d\d"
    r"|1[3-9]\d([ \-])\d{4}\2\d{4}|[679]\d\d(?: \d\d){3}"
)
"""What is a national number where it is the whole text: eleven digits or groups with a 0 in front,
groups as in Brazil, Colombia, Russia, China and Spain; US numbers of employers and of social
security are none.
"""
_WHOLE = re.compile(rf"\+?[\d ().\-/+]{{5,30}}(?:{_EXTENSION})?")


def find_phones(
    text: str, run: tuple[int, int], *, loosely: bool, named: bool, told: bool
) -> Sequence[Span]:
    """Return the phone numbers around a run of digits.

    The key may have `named` it, the words before it may have `told` it.
    """
    start, end = run
    spans: list[Span] = []
    if is_dialled(text, start) or not text[start:end].isdigit():
        spans += _strict(text, start, end)
        if spans:
            start = spans[-1].end
            told = False
    elif start and text[start - 1] in "/&_" and not told:
        return ()
    if start < end and (told or named or loosely):
        spans += _loose(text, start, end, told=told or named)
    return spans


def is_dialled(text: str, start: int) -> bool:
    """Tell whether digits begin as those of an international number or of an area do."""
    return text.startswith("00", start) or (start > 0 and text[start - 1] in "+(")


def is_whole_phone(text: str) -> bool:
    """Tell whether a text is nothing but what may be a phone number, under a key that says so."""
    return (
        _WHOLE.fullmatch(text) is not None
        and _FEWEST <= _digits(text) <= MOST_DIGITS + 3
        and (text.isdigit() or not _DATE.fullmatch(text))
    )


def is_alone_phone(text: str) -> bool:
    """Tell whether a text is nothing but a national number, wherever it stands."""
    return text[0] in "0(16789" and _ALONE.fullmatch(text) is not None and not _DATE.fullmatch(text)


def _strict(text: str, start: int, end: int) -> Iterator[Span]:
    for found in _STRICT.finditer(
        text, max(0, start - 3), min(len(text), end + _LONGEST_EXTENSION)
    ):
        if found.start() >= end:
            return  # it may be cut off here, and is the next run's
        if found[0].startswith("00") and said_other(text, found.start()):
            continue
        if (_digits(found[0]) >= 8 or _ISLAND.match(found[0])) and not _DATE.fullmatch(found[0]):
            yield Span(*found.span(), "phone", found[0])


def _loose(text: str, start: int, end: int, *, told: bool) -> Iterator[Span]:
    for one, stop in _parts(text, start, end):
        if _is_loose(text, one, stop, told=told):
            past = _past_extension(text, stop)
            yield Span(one, past, "phone", text[one:past])


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the numbers that a run of digits may be made of: itself, or its larger groups."""
    run = text[start:end]
    if _digits(run) <= MOST_DIGITS:
        start += len(run) - len(run.lstrip(_EDGES))
        if text[start - 1 : start] == "(" and ")" in run:
            start -= 1
        yield start, end
        return
    for group in _GROUP.finditer(run):
        if _digits(group[0]) > _FEWEST:
            yield start + group.start(), start + group.end()


def _is_loose(text: str, start: int, end: int, *, told: bool) -> bool:
    written = text[start:end]
    return (
        _FEWEST + (not told) <= _digits(written) <= MOST_DIGITS
        and _stands_alone(text, start, end)
        and ((told and written.isdigit()) or not _DATE.fullmatch(written))
        and not _FOUR_NUMBERS.fullmatch(written)
        and (told or _may_be_loose(text, start, end))
    )


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether digits are no part of a longer word."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if _joins(before) or before in "_&" or text.startswith(MASKED, max(0, start - len(MASKED))):
        return False
    if _joins(after) and _past_extension(text, end) == end:
        return False
    return after != "_" and not (after == "-" and text[end + 1 : end + 2].isalnum())


def _joins(sign: str) -> bool:
    """Tell whether a sign makes one word with a number: scripts from Thai on put no spaces."""
    return sign.isalnum() and sign < "\u0e00"


def _may_be_loose(text: str, start: int, end: int) -> bool:
    """Tell whether nothing speaks against a phone number that nothing speaks for."""
    before = text[start - 1] if start else " "
    return (
        before not in "-/.:,=#"
        and not _NOT_LOOSE.fullmatch(text[start:end])
        and not _AMOUNT_GOES_ON.match(text, end)
        and not said_other(text, start)
    )


def _past_extension(text: str, end: int) -> int:
    found = _MORE.match(text, end)
    return found.end() if found else end


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))
