"""Updates: events that are there to tell a preference, and what they tell of each category."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from router.decide.consent.places import RUDDER

if TYPE_CHECKING:
    from collections.abc import Collection

    from router.decide.consent.signals import Signals
    from router.events.event import Event

UPDATES = frozenset({"Segment Consent Preference Updated", "Consent Management Interaction"})
"""Track events by which the SDKs of Segment and of RudderStack tell a new preference."""

ASIDE = frozenset({"provider", "strategy", "gpc"})
"""Kinds that no update is about: how categories are meant, and what the browser always sends."""

Asked: TypeAlias = "Collection[tuple[str | None, str]]"
"""Categories that destinations need, each after the consent platform whose it is (None: any)."""


def is_update(event: Event) -> bool:
    """Tell whether an event is there to tell a preference."""
    return event.type == "track" and event.data.get("event") in UPDATES


def updated(event: Event, said: Signals, asked: Asked) -> dict[str, Any]:
    """Return what an update with these signals says; of one that cannot be read, that it is none.

    RudderStack's allowed list is whole: what destinations need and is not in it is taken back.
    """
    says = dict(said or ())
    if not says.keys() - ASIDE or says.get("categories") == {}:
        says["malformed"] = True
    elif "malformed" not in says and _lists_allowed(event.data):
        provider = says.get("provider")
        left_out = {name: False for whose, name in asked
                    if whose is None or provider in (None, whose)}  # fmt: skip
        says["categories"] = left_out | says["categories"]
    return says


def _lists_allowed(data: dict[str, Any]) -> bool:
    lists = (data.get("context") or {}).get(RUDDER)
    return type(lists) is dict and type(lists.get("allowedConsentIds")) is list
