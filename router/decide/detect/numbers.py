"""Numbers of persons in plain texts: phones, cards and social security numbers.

One pattern finds runs of digits, loosely written; only where one is, the exact ones look.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from router.decide.detect.cards import (
    NO_GAPS,
    SHORTEST_CARD,
    SHORTEST_GROUPED,
    SHORTEST_ISSUED,
    SHORTEST_SSN,
    find_cards,
    find_ssns,
    has_check_digit,
    is_card,
)
from router.decide.detect.context import numbers_said
from router.decide.detect.phones import (
    MOST_DIGITS,
    find_phones,
    is_alone_phone,
    is_dialled,
    is_whole_phone,
)
from router.decide.detect.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from router.decide.detect.manner import Manner

__all__ = ["compile_numbers", "is_card", "kind_of_number"]

_RUN = re.compile(r"\d(?:[ +().\-/]{0,3}\d){5,40}")
_SIX = re.compile(r"\d(?:[ +().\-/,\t]{0,3}\d){5}")
_PROSE_FROM = 5
"""Words, half of them made of letters alone: that is prose, whatever the key says."""
_WORDS = re.compile(r"(?:^|[ (\"'])[^\W\d_]{2,40}+[ ,.:;!?]")
_BARE = re.compile(
    r"\d{10,11}|(?=(?:[ ()\-/]{0,4}\d){9,13}$)(?=\d{0,13}[ ()\-/])[\d ()\-/]{10,20}|\d{4} \d{4}"
)
_MAY_BE_PHONE = re.compile(r"00|0[1-9]\d{9}$")
_USER_AGENT = "Mozilla/"
SHORTEST_ID = 7
_LARGEST = 10**19


def may_hold_number(text: str) -> bool:
    """Tell quickly whether a text holds six digits and more, loosely written."""
    return _SIX.search(text) is not None


def compile_numbers(kinds: frozenset[str], manner: Manner) -> Callable[[str], Sequence[Span]]:
    """Return what finds those of `phone`, `card` and `ssn` that are among these kinds."""
    phone, card, ssn = "phone" in kinds, "card" in kinds, "ssn" in kinds
    phone_named, card_named, ssn_named = (
        kind in kinds and kind in manner.named for kind in ("phone", "card", "ssn")
    )
    named = phone_named or card_named or ssn_named
    hintless = not manner.prose and not manner.named
    alone = phone and not manner.other

    def find(text: str) -> Sequence[Span]:
        if hintless and text.isdigit() and (manner.other or not _MAY_BE_PHONE.match(text)):
            may_be = card and not manner.other and len(text) >= SHORTEST_ISSUED
            is_found = may_be and is_card(text)
            return (Span(0, len(text), "card", text),) if is_found else ()
        if (phone_named and is_whole_phone(text)) or (alone and is_alone_phone(text)):
            return (Span(0, len(text), "phone", text),)
        spans: list[Span] = []
        loosely = _is_loose(text, manner)
        for run in _RUN.finditer(text):
            place = start, end = run.span()
            plain = run[0].isdigit()
            digits = end - start if plain else len(run[0].translate(NO_GAPS))
            if plain and start and _is_part(text, start, digits):
                continue
            said = numbers_said(text, start) if start > 1 else ()
            silent = not (said or loosely or named)
            if silent and plain and digits < SHORTEST_ISSUED and not is_dialled(text, start):
                continue
            if card and digits >= (SHORTEST_GROUPED if silent else SHORTEST_CARD):
                spans += find_cards(text, place, manner, loosely=loosely, told="card" in said)
            if ssn and digits >= SHORTEST_SSN and not (plain and digits > SHORTEST_SSN):
                spans += find_ssns(text, place, told=ssn_named or "ssn" in said)
            if phone and not (plain and digits > MOST_DIGITS):
                told = "phone" in said
                spans += find_phones(text, place, loosely=loosely, named=phone_named, told=told)
        return spans

    return find


def kind_of_number(number: float, kinds: frozenset[str], manner: Manner) -> str | None:
    """Return the kind of personal data that a number is, if any.

    By itself only a card can be told; where the key names a kind, its length is enough.
    """
    if manner.other or not 10**5 <= number < _LARGEST or number != int(number):
        return None
    digits = str(int(number))
    if "card" in kinds and is_card(digits):
        return "card"
    if "card" in manner.named and len(digits) >= SHORTEST_CARD and has_check_digit(digits):
        return "card"
    if "ssn" in manner.named and len(digits) in (SHORTEST_SSN - 1, SHORTEST_SSN):
        return "ssn"
    if "national_id" in manner.named and len(digits) >= SHORTEST_ID:
        return "national_id"
    return "phone" if "phone" in manner.named and len(digits) <= 15 else None


def _is_part(text: str, start: int, digits: int) -> bool:
    """Tell whether digits here are the end of a word, or a segment of a path."""
    before = text[start - 1]
    if before == "/":
        return digits < SHORTEST_CARD and not text.startswith("wa.me/", start - 6)
    return before.isalnum() or before == "_"


def _is_loose(text: str, manner: Manner) -> bool:
    """Tell whether a text is free text, by itself or because its key says so."""
    if text.count(" ") >= _PROSE_FROM - 1 and _is_prose(text):
        return True
    return manner.prose and _may_be_prose(text)


def _is_prose(text: str) -> bool:
    words = text.split(" ", 64)
    letters = sum(word.strip(",.;:!?()'\"").isalpha() for word in words)
    return letters * 2 >= len(words) and _USER_AGENT not in text


def _may_be_prose(text: str) -> bool:
    """Tell whether a text under a key of prose has words in it, or is one bare number."""
    if _WORDS.search(text) is not None:
        return _USER_AGENT not in text
    return _BARE.fullmatch(text) is not None
