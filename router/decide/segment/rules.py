"""What Segment would have done with an event: its rules, for comparison only.

Written from its documentation (filtering data, common fields, consent in Segment Connections,
destination filters, warehouses) and, for odd values of the `integrations` map, from its published
server libraries: there only a false under the exact name turns off. The order is Segment's: event
type, consent, integrations, what the browser has sent, destination filters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from router.decide.filters.sieve import compile_sieve
from router.decide.integrations import is_warehouse
from router.decide.verdict import Send, Skip

if TYPE_CHECKING:
    from collections.abc import Callable

    from destinations import Adapter
    from router.decide.sections import DestinationSection
    from router.events.event import Event

SegmentReason: TypeAlias = Literal[
    "SOURCE_NOT_CONNECTED", "UNSUPPORTED_EVENT_TYPE", "FILTERED_BY_END_USER_CONSENT",
    "FILTERED_BY_INTEGRATIONS_OBJECT", "MESSAGE_SENT_CLIENT_SIDE", "FILTERED_BY_RULES",
]  # fmt: skip
"""Segment's own codes, but for the first: there the event gets near no destination."""
Segment: TypeAlias = "Callable[[Event], SegmentReason | None]"

PREFERENCE_EVENT = "Segment Consent Preference Updated"
"""Goes out regardless, so that the vendor learns of the change."""
SALESFORCE = "Salesforce"
"""The only destination that is off until it is named."""


def compile_segment(
    name: str, section: DestinationSection, adapter: type[Adapter[Any]], catalogue: frozenset[str]
) -> Segment:
    """Return what tells why Segment would not have sent an event; None when it would have.

    `catalogue` are the names that Segment knows the destination by: the adapter's.
    """
    needed = section.consent and (*section.consent.require, *section.consent.any)
    consents = _compile_consent(needed or ())
    allows = (
        _compile_warehouse({name, *section.known_as})
        if is_warehouse(catalogue)
        else _compile_map(catalogue, default=adapter.name != SALESFORCE)
    )
    sources, accepts = section.sources, adapter.accepts
    filtered = _compile_filters(name, section)
    stops: tuple[tuple[SegmentReason, Callable[[Event], bool]], ...] = (
        ("SOURCE_NOT_CONNECTED", lambda event: not (sources is None or event.source in sources)),
        ("UNSUPPORTED_EVENT_TYPE", lambda event: event.type not in accepts),
        ("FILTERED_BY_END_USER_CONSENT", lambda event: not consents(event)),
        ("FILTERED_BY_INTEGRATIONS_OBJECT", lambda event: not allows(_map_of(event))),
        ("MESSAGE_SENT_CLIENT_SIDE", lambda event: not catalogue.isdisjoint(event.bundled)),
        ("FILTERED_BY_RULES", filtered),
    )
    return lambda event: next((reason for reason, stop in stops if stop(event)), None)


def tells_preference(event: Event) -> bool:
    """Tell whether an event is the one that goes out regardless: the name is reserved for track."""
    return event.type == "track" and event.data.get("event") == PREFERENCE_EVENT


def _map_of(event: Event) -> dict[str, Any]:
    given = event.data.get("integrations")
    return given if type(given) is dict else {}


def _compile_consent(needed: tuple[str, ...]) -> Callable[[Event], bool]:
    """Return whether consent lets an event go to a destination mapped to these categories.

    Without the consent object nothing is enforced. Of one without preferences the documentation
    says both: all destinations when there is no map, none of the mapped when there is one. Of
    one in another shape it says nothing; it is taken for absent.
    """

    def consents(event: Event) -> bool:
        consent = (event.data.get("context") or {}).get("consent")
        if not needed or type(consent) is not dict or tells_preference(event):
            return True
        preferences = consent.get("categoryPreferences")
        if preferences is None:
            return not event.data.get("integrations")
        if type(preferences) is not dict:
            return True
        return all(preferences.get(category) is True for category in needed)

    return consents


def _compile_map(catalogue: frozenset[str], *, default: bool) -> Callable[[dict[str, Any]], bool]:
    def allows(given: dict[str, Any]) -> bool:
        for name, value in given.items():
            if name in catalogue:
                return value is not False
        everything = next((given[name] for name in given if name.lower() == "all"), None)
        return default and everything is not False

    return allows


def _compile_filters(name: str, section: DestinationSection) -> Callable[[Event], bool]:
    """Return whether destination filters stop an event: the same ones, documented by Segment."""
    sieve = compile_sieve(name, section.events, section.filters)
    if sieve is None:
        return lambda _: False
    anyhow = Send("segment")
    return lambda event: isinstance(sieve(event, anyhow), Skip)


def _compile_warehouse(ids: set[str]) -> Callable[[dict[str, Any]], bool]:
    """Return what reads `Warehouses`; a warehouse hears nothing else, `All: false` included."""

    def allows(given: dict[str, Any]) -> bool:
        chosen = given.get("Warehouses")
        if type(chosen) is not dict:
            return True
        if type(chosen.get("warehouseIds")) is list:
            return not ids.isdisjoint(filter(_is_text, chosen["warehouseIds"]))
        return chosen.get("all") is not False

    return allows


def _is_text(value: Any) -> bool:
    return type(value) is str
