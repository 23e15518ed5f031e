"""Consent categories: what an event says about them, and whether that is enough.

Two shapes are read, Segment's `context.consent.categoryPreferences` and RudderStack's
`context.consentManagement` with its allowed and denied lists; where an event carries both, a
denial in either wins. Doubt denies: a category that is missing or no boolean, an object of
another shape, no object at all. A destination that declares nothing gets nothing, as soon as
anything in the configuration speaks of consent; where nothing does, nothing is enforced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from router.decide.verdict import Skip
from router.observe.reasons import SkipReason

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.events.event import Event

Signals: TypeAlias = "dict[str, Any] | None"
Consent: TypeAlias = "Callable[[Signals], Skip | None]"

MOST_CATEGORIES = 64
"""An event with more is not believed: its signals travel with each of its deliveries."""
_MALFORMED: dict[str, Any] = {"malformed": True}


class Requirement(Protocol):
    """What a destination's `consent:` section says; one of the three."""

    @property
    def require(self) -> tuple[str, ...]:
        """Categories that must all be true."""

    @property
    def any(self) -> tuple[str, ...]:
        """Categories of which one must be true."""

    @property
    def not_required(self) -> str | None:
        """Why none is needed."""


def signals(event: Event) -> Signals:
    """Return what an event says about consent, as a small JSON value; None when it says nothing.

    `{"categories": {name: true | false | null}}`, null for a value that is no boolean, or
    `{"malformed": true}`.
    """
    context = event.data.get("context")
    if not context:
        return None
    segment = context.get("consent")
    rudder = context.get("consentManagement")
    if segment is None and rudder is None:
        return None
    categories: dict[str, bool | None] = {}
    if segment is not None and not _read_segment(segment, categories):
        return _MALFORMED
    if rudder is not None and not _read_rudder(rudder, categories):
        return _MALFORMED
    return {"categories": categories} if len(categories) <= MOST_CATEGORIES else _MALFORMED


def compile_consent(
    name: str, requirement: Requirement | None, *, enforced: bool, missing: str = "deny"
) -> Consent:
    """Return what judges the signals of an event for one destination: None lets it pass.

    `enforced` tells whether the configuration speaks of consent at all; `missing` is "deny" or
    "allow", for events that say nothing.
    """
    where = f"destinations.{name}.consent"
    if requirement is None:
        undeclared = Skip(SkipReason.CONSENT_UNDECLARED, where) if enforced else None
        return lambda _: undeclared
    if requirement.not_required:
        return lambda _: None
    if not requirement.require and not requirement.any:
        empty = Skip(SkipReason.CONSENT_UNDECLARED, where)
        return lambda _: empty
    absent = Skip(SkipReason.CONSENT_MISSING, where) if missing != "allow" else None
    malformed = Skip(SkipReason.CONSENT_MALFORMED, where)
    judge = _judge_categories(where, requirement, malformed)

    def consents(said: Signals) -> Skip | None:
        if said is None:
            return absent
        categories = said.get("categories")
        return malformed if type(categories) is not dict else judge(categories)

    return consents


def _judge_categories(
    where: str, requirement: Requirement, malformed: Skip
) -> Callable[[dict[str, Any]], Skip | None]:
    needed = tuple(
        (category, Skip(SkipReason.CONSENT_DENIED, f"{where}.require: {category}"))
        for category in requirement.require
    )
    one_of = requirement.any
    none_of = Skip(SkipReason.CONSENT_DENIED, f"{where}.any: {', '.join(one_of)}")

    def judge(categories: dict[str, Any]) -> Skip | None:
        for category, denied in needed:
            if categories.get(category) is not True:
                return malformed if _is_odd(categories, category) else denied
        if one_of and not any(categories.get(category) is True for category in one_of):
            odd = any(_is_odd(categories, category) for category in one_of)
            return malformed if odd else none_of
        return None

    return judge


def _is_odd(categories: dict[str, Any], category: str) -> bool:
    return category in categories and type(categories[category]) is not bool


def _read_segment(consent: Any, categories: dict[str, bool | None]) -> bool:
    """Add Segment's preferences; False when the shape cannot be read. `[]` is PHP's empty map."""
    if type(consent) is not dict:
        return bool(consent == [])
    preferences = consent.get("categoryPreferences")
    if preferences is None or preferences == []:
        return True
    if type(preferences) is not dict:
        return False
    for category, value in preferences.items():
        categories[category] = value if type(value) is bool else None
    return True


def _read_rudder(consent: Any, categories: dict[str, bool | None]) -> bool:
    """Add RudderStack's lists; a category denied anywhere stays denied."""
    if type(consent) is not dict:
        return bool(consent == [])
    allowed = _ids(consent.get("allowedConsentIds"))
    denied = _ids(consent.get("deniedConsentIds"))
    if allowed is None or denied is None:
        return False
    for category in allowed:
        categories.setdefault(category, True)
    for category in denied:
        categories[category] = False
    return True


def _ids(value: Any) -> list[str] | None:
    if value is None:
        return []
    if type(value) is not list or not all(type(item) is str for item in value):
        return None
    return value
