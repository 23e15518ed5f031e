"""From entries to texts of the same shapes in which nobody's values stand. Pure.

A key or a value stays if entries of so many users have it that it says nothing of one of them, and
nothing about it is personal: neither by its key nor by what detection finds in it. All others give
way to characters drawn by lot, each to one of its kind and width.
"""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import takewhile
from string import ascii_lowercase, ascii_uppercase, digits
from typing import TYPE_CHECKING, Any, NewType

import orjson

from router.decide.detect.finder import KINDS, compile_finder
from router.decide.policy.keys import Colour, colour_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Anonymous = NewType("Anonymous", bytes)
"""A text in which no value of fewer than SHARED_BY users stands."""

SHARED_BY = 20
"""Users whose entries have a value in common, before it may stand in a dictionary."""
_PERSONAL = frozenset({Colour.RED, Colour.YELLOW, Colour.CONTACT})
_SEED = 20
_WIDE = {2: "é", 3: "中", 4: "𐐀"}
"""What stands for letters beyond ASCII, by their bytes in UTF-8."""
_LONGEST_NUMBER = 18


def anonymised(
    samples: Sequence[tuple[bytes, bytes]], ended: Callable[[], bool] = lambda: False
) -> list[Anonymous]:
    """Return the texts of (user, text) pairs without anybody's values; the same ones every time.

    Who has no name (an empty user) counts for nobody: ids of devices and of messages come by the
    dozen from one person. A text that is no line of envelope and a payload has nothing to teach,
    and is left out; so is what is left when `ended` says so.
    """
    read = [(user, values) for user, text in samples if (values := _values(text)) is not None]
    users: defaultdict[Any, set[bytes]] = defaultdict(set)
    for user, values in read:
        for value in _leaves(values) if user else ():
            users[type(value), value].add(user)
    shared = frozenset(value for value, who in users.items() if len(who) >= SHARED_BY)
    veil = _Veil(shared)
    return [veil.text(values) for _, values in takewhile(lambda _: not ended(), read)]


def _values(text: bytes) -> list[Any] | None:
    """Return envelope and payload; the payload's end may have been left out."""
    line, _, body = text.partition(b"\n")
    for end in (b"", b"}"):
        try:
            return [orjson.loads(line), orjson.loads(body + end)]
        except orjson.JSONDecodeError:
            continue
    return None


def _leaves(value: Any) -> Iterator[Any]:
    """Yield every key, text and number in a value."""
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


class _Veil:
    """Puts characters drawn by lot where a value is not shared, or is personal."""

    def __init__(self, shared: frozenset[Any]) -> None:
        self._shared = shared
        self._lot = random.Random(_SEED)  # noqa: S311 - it draws fillers, no secrets
        self._find = compile_finder(frozenset(KINDS)).find

    def text(self, values: list[Any]) -> Anonymous:
        """Return envelope and payload as one text again."""
        line, body = (orjson.dumps(self._value(value)) for value in values)
        return Anonymous(line + b"\n" + body)

    def _value(self, value: Any, *, personal: bool = False, person: bool = False) -> Any:
        if isinstance(value, dict):
            return {
                self._word(key, personal=False): self._below(key, item, personal, person)
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [self._value(item, personal=personal, person=person) for item in value]
        if isinstance(value, str):
            return self._word(value, personal=personal)
        if isinstance(value, bool) or value is None:
            return value
        return self._number(value, personal=personal)

    def _below(self, key: str, item: Any, personal: bool, person: bool) -> Any:  # noqa: FBT001 - what is above
        colour = colour_of(key)
        personal = personal or colour in _PERSONAL or (colour is Colour.NAME and person)
        return self._value(item, personal=personal, person=colour is Colour.PERSON)

    def _word(self, text: str, *, personal: bool) -> str:
        if not personal and (str, text) in self._shared and not self._find(text):
            return text
        return "".join(map(self._character, text))

    def _number(self, number: Any, *, personal: bool) -> Any:
        text = repr(number)
        if not personal and (type(number), number) in self._shared and not self._find(text):
            return number
        drawn = "".join(self._lot.choice(digits) if each.isdigit() else each for each in text)
        if isinstance(number, float):
            return float(drawn)
        return int("1" + drawn.strip("-")[1:_LONGEST_NUMBER])

    def _character(self, character: str) -> str:
        if character.isascii():
            for alphabet in (digits, ascii_lowercase, ascii_uppercase):
                if character in alphabet:
                    return self._lot.choice(alphabet)
            return character
        return _WIDE[len(character.encode())]
