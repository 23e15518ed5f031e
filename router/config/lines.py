"""The line of the file in which a rule stands, found by the name that a verdict gives it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.config.document import Document, Where
    from router.config.sections.whole import Config

_PART = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def line_of(config: Config, rule: str) -> int | None:
    """Return the line of `destinations.ads.consent.require: advertising`, or of what is around it.

    What the rule is about (`advertising`) is looked for in the list that it names. None for what
    stands in no file: the rules of an adapter, what the event itself says.
    """
    document = config.document
    way, _, what = rule.partition(": ")
    where: Where = tuple(int(place) if place else key for place, key in _PART.findall(way))
    if document is None or not document.where(where[:1]):
        return None
    return document.spot(_item(document, where, what), key=True).line


def _item(document: Document, where: Where, what: str) -> Where:
    found = document.at(where)
    texts = [str(each) for each in found] if isinstance(found, list) else []
    return (*where, texts.index(what)) if what in texts else where
