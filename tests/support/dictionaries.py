"""Dictionaries that were learned, for tests: made from events of many users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.engine.route.packing import SAMPLES
from router.engine.route.training import better
from router.store.codec import Envelope, text_of
from router.store.dictionary import BY_SIGN, LEARNED, SHIPPED, Dictionary, learned

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = 1_790_000_000_000
USERS = 100
WORDS = ("plan enterprise", "checkout started", "colour of the season", "a title of our shop")


def entry(number: int, dictionary: Dictionary = SHIPPED) -> bytes:
    """Return an entry of one of many users, who all use the same few words."""
    envelope = Envelope(f"m{number}", "track", "default", NOW, None, dictionary=dictionary)
    word = WORDS[number % len(WORDS)]
    said = f'"invoice_reference":"{number * 7919:08}","our_own_property":"{word}"'
    return envelope.pack((), b'{"type":"track","properties":{%b}}' % said.encode())


def samples() -> Iterator[tuple[bytes, bytes]]:
    """Yield turns and texts of entries, as many as are learned from."""
    for number in range(SAMPLES):
        yield b"user %d" % (number % USERS), text_of(entry(number))


def made() -> Dictionary:
    """Return a dictionary that was learned from those entries."""
    raw = better(list(samples()), SHIPPED)
    assert raw is not None
    return learned(raw)


def forget() -> None:
    """Know no learned dictionary any more, as a process that has just started."""
    for sign in [sign for sign in BY_SIGN if sign[:1] == LEARNED]:
        del BY_SIGN[sign]
