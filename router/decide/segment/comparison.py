"""What Segment would have decided beside what the router did, and why the two differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from router.decide.integrations import is_warehouse, names_of
from router.decide.segment.differences import Difference
from router.decide.segment.rules import SALESFORCE, compile_segment, tells_preference
from router.decide.spelling import spelled
from router.observe.reasons import ShelfReason, SkipReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from destinations import Adapter
    from router.decide.sections import Configuration
    from router.decide.segment.rules import Segment
    from router.events.event import Event

ALONE = {
    SkipReason.CONSENT_UNDECLARED.value: Difference.UNDECLARED,
    SkipReason.CONSENT_MISSING.value: Difference.FAILS_OPEN,
    SkipReason.CONSENT_MALFORMED.value: Difference.UNREADABLE_CONSENT,
    SkipReason.INTEGRATIONS_MALFORMED.value: Difference.MALFORMED_MAP,
    ShelfReason.POLICY_ERROR.value: Difference.POLICY,
}
"""Why Segment would have sent what the router skips, where the reason alone tells it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One destination, as Segment would have served it."""

    segment: Segment
    catalogue: frozenset[str]
    """The names that Segment knows."""
    warehouse: bool
    default_on: bool
    """False for Salesforce, which Segment leaves off until it is named."""
    any_of: bool
    """Whether one of several categories is enough."""

    def beside(self, event: Event, reason: str | None) -> dict[str, Any]:
        """Return Segment's verdict beside ours, which had this reason (None: it sends).

        Shape: `{"verdict": "send" | "skip", "reason", "differs", "difference", "why"}`: reason is
        a `SegmentReason`, difference the code of a `Difference`, why its sentence.
        """
        theirs = self.segment(event)
        why: Difference | None = None
        if (reason is None) != (theirs is None):
            why = self._why_sent(theirs) if reason is None else self._why_skipped(event, reason)
        return {
            "verdict": "send" if theirs is None else "skip",
            "reason": theirs,
            "differs": why is not None,
            "difference": None if why is None else why.value,
            "why": None if why is None else why.meaning,
        }

    def _why_sent(self, theirs: str | None) -> Difference:
        if theirs == "FILTERED_BY_END_USER_CONSENT":
            return Difference.ANY_OF if self.any_of else Difference.OTHER_SIGNALS
        return Difference.OWN_NAME if self.default_on else Difference.SALESFORCE

    def _why_skipped(self, event: Event, reason: str) -> Difference:
        if reason.startswith("consent.") and reason != SkipReason.CONSENT_UNDECLARED:
            consent = (event.data.get("context") or {}).get("consent")
            if tells_preference(event):
                return Difference.PREFERENCE_EVENT
            silent = type(consent) is dict and consent.get("categoryPreferences") is None
            if silent and reason == SkipReason.CONSENT_DENIED:
                return Difference.FAILS_OPEN
        if reason in ALONE:
            return ALONE[reason]
        if not reason.startswith("integrations."):
            return Difference.OTHER_SIGNALS
        if reason == SkipReason.DEVICE_ALREADY_SENT:
            return self._by_name(event.bundled)
        return Difference.WAREHOUSE if self.warehouse else self._why_off(event.data["integrations"])

    def _why_off(self, given: dict[str, Any]) -> Difference:
        """Name what of a map was heard that Segment overlooks."""
        if any(type(value) is not bool and type(value) is not dict for value in given.values()):
            return Difference.ODD_VALUE
        if any(spelled(name) == "all" and type(value) is dict for name, value in given.items()):
            return Difference.ODD_VALUE
        off = [name for name, value in given.items() if value is False]
        return Difference.TWO_NAMES if self.catalogue & {*off} else self._by_name(off)

    def _by_name(self, names: Iterable[str]) -> Difference:
        known = {"all", *map(spelled, self.catalogue)}
        heard = any(spelled(name) in known for name in names)
        return Difference.SPELLING if heard else Difference.OWN_NAME


def compile_comparison(
    config: Configuration, adapters: Mapping[str, type[Adapter[Any]]]
) -> dict[str, Comparison]:
    """Compile what Segment would do, by destination; raises FilterError."""
    made = {}
    for name, section in config.destinations.items():
        adapter = adapters[section.type]
        catalogue = names_of(adapter.name, adapter.name, adapter.aliases)
        made[name] = Comparison(
            segment=compile_segment(name, section, adapter, catalogue),
            catalogue=catalogue,
            warehouse=is_warehouse(catalogue),
            default_on=adapter.name != SALESFORCE,
            any_of=bool(section.consent and section.consent.any),
        )
    return made
