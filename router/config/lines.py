"""The line of the file in which a rule stands, found by the name that a verdict gives it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from router.config.document import Document, Where
    from router.config.sections.whole import Config

_INDEX = re.compile(r"\[(\d+)\]")
_ENDS = ("", ".", "[", ":")
"""What may follow a word of the way to a rule: nothing, another word, a place, what it is about."""


def line_of(config: Config, rule: str) -> int | None:
    """Return the line of `destinations.ads.consent.require: advertising`, or of what is around it.

    What the rule is about (`advertising`) is looked for in the list that it names. None for what
    stands in no file: the rules of an adapter, what the event itself says.
    """
    document = config.document
    if document is None:
        return None
    where, rest = _way(document, rule)
    if not where:
        return None
    found, what = document.at(where), rest.removeprefix(": ")
    texts = [str(each) for each in found] if isinstance(found, list) else []
    if what != rest and what in texts:
        where = (*where, texts.index(what))
    return document.spot(where, key=True).line


def _way(document: Document, rule: str) -> tuple[Where, str]:
    """Return the way to what a rule names, as far as the file has it, and what is left of it.

    Names of sources may hold dots and brackets: the file knows where they end.
    """
    where: Where = ()
    while rule and (step := _step(document.at(where), rule)):
        part, rule = step
        where = (*where, part)
    return where, rule


def _step(found: Any, rule: str) -> tuple[str | int, str] | None:
    if isinstance(found, list):
        index = _INDEX.match(rule)
        if index is None or int(index[1]) >= len(found):
            return None
        return int(index[1]), rule[index.end() :].removeprefix(".")
    keys = sorted(found, key=len, reverse=True) if isinstance(found, dict) else ()
    for key in keys:
        if rule.startswith(key) and rule[len(key) : len(key) + 1] in _ENDS:
            return key, rule[len(key) :].removeprefix(".")
    return None
