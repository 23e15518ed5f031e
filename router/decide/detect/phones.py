"""Phone numbers in plain texts.

By itself a phone number is told by its `+` or `00`, by the shape of North American ones, or by an
area code that begins with 0 and stands apart. In prose, where a word before says so (`call`,
`tel=`) or where the key does, any seven to fifteen digits are one that are no date, no moment, no
amount and not announced as something else (`order`, `isbn`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from router.decide.detect.context import said, said_other
from router.decide.detect.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_GAP = r"[ +().\-/]{0,3}"
_EXTENSION = r"(?: ?(?:x|ext\.?|#) ?\d{1,6})?"
_STRICT = re.compile(
    rf"(?:(?<![\w.+])\+|(?<![\w.+\-])00(?=[1-9])|(?<![\w.+\-])011[ \-](?=[1-9]))"
    rf"[1-9](?:{_GAP}\d){{6,14}}(?!\d){_EXTENSION}"
    rf"|(?<![\w.+\-/])(?:00)?(?:1[ .\-])?(?:\([2-9]\d\d\)[ \-+]?\d{{3}}|[2-9]\d\d([ .\-])[2-9]\d\d(?=\1))"
    rf"[ .\-]\d{{4}}(?![\w\-]|[.]\d)"
    rf"|(?<![\w.+\-/])\(0\d{{1,5}}\)[ \-/]?\d{{2,7}}(?:[ \-]\d{{2,7}}){{0,3}}(?![\w\-])"
    rf"|(?<![\w.+\-/])0[1-9]\d{{0,3}} \d{{2,7}}(?:[ ]\d{{2,6}}){{0,3}}(?![\w\-./])"
)
_EDGES = " +().-/"
_DATE = re.compile(
    r"(?:1[89]|2[01])\d\d([-./]?)[01]\d\1[0-3]\d(?:[T ]?\d\d.*)?"
    r"|[0-3]?\d[-./ ][0-3]?\d[-./ ](?:1[89]|2[01])\d\d(?: \d\d)?|\d{4}-\d\d-\d\d.*"
    r"|(?:1[89]|2[01])\d\d (?:0\d|1[0-2]) [0-3]\d|(?:1[89]|20)\d\d-?[0-3]\d\d"
)
_MOMENT = re.compile(r"1[4-9]\d{8}(?:\d{3})?")
_AMOUNT = re.compile(r"\d+\.\d+|\d{1,3}(?:[. ]\d{3})+(?:\.\d\d)?|\d{14,}")
_DECIMALS = re.compile(r",\d{1,5}(?!\d)")
_FOUR = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")
_GROUP = re.compile(r"[^ ]+")
_MORE = re.compile(r" ?(?:x|ext\.?|#) ?\d{1,6}")
_WHOLE = re.compile(r"\+?[\d ().\-/+]{5,30}(?: ?(?:x|ext\.?|#) ?\d{1,6})?")


def find_phones(text: str, run: re.Match[str], *, loosely: bool, named: bool) -> Iterator[Span]:
    """Yield the phone numbers around a run of digits."""
    window = max(0, run.start() - 2), min(len(text), run.end() + 10)
    end = run.start()
    for found in _STRICT.finditer(text, *window):
        if found.start() >= run.end():
            break  # it may be cut off here, and is the next run's
        digits = sum(map(str.isdigit, found[0]))
        if 8 <= digits and not _DATE.fullmatch(found[0]):
            end = found.end()
            yield Span(*found.span(), "phone", found[0])
    if end >= run.end():
        return
    told = named or said("phone", text, end)
    if loosely or told:
        for start, stop in _parts(text, max(end, run.start()), run.end()):
            if _is_loose(text, start, stop, told=told):
                stop = _past_extension(text, stop)
                yield Span(start, stop, "phone", text[start:stop])


def is_whole_phone(text: str) -> bool:
    """Tell whether a text is nothing but what may be a phone number, under a key that says so."""
    return (
        _WHOLE.fullmatch(text) is not None
        and 6 <= sum(map(str.isdigit, text)) <= 18
        and not _DATE.fullmatch(text)
    )


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the numbers that a run of digits may be made of: itself, or its larger groups."""
    run = text[start:end]
    if sum(map(str.isdigit, run)) <= 15:
        start += len(run) - len(run.lstrip(_EDGES))
        if text[start - 1 : start] == "(" and ")" in run:
            start -= 1
        yield start, end
        return
    for group in _GROUP.finditer(run):
        if sum(map(str.isdigit, group[0])) >= 7:
            yield start + group.start(), start + group.end()


def _past_extension(text: str, end: int) -> int:
    found = _MORE.match(text, end)
    return found.end() if found else end


def _is_loose(text: str, start: int, end: int, *, told: bool) -> bool:
    written = text[start:end]
    digits = sum(map(str.isdigit, written))
    before, after = text[start - 1 : start] if start else "", text[end : end + 2]
    if not (6 if told else 7) <= digits <= 15 or _DATE.fullmatch(written):
        return False
    if before.isalnum() or before in ("_", "&") or (before and before in "-/." and not told):
        return False
    if after[:1].isalnum() and not _past_extension(text, end) == end:
        return False
    if after[:1] == "_" or (after[:1] == "-" and after[1:].isalnum()):
        return False
    if _FOUR.fullmatch(written):
        return False
    if told:
        return True
    if (
        before in (":", ",", "=", "#")
        or after[:1] in (":", "%", "€", "$")
        or _DECIMALS.match(text, end)
    ):
        return False
    return not (_MOMENT.fullmatch(written) or _AMOUNT.fullmatch(written) or said_other(text, start))
