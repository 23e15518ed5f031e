"""Rules that go by what keys say: `keys: [red, yellow, "loyalty number"]`, at any depth.

`red` and `yellow` mean what they mean to `pii.trusted` (see `policy.keys`): Segment's matchers,
read as words. Words of one's own are found in a key wherever they stand together.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from router.decide.policy.keys import Colour, colour_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

PRESETS = frozenset({"red", "yellow"})
_MOST_KEYS = 4096
_NOBODY, _PERSON, _THERE, _GROUP = range(4)
"""Positions: at a place that is no person's, at a person's, at a match, at a group event's root."""


class Named:
    """The keys that a rule names, as a rule follows them down an event."""

    start = _NOBODY
    group_start = _GROUP
    """Where an event of type `group` begins: its traits are no person's."""
    end = _THERE

    def __init__(
        self, colours: Iterable[Colour] = (), phrases: Iterable[str] = (), *, names: bool = False
    ) -> None:
        self._colours = frozenset(colours)
        self._phrases = frozenset(tuple(map(_singular, words_of(each))) for each in phrases)
        self._names = names
        self._says = lru_cache(_MOST_KEYS)(self._says_anew)

    def rests(self, position: int) -> tuple[int, ...]:
        """Return the positions that one holds at the same time."""
        return (position,)

    def advance(self, position: int, at: str | int) -> tuple[int, ...]:
        """Return the positions after going into a key (or an index)."""
        if isinstance(at, int):
            return (position,)
        if self._says(at) or (self._names and position == _PERSON and _is_name(at)):
            return (_THERE,)
        of_person = colour_of(at) is Colour.PERSON and not (position == _GROUP and at == "traits")
        return (_PERSON,) if of_person else (_NOBODY,)

    def key_at(self, _: int) -> str | None:
        """Return None: any key may match."""
        return None

    def _says_anew(self, key: str) -> bool:
        if colour_of(key) in self._colours:
            return True
        words = tuple(map(_singular, words_of(key)))
        return any(_is_in(phrase, words) for phrase in self._phrases)


def named(keys: Iterable[str]) -> Named:
    """Return all that the keys of a rule match."""
    colours, phrases = _split(keys)
    yellow = Colour.YELLOW in colours
    return Named(colours | {Colour.CONTACT} if yellow else colours, phrases, names=yellow)


def strict_and_contacts(keys: Iterable[str]) -> tuple[Named, Named | None]:
    """Return the same in two parts: below a contact, true and false say nothing personal.

    `email_verified` is such a flag; `allergy: true` is none.
    """
    colours, phrases = _split(keys)
    contacts = Named({Colour.CONTACT}, names=True) if Colour.YELLOW in colours else None
    return Named(colours, phrases), contacts


def _split(keys: Iterable[str]) -> tuple[set[Colour], set[str]]:
    wanted = set(keys)
    return {Colour(preset) for preset in wanted & PRESETS}, wanted - PRESETS


def _is_name(key: str) -> bool:
    return colour_of(key) is Colour.NAME


def _is_in(phrase: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Tell whether a phrase stands in a key, its words apart or run together."""
    together = "".join(phrase)
    return any(
        "".join(words[start:end]) == together
        for start in range(len(words))
        for end in range(start + 1, min(start + len(phrase), len(words)) + 1)
    )


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
