"""How numbers are looked for in a text: strictly, or as what is around them allows."""

from __future__ import annotations

from typing import NamedTuple


class Manner(NamedTuple):
    """What the place of a text says about the numbers in it."""

    prose: bool = False
    """It is free text: numbers need less of a form."""
    named: frozenset[str] = frozenset()
    """Kinds that its key says it holds: numbers of theirs need no form."""
    other: bool = False
    """Its key names a number that is no person's (`order_id`): digits in a row are that."""


STRICT = Manner()
