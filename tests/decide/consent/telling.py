"""Telling cases of consent in one line each."""

from __future__ import annotations

from typing import Any

import orjson

from tests.decide.cases import Case

ADS = "uses: [analytics]\nconsent: {require: [ads]}"
SELLS = 'uses: [sale]\nconsent: {not_required: "see uses"}'
MEASURES = 'uses: [analytics]\nconsent: {not_required: "our processor"}'
"""What destinations of several tables declare."""

DOUBT = "doubt denies"
"""A why that comes more than once."""


def case(
    title: str, context: Any, declared: str, reason: str | None, why: str, *, above: str = ""
) -> Case:
    """Return the case of an event with this context."""
    text = orjson.dumps({"context": context} if context else {}).decode()
    return Case(title, text, declared, "skip" if reason else "send", reason, why, above)


def said(**preferences: Any) -> dict[str, Any]:
    """Return Segment's consent object."""
    return {"consent": {"categoryPreferences": preferences}}


def lists(allowed: Any, denied: Any, **more: Any) -> dict[str, Any]:
    """Return RudderStack's consent object."""
    both = {"allowedConsentIds": allowed, "deniedConsentIds": denied}
    return {"consentManagement": both | more}
