"""Free text: what people write in their own words, and what they ask, by the key it stands under.

Names and streets in a sentence cannot be told by their form. Where an operator wants none of them
to pass (`pii.free_text: redact`), what people write is taken as personal as a whole, and a search
that reads like a name as well.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from router.decide.policy.keys import phrases, phrases_of


class Told(Enum):
    """What a key says of the words below it."""

    NOTHING = "nothing"
    WRITTEN = "written"
    """A person wrote them: `message`, `comment`."""
    ASKED = "asked"
    """A person looked for them: `query`."""


WRITTEN = phrases("""message, comment, feedback, complaint, inquiry, enquiry, remark, reply,
    testimonial, opinion, bio, transcript, chat, free text, request text, note, review, instruction,
    question, answer, nachricht, kommentar, bemerkung, notiz, mensaje, mensagem, commentaire,
    messaggio""")
ASKED = phrases("query, search, search term, search text, search query, keyword, q")
MOST_WORDS_OF_A_NAME = 4


@lru_cache(maxsize=4096)
def told_by(key: str) -> Told:
    """Return what a key says of the words below it."""
    said = phrases_of(key)
    if not WRITTEN.isdisjoint(said):
        return Told.WRITTEN
    return Told.NOTHING if ASKED.isdisjoint(said) else Told.ASKED


def is_words(text: str) -> bool:
    """Tell whether a text is more than one word."""
    return len(text.split(None, 2)) > 1


def may_be_name(text: str) -> bool:
    """Tell whether a text reads like a person's name: a few words, each with a capital.

    Scripts without capitals count as if they had one.
    """
    words = text.split(None, MOST_WORDS_OF_A_NAME + 1)
    return 2 <= len(words) <= MOST_WORDS_OF_A_NAME and all(
        word[0].isalpha() and not word[0].islower() for word in words
    )
