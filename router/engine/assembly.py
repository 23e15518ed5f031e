"""From a configuration to the engine's parts: the router, and a dispatcher per destination."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from router.config.compiled import compiled, sources
from router.config.secret_key import privacy_key
from router.engine.attempt import Attempter
from router.engine.batching import limits
from router.engine.capacity import Capacity
from router.engine.dispatch import Dispatcher
from router.engine.holding import Holding
from router.engine.latest import Latest
from router.engine.routing import Router
from router.engine.ruling import RulingTransport, compile_rulings
from router.engine.sender import Sender
from router.engine.settlement import Patience
from router.engine.transport import Transport
from router.engine.window import Window
from router.store.marks import limits as mark_limits

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from router.config.model import Config
    from router.decide.routes import Route
    from router.store.marks import MarkLimits
    from router.store.store import Store

WINDOW_EVENTS = 2_000
"""Entries in memory for one destination, at least; else as many full rounds of its batches as:"""
WINDOW_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Parts:
    """What an engine works with."""

    router: Router
    marks: MarkLimits
    latest: Latest
    dispatchers: list[Dispatcher]

    async def close(self) -> None:
        """Close what the adapters and their connections hold."""
        for dispatcher in self.dispatchers:
            await dispatcher.close()


def assemble(
    config: Config,
    store: Store,
    owner: str,
    transport: Callable[[str], httpx.AsyncBaseTransport] | None = None,
) -> Parts:
    """Make the parts; `transport` gives another one per destination (a test's MockTransport)."""
    routes = compiled(config)
    latest = Latest(store.preferences)
    return Parts(
        Router(routes, sources(config), privacy_key(config), store.shards),
        mark_limits(config.dedupe.window, config.dedupe.memory),
        latest,
        [
            _dispatcher(
                config, route, store, latest, owner=owner,
                transport=transport(route.name) if transport else None,
            )
            for route in routes.destinations
        ],
    )  # fmt: skip


def _dispatcher(  # noqa: PLR0913 - what an assembly is made from
    config: Config,
    route: Route,
    store: Store,
    latest: Latest,
    *,
    owner: str,
    transport: httpx.AsyncBaseTransport | None,
) -> Dispatcher:
    section = config.destinations[route.name]
    wishes = section.delivery
    timeout = wishes.timeout.total_seconds()
    adapter = section.adapter()
    batch = limits(adapter.batch, wishes.batch)
    concurrency = wishes.most_requests
    way_out = transport or Transport(config.egress.allow, connections=concurrency, timeout=timeout)
    if wishes.outcomes:
        way_out = RulingTransport(way_out, compile_rulings(wishes.outcomes))
    sender = Sender(store, route.lane, way_out, timeout=timeout, rate=wishes.rate)
    most = max(WINDOW_EVENTS, WINDOW_ROUNDS * concurrency * batch.events)
    return Dispatcher(
        route.name,
        route.lane,
        Attempter(route, adapter, sender, latest=latest, batch=batch, timeout=timeout),
        window=Window(wishes.ordering, most=most),
        holding=Holding(route.name, store.holds, owner),
        patience=Patience(wishes.retry.attempts, wishes.retry.for_),
        concurrency=concurrency,
        capacity=Capacity(concurrency) if wishes.concurrency == "auto" else None,
        gather=wishes.batch.wait.total_seconds(),
    )
