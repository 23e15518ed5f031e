"""One event under one configuration, on the engine's way: routed, packed, unpacked, requested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import orjson

from destinations import Delivery
from destinations.console import Console
from destinations.contract import speaks_http
from destinations.mixpanel import Mixpanel
from destinations.webhook import Webhook
from router.cli.preview.stand_in import StandIn
from router.config.compiled import compiled, sources
from router.config.reading.load import parse as parse_config
from router.engine.deliver.given import given as made_now
from router.engine.deliver.preview import preview
from router.engine.route.routing import Router
from router.events.parse import parse
from router.store.codec import Entry, unpack
from tests.decide import oracle
from tests.events.making import NOW, arrival

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from router.config import Config
    from router.decide.routes import Route, Routes
    from router.events.event import Arrival, Event

ADAPTERS = {"webhook": Webhook, "mixpanel": Mixpanel, "console": Console}
Written: TypeAlias = "dict[str, Any]"


class Case(NamedTuple):
    """One event under one configuration."""

    config: Config
    routes: Routes
    arrived: Arrival
    event: Event

    @classmethod
    def of(cls, sent: list[dict[str, Any]], written: dict[str, Any]) -> list[Case]:
        """Load the configuration, which JSON can write as well, and read the events."""
        config = parse_config(orjson.dumps(written).decode(), {}, adapters=ADAPTERS)
        routes = compiled(config)
        arrivals = [arrival(orjson.dumps(each)) for each in sent]
        return [cls(config, routes, each, parse(each, sources(config), NOW)) for each in arrivals]

    def entries(self) -> Iterator[tuple[Route, Entry]]:
        """Yield what goes into lanes, unpacked again."""
        router = Router(self.routes, sources(self.config), b"secret", 4)
        [routed] = router.route([self.arrived], NOW).routed
        assert not routed.deads
        for place, body in routed.sends:
            yield self.routes.destinations[place], unpack(routed.bodies[body])

    def deliveries(self) -> Iterator[tuple[Route, Entry, Delivery]]:
        """Yield what adapters are given at a first attempt, nothing being known of the user."""
        for route, entry in self.entries():
            made = made_now(route, entry, 1, NOW)
            assert isinstance(made, Delivery)
            yield route, entry, made

    def requests(self, route: Route, delivery: Delivery) -> list[bytes]:
        """Return every byte of the requests that an adapter makes, headers included."""
        adapter = self.config.destinations[route.name].adapter()
        if not speaks_http(adapter):
            return [delivery.body]
        shown = preview(adapter, [delivery], StandIn())
        return [
            b"\n".join([str(r.url).encode(), *(b"%b: %b" % pair for pair in r.headers.raw),
                        r.content])
            for r in (each.call.request for each in shown)
        ]  # fmt: skip


def trusted(written: dict[str, Any], name: str) -> bool:
    """Tell whether a destination may see personal data."""
    return "pii" not in written or name in written["pii"]["trusted"]


def visible(data: Mapping[str, Any], written: Written, name: str) -> set[str]:
    """Return the canaries of an event that a destination may see at most."""
    found = oracle.shown(data, written["destinations"][name])
    return found if trusted(written, name) else found - oracle.hidden_from_the_untrusted(data)
