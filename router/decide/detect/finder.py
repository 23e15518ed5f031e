"""Personal data recognised by value, wherever in a text it stands: URLs and free text included.

Every pattern is bounded, so that time grows with the length of the text and nothing else; what a
pattern finds is checked (Luhn, IBAN's remainder, a real address) before it counts. Texts in which
nothing was found are remembered, others never.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from router.decide.detect.emails import find_emails, may_hold_email
from router.decide.detect.numbers import find_addresses, find_numbers, is_card, may_hold_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.decide.detect.spans import Span

KINDS = ("email", "card", "iban", "ssn", "ip", "phone")
"""All kinds, the surest first: where two overlap, the earlier one counts."""

_REMEMBERED = 8192
_LONGEST_REMEMBERED = 512


class Finder(NamedTuple):
    """What finds personal data in a text: spans in order, none overlapping.

    `clean` are texts known to hold none; ask it first, it is the faster way.
    """

    find: Callable[[str], list[Span]]
    clean: set[str]


@lru_cache(maxsize=64)
def compile_finder(kinds: frozenset[str]) -> Finder:
    """Return what finds these kinds; equal kinds share what they remember."""
    numbers = kinds - {"email", "ip"}
    email, address = "email" in kinds, "ip" in kinds
    clean: set[str] = set()

    def find(text: str) -> list[Span]:
        spans: list[Span] = []
        if email and may_hold_email(text):
            spans += find_emails(text)
        if numbers and may_hold_number(text):
            spans += find_numbers(text, numbers)
        if address and (text.count(".") >= 3 or text.count(":") >= 2):
            spans += find_addresses(text)
        if len(spans) > 1:
            return _apart(spans)
        if not spans and len(text) <= _LONGEST_REMEMBERED:
            if len(clean) >= _REMEMBERED:
                clean.clear()
            clean.add(text)
        return spans

    return Finder(find, clean)


def kind_of_number(number: int, kinds: frozenset[str]) -> str | None:
    """Return the kind of personal data that a number is, if any: only cards can be told."""
    return "card" if "card" in kinds and is_card(str(number)) else None


def _apart(spans: list[Span]) -> list[Span]:
    """Join spans that overlap into one of the surer kind; return all in order."""
    apart: list[Span] = []
    for span in sorted(spans):
        last = apart[-1] if apart else None
        if last is None or span.start >= last.end:
            apart.append(span)
            continue
        surer = min(last, span, key=lambda one: KINDS.index(one.kind))
        apart[-1] = surer._replace(start=last.start, end=max(last.end, span.end))
    return apart
