"""What should come of events, worked out from the configuration alone: no store, no worker."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from router.config.secret_key import privacy_key
from router.decide.routes import compile_routes
from router.decide.verdict import Skip
from router.events.event import Arrival
from router.events.parse import parse
from tests.support.corpus import encode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from router.config import Config
    from tests.support.corpus import JSON


@dataclass(frozen=True, slots=True)
class Plan:
    """Who should get which message, and how many are skipped for which reason."""

    sends: dict[str, set[str]]
    skips: dict[str, Counter[str]]

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
    for sent in events:
        event = parse(Arrival(encode(sent), "plan:1-0"), {}, 0)
        for route, verdict in zip(routes.destinations, routes.verdicts(event), strict=True):
            if isinstance(verdict, Skip):
                plan.skips[route.name][verdict.reason] += 1
            else:
                plan.sends[route.name].add(event.message_id)
    return plan
