"""Personal data recognised by value, wherever in a text it stands: URLs and free text included.

A text is read plainly first, then searched; every pattern is bounded, so that time grows with the
length of the text and nothing else, and what a pattern finds is checked (Luhn, IBAN's remainder,
a real address) before it counts. A text too long, too deep or too often encoded to be read is
personal data as a whole. Texts in which nothing was found are remembered, others never.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from router.decide.detect.addresses import find_ips, find_macs
from router.decide.detect.banks import find_ibans
from router.decide.detect.cards import find_parted_cards
from router.decide.detect.clean import Clean
from router.decide.detect.emails import find_emails, find_written_out
from router.decide.detect.hidden import SHORTEST_HIDDEN, compile_hidden, is_of_one_case
from router.decide.detect.manner import STRICT
from router.decide.detect.national import compile_national_ids
from router.decide.detect.numbers import compile_numbers, may_hold_number
from router.decide.detect.plain import UnreadError, may_be_encoded, readings, trace
from router.decide.detect.shapes import compile_harmless
from router.decide.detect.spans import Span
from router.decide.detect.wallets import find_wallets
from router.decide.detect.whole import compile_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from router.decide.detect.manner import Manner

KINDS = ("email", "jwt", "crypto", "card", "iban", "mac", "ssn", "national_id", "ip", "phone")
"""All kinds, the surest first: where two overlap, the earlier one counts."""

_LONGEST = 65_536
"""Characters; a longer text is personal data as a whole. Segment allows an event 32 KB."""
_DEEPEST = 3
"""So often a text may be hidden in base64; what is deeper counts as personal data."""
_Find: TypeAlias = "Callable[[str], Sequence[Span]]"


class Finder(NamedTuple):
    """What finds personal data in a text: spans in order, none overlapping.

    `is_harmless` tells of most texts, by something true, that they hold none; `search` finds what
    is in any. `clean` are texts that hold none, for those who search to note and to ask first.
    """

    is_harmless: Callable[[str], object]
    search: Callable[[str], list[Span]]
    clean: Clean

    def find(self, text: str) -> list[Span]:
        """Return the spans of a text."""
        return [] if self.is_harmless(text) else self.search(text)


@lru_cache(maxsize=64)
def compile_finder(kinds: frozenset[str], manner: Manner = STRICT) -> Finder:
    """Return what finds these kinds in a manner; equal ones share what they remember."""
    search = _Search(kinds, manner)
    is_whole, through = compile_whole(kinds, manner), search.through

    def closely(text: str) -> list[Span]:
        whole = is_whole(text)
        return [Span(0, len(text), str(whole.lastgroup), text)] if whole else through(text)

    return Finder(search.is_harmless, closely, Clean())


class _Search:
    """The search for some kinds of personal data."""

    def __init__(self, kinds: frozenset[str], manner: Manner) -> None:
        self.is_harmless = compile_harmless(kinds, manner)
        self._email = "email" in kinds
        numbers = bool(kinds & {"phone", "card", "ssn"}), compile_numbers(kinds, manner)
        national = "national_id" in kinds, compile_national_ids(manner)
        self._of_digits = _wanted(numbers, national)
        self._in_digits = _wanted(numbers, ("iban" in kinds, find_ibans))
        self._anywhere = _wanted(
            ("ip" in kinds, find_ips),
            ("mac" in kinds, find_macs),
            ("crypto" in kinds, find_wallets),
            ("card" in kinds, find_parted_cards),
            national,
        )
        self._hidden = compile_hidden(self.through, tokens="jwt" in kinds)
        self._surest = next((kind for kind in KINDS if kind in kinds), "")

    def through(self, text: str, depth: int = 0) -> list[Span]:
        """Return the spans of a text that is hidden so deep in others."""
        if not self._surest:
            return []
        if len(text) > _LONGEST or depth > _DEEPEST:
            return [Span(0, len(text), self._surest, text)]
        if depth and self.is_harmless(text):
            return []
        if not may_be_encoded(text):
            return self._plainly(text, depth)
        try:
            rounds = readings(text)
        except UnreadError:
            return [Span(0, len(text), self._surest, text)]
        spans = self._plainly(rounds[-1], depth)
        if spans and rounds[-1] != text:
            places = trace(rounds, [(span.start, span.end) for span in spans])
            spans = [
                Span(*place, span.kind, span.plain)
                for place, span in zip(places, spans, strict=True)
            ]
        return spans

    def _plainly(self, text: str, depth: int) -> list[Span]:
        spans: list[Span] = []
        if text.isdigit():
            for search in self._of_digits:
                spans += search(text)
        else:
            self._in_words(text, depth, spans)
        return _apart(spans) if len(spans) > 1 else spans

    def _in_words(self, text: str, depth: int, spans: list[Span]) -> None:
        """Add the spans of a text that is more than digits."""
        if self._email:
            if "@" in text:
                spans += find_emails(text)
                if spans and spans[0].end - spans[0].start == len(text):
                    return  # nothing is surer
            if " " in text or "(" in text or "[" in text:
                spans += find_written_out(text)
        if self._in_digits and may_hold_number(text):
            for search in self._in_digits:
                spans += search(text)
        for search in self._anywhere:
            spans += search(text)
        if len(text) >= SHORTEST_HIDDEN and not is_of_one_case(text):
            spans += self._hidden(text, depth)


def _wanted(*searches: tuple[bool, _Find]) -> list[_Find]:
    return [search for is_wanted, search in searches if is_wanted]


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
