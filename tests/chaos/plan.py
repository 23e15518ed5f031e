"""What should come of events, worked out from the configuration alone: no store, no worker."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from router.config.secret_key import privacy_key
from router.decide.routes import compile_routes
from router.decide.verdict import Send, Skip
from router.events.event import Arrival
from router.events.parse import parse
from router.observe.reasons import SkipReason
from tests.support.corpus import encode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from router.config import Config
    from router.decide.verdict import Verdict
    from router.events.event import Event
    from tests.support.corpus import JSON


@dataclass(frozen=True, slots=True)
class Plan:
    """Who should get which message, and how many are skipped for which reason."""

    sends: dict[str, set[str]]
    skips: dict[str, Counter[str]]
    withdrawable: dict[str, set[str]] = field(default_factory=dict)
    """Of the messages to be sent, those whose user denies it in some other one: which of them is
    attempted before the denial is known, nobody can tell."""

    @property
    def deliveries(self) -> int:
        """How many deliveries are planned in all."""
        return sum(map(len, self.sends.values()))


def planned(config: Config, events: Iterable[JSON]) -> Plan:
    """Return what each destination should get of some events with message ids of their own."""
    adapters = {section.type: section.adapter_class for section in config.destinations.values()}
    routes = compile_routes(config, adapters, privacy_key(config))
    plan = Plan({name: set() for name in config.destinations},
                {name: Counter() for name in config.destinations})  # fmt: skip
    said: dict[str, list[tuple[Event, Verdict]]] = {name: [] for name in config.destinations}
    for sent in events:
        event = parse(Arrival(encode(sent), "plan:1-0"), {}, 0)
        for route, verdict in zip(routes.destinations, routes.verdicts(event), strict=True):
            said[route.name].append((event, verdict))
            if isinstance(verdict, Skip):
                plan.skips[route.name][verdict.reason] += 1
            else:
                plan.sends[route.name].add(event.message_id)
    for name, verdicts in said.items():
        plan.withdrawable[name] = _withdrawable(verdicts)
    return plan


def _withdrawable(verdicts: list[tuple[Event, Verdict]]) -> set[str]:
    """Return the messages whose user denies consent under one of the same ids."""
    denying = {
        one
        for event, verdict in verdicts
        if isinstance(verdict, Skip) and verdict.reason == SkipReason.CONSENT_DENIED
        for one in _ids(event)
    }
    return {
        event.message_id
        for event, verdict in verdicts
        if isinstance(verdict, Send) and not denying.isdisjoint(_ids(event))
    }


def _ids(event: Event) -> set[object]:
    return {event.data.get(name) for name in ("userId", "anonymousId")} - {None}
