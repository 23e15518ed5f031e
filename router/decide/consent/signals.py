"""Signals: what an event says about consent, read once and carried with each of its deliveries.

Two shapes are read, Segment's `context.consent.categoryPreferences` and RudderStack's
`context.consentManagement` with its allowed and denied lists; where an event carries both, a
denial in either wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from router.events.event import Event

Signals: TypeAlias = "dict[str, Any] | None"

MOST_CATEGORIES = 64
"""An event with more is not believed: its signals travel with each of its deliveries."""
_MALFORMED: dict[str, Any] = {"malformed": True}


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
