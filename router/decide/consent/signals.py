"""Signals: what an event says about consent, read once and carried with each of its deliveries.

Read are `context` itself and the objects `consent`, `privacy`, `regs` and `regs.ext` (OpenRTB) and
`headers` in it, under the names of `decide.consent.places`. Where an event says a thing twice, the
stricter counts; two strings that differ count as one that cannot be decoded.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from router.decide.consent.places import (
    CATEGORIES,
    EXT,
    HOMES,
    NAMES,
    PREFERENCES,
    REGS,
    RUDDER,
    SEGMENT,
    TOP,
    WITHIN,
    places_in,
)
from router.decide.consent.reading import READERS, Found
from router.decide.spelling import spelled

if TYPE_CHECKING:
    from router.events.event import Event

Signals: TypeAlias = "dict[str, Any] | None"


def signals(event: Event) -> Signals:
    """Return what an event says about consent, as a small JSON value; None when it says nothing.

    By kind, each only where the event speaks of it: `categories` {name: true, false, or null for
    another value}, `malformed` true (categories of a shape that cannot be read), `provider` and
    `strategy` (RudderStack's, as they came), `gpc` true or false, `usp` text, `tcf` {"applies":
    true, false or null, "string": text}, `gpp` {"string": text, "sections": ids that apply, or
    null}, `google` {name: "granted" or "denied"}. A text that cannot be read is "".
    """
    context = event.data.get("context")
    if type(context) is not dict or not (places := places_in(context)):
        return None
    found = Found()
    for key in places:
        value = context[key]
        if value is None:
            continue
        if key == SEGMENT:
            _read_consent(found, value)
        elif key == RUDDER:
            found.lists(value)
        elif spelled(key) in HOMES:
            _read_home(found, value)
            if spelled(key) == REGS and type(value) is dict:
                _read_home(found, value.get(EXT))
        elif spelled(key) == SEGMENT:
            found.preferences("malformed")
            _read_home(found, value)
        else:
            _read_home(found, {key: value})
    return found.signals()


def _read_consent(found: Found, consent: Any) -> None:
    """Read `context.consent`: Segment's preferences, and whatever else it holds.

    One that is there and says nothing is a refusal of all categories; `[]` is PHP's empty map.
    """
    if type(consent) is not dict:
        found.preferences(None if consent == [] else "malformed")
        return
    preferred = PREFERENCES in consent
    holds = len(consent) > preferred and _read_home(found, consent, PREFERENCES)
    if preferred or not holds:
        found.preferences(consent.get(PREFERENCES))


def _read_home(found: Found, home: Any, aside: str | None = None) -> bool:
    """Read an object (or a list of headers) that may hold any of the kinds; True when one does.

    Categories in it cannot be read, but under the name `aside`, which is left to others.
    """
    if type(home) is list:
        _read_headers(found, home)
    if type(home) is not dict:
        return False
    holds = False
    for key, value in home.items():
        if key != aside and spelled(key) in CATEGORIES:
            found.preferences("malformed")
            holds = True
        if value is None:
            continue
        kind = TOP.get(key) or NAMES.get(spelled(key))
        if kind is not None:
            _read_kind(found, kind, value)
        elif not found.google_name(key, value):
            continue
        holds = True
    return holds


def _read_headers(found: Found, headers: list[Any]) -> None:
    """Read headers that are a list: pairs, `{name, value}`, or names and values in turn."""
    texts = [each for each in headers if type(each) is str]
    pairs: list[Any] = list(pairwise(texts))
    for each in headers:
        if type(each) is dict:
            pairs.append((each.get("name", each.get("key")), each.get("value")))
        elif type(each) is list and len(each) == 2:
            pairs.append(each)
    for name, value in pairs:
        if type(name) is str:
            _read_home(found, {name: value})


def _read_kind(found: Found, kind: str, value: Any) -> None:
    """Read a value under a kind's name; an object there holds its parts under short names."""
    parts = WITHIN.get(kind)
    if parts is not None and type(value) is dict:
        known = [(part, item) for key, item in value.items() if (part := parts.get(spelled(key)))]
        for part, item in known:
            if item is not None:
                READERS[part](found, item)
        if known:
            return
    READERS[kind](found, value)
