"""Personal data recognised by value, wherever in a text it stands: URLs and free text included.

A text is read plainly first, then searched; every pattern is bounded, so that time grows with the
length of the text and nothing else, and what a pattern finds is checked (Luhn, IBAN's remainder,
a real address) before it counts. A text too long, too deep or too often encoded to be read is
personal data as a whole. Texts in which nothing was found are remembered, others never.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from router.decide.detect.addresses import find_ips, find_macs
from router.decide.detect.banks import find_ibans, may_hold_iban
from router.decide.detect.emails import find_emails, find_written_out, may_be_written_out
from router.decide.detect.hidden import find_hidden, may_hide
from router.decide.detect.national import find_national_ids
from router.decide.detect.numbers import (
    SHORTEST_CARD,
    find_cards,
    find_ssns,
    has_check_digit,
    is_card,
    runs_of_digits,
)
from router.decide.detect.phones import find_phones, is_whole_phone
from router.decide.detect.plain import Unread, may_be_encoded, read, trace
from router.decide.detect.spans import Span
from router.decide.detect.wallets import find_wallets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KINDS = ("email", "jwt", "crypto", "card", "iban", "mac", "ssn", "national_id", "ip", "phone")
"""All kinds, the surest first: where two overlap, the earlier one counts."""

_REMEMBERED = 8192
_LONGEST_REMEMBERED = 512
_LONGEST = 262_144
"""Characters; a longer text is personal data as a whole. An event has 1 MB at most."""
_DEEPEST = 3
"""So often a text may be hidden in base64; what is deeper counts as personal data."""
_PROSE_FROM = 5
_WORDS = re.compile(r"(?:^|[ (\"'])[^\W\d_]{2,}[ ,.:;!?]")


class Finder(NamedTuple):
    """What finds personal data in a text: spans in order, none overlapping.

    `clean` are texts known to hold none; ask it first, it is the faster way.
    """

    find: Callable[[str], list[Span]]
    clean: set[str]


@lru_cache(maxsize=512)
def compile_finder(
    kinds: frozenset[str],
    *,
    prose: bool = False,
    named: frozenset[str] = frozenset(),
    other: bool = False,
) -> Finder:
    """Return what finds these kinds; equal ones share what they remember.

    In `prose` numbers need less of a form; those of a kind that is `named` (by the key) need none. Where the
    key names something `other`, digits in a row are that.
    """
    search = _Search(kinds, prose=prose, named=named, other=other)
    clean: set[str] = set()

    def find(text: str) -> list[Span]:
        spans = search.through(text)
        if not spans and len(text) <= _LONGEST_REMEMBERED:
            if len(clean) >= _REMEMBERED:
                clean.clear()
            clean.add(text)
        return spans

    return Finder(find, clean)


def kind_of_number(
    number: float, kinds: frozenset[str], named: frozenset[str] = frozenset()
) -> str | None:
    """Return the kind of personal data that a number is, if any.

    By itself only a card can be told; where the key names a kind, its length is enough.
    """
    if number != number or not 10**5 <= number < 10**19 or number != int(number):
        return None
    digits = str(int(number))
    if "card" in kinds and is_card(digits):
        return "card"
    if "card" in named and len(digits) >= SHORTEST_CARD and has_check_digit(digits):
        return "card"
    if "ssn" in named and len(digits) in (8, 9):
        return "ssn"
    if "phone" in named and len(digits) <= 15:
        return "phone"
    return None


class _Search:
    """The search for some kinds of personal data."""

    def __init__(
        self, kinds: frozenset[str], *, prose: bool, named: frozenset[str], other: bool
    ) -> None:
        self._prose = prose
        self._other = other
        self._named = named & kinds
        self._email = "email" in kinds
        self._card = "card" in kinds
        self._phone = "phone" in kinds
        self._ssn = "ssn" in kinds
        self._iban = "iban" in kinds
        self._ip = "ip" in kinds
        self._mac = "mac" in kinds
        self._jwt = "jwt" in kinds
        self._wallet = "crypto" in kinds
        self._national = "national_id" in kinds
        self._numbers = bool(kinds & {"card", "phone", "ssn"})
        self._surest = next((kind for kind in KINDS if kind in kinds), "")

    def through(self, text: str, depth: int = 0) -> list[Span]:
        """Return the spans of a text."""
        if len(text) > _LONGEST or depth > _DEEPEST:
            return self._whole(text)
        if not may_be_encoded(text):
            return self._apart(self._plainly(text, depth))
        try:
            plain = read(text)
        except Unread:
            return self._whole(text)
        spans = self._apart(self._plainly(plain, depth))
        if not spans or plain == text:
            return spans
        places = trace(text)
        return [
            span._replace(start=places[span.start][0], end=places[span.end - 1][1])
            for span in spans
        ]

    def _whole(self, text: str) -> list[Span]:
        return [Span(0, len(text), self._surest, text)] if self._surest else []

    def _plainly(self, text: str, depth: int) -> list[Span]:
        spans: list[Span] = []
        if self._email:
            if "@" in text:
                spans += find_emails(text)
            if may_be_written_out(text):
                spans += find_written_out(text)
        if self._numbers:
            spans += self._in_numbers(text)
        if self._iban and may_hold_iban(text):
            spans += find_ibans(text)
        if self._ip and (text.count(".") >= 3 or text.count(":") >= 2):
            spans += find_ips(text)
        if self._mac and (
            text.count(":") >= 5
            or text.count("-") >= 5
            or text.count(".") >= 2
            or text.count(" ") >= 5
        ):
            spans += find_macs(text)
        if self._wallet:
            spans += find_wallets(text)
        if self._national:
            spans += find_national_ids(text, named="national_id" in self._named)
        if may_hide(text):
            spans += find_hidden(text, self.through, depth, tokens=self._jwt)
        return spans

    def _in_numbers(self, text: str) -> Iterator[Span]:
        runs = runs_of_digits(text)
        if not runs:
            return
        named = self._named
        if "phone" in named and is_whole_phone(text):
            yield Span(0, len(text), "phone", text)
        loosely = _is_prose(text) or (self._prose and (_has_words(text) or _is_bare(text)))
        for run in runs:
            if self._card:
                yield from find_cards(
                    text, run, loosely=loosely, named="card" in named, other=self._other
                )
            if self._ssn:
                yield from find_ssns(text, run, named="ssn" in named)
            if self._phone:
                yield from find_phones(text, run, loosely=loosely, named="phone" in named)

    def _apart(self, spans: list[Span]) -> list[Span]:
        """Join spans that overlap into one of the surer kind; return all in order."""
        if len(spans) < 2:
            return spans
        apart: list[Span] = []
        for span in sorted(spans):
            last = apart[-1] if apart else None
            if last is None or span.start >= last.end:
                apart.append(span)
                continue
            surer = min(last, span, key=lambda one: KINDS.index(one.kind))
            apart[-1] = surer._replace(start=last.start, end=max(last.end, span.end))
        return apart


def _has_words(text: str) -> bool:
    """Tell whether words stand in a text, and it is no user agent."""
    return _WORDS.search(text) is not None and "Mozilla/" not in text


def _is_bare(text: str) -> bool:
    """Tell whether a text is nothing but as many digits as most phone numbers have."""
    return 10 <= len(text) <= 11 and text.isdigit()


def _is_prose(text: str) -> bool:
    """Tell whether a text is made of words, and is no user agent."""
    words = text.split(" ", 64)
    return (
        len(words) >= _PROSE_FROM
        and sum(word.strip(",.;:!?()'\"").isalpha() for word in words) * 2 >= len(words)
        and "Mozilla/" not in text
    )
