"""From a configuration to the engine's parts: the router, and a dispatcher per destination."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from destinations.contract import speaks_http
from router.config.adapters import adapter_classes
from router.config.compiled import compiled, sources
from router.config.secret_key import privacy_key
from router.engine.care.solitude import Solitude
from router.engine.deliver.attempt import Attempter
from router.engine.deliver.batching import limits
from router.engine.deliver.dispatch import Dispatcher
from router.engine.deliver.latest import Latest
from router.engine.deliver.unordered import Unordered
from router.engine.deliver.window import Window
from router.engine.hold.announcing import Announcer
from router.engine.hold.capacity import Capacity
from router.engine.hold.holding import Holding
from router.engine.hold.learning import Learner
from router.engine.hold.network import Network
from router.engine.judge.ruling import RulingTransport, compile_rulings
from router.engine.judge.settlement import Patience
from router.engine.out.sender import Sender
from router.engine.out.transport import Transport
from router.engine.route.packing import Packing
from router.engine.route.queues import Bound, Queues
from router.engine.route.routing import Router
from router.store.marks import limits as mark_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import httpx

    from router.config.sections.whole import Config
    from router.decide.routes import Route
    from router.engine.deliver.home import Home
    from router.engine.deliver.window import Ordering
    from router.store.marks import MarkLimits
    from router.store.store import Store

WINDOW_EVENTS = 2_000
"""Entries in memory for one destination, at least; else as many full rounds of its batches as:"""
WINDOW_ROUNDS = 2
TURN_EVENTS = 50
"""Entries in memory of one turn, at least; half a window holds as many for each open request."""
ANNOUNCED_WITHIN = 10.0
"""Seconds that the operator's webhook may take."""
SLOW_SHARE = 0.8
"""Share of its timeout that an attempt takes which counts as slow."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What an engine works with."""

    router: Router
    marks: MarkLimits
    latest: Latest
    queues: Queues
    dispatchers: list[Dispatcher]
    solitude: Solitude
    packing: Packing
    announcer: Announcer | None = None

    def stuck(self) -> dict[str, int]:
        """Return how many entries wait for a failing one, where the intake waits for room."""
        found = {one.lane: one.stuck for one in self.dispatchers if one.lane in self.queues.waited}
        return {lane: stuck for lane, stuck in found.items() if stuck}

    async def close(self) -> None:
        """Close what the adapters and their connections hold."""
        for dispatcher in self.dispatchers:
            await dispatcher.close()
        if self.announcer is not None:
            await self.announcer.close()


def assemble(
    config: Config,
    store: Store,
    owner: str,
    transport: Callable[[str], httpx.AsyncBaseTransport] | None = None,
) -> Parts:
    """Make the parts; `transport` gives another one per destination (a test's MockTransport)."""
    routes = compiled(config)
    shared = _Shared(config, store, owner, Latest(store.preferences), Network(), Solitude())
    dispatchers = [
        _dispatcher(shared, route, transport(route.name) if transport else None)
        for route in routes.destinations
    ]

    def held() -> frozenset[int]:
        return frozenset([place for place, one in enumerate(dispatchers) if one.hold])

    packing = Packing(
        held=held,
        follows=config.dictionary == "learned",
        learns=config.dictionary == "learned" and config.worker.hosting != "slices",
    )
    return Parts(
        Router(routes, sources(config), privacy_key(config), store.shards, packing=packing),
        mark_limits(config.dedupe.window, config.dedupe.memory),
        shared.latest,
        Queues(list(_bounds(config, routes.destinations)), store.lengths, store.members.stuck),
        dispatchers,
        shared.solitude,
        packing,
        _announcer(shared, transport("announce") if transport else None),
    )


def _bounds(config: Config, routes: Sequence[Route]) -> Iterator[Bound]:
    for place, route in enumerate(routes):
        queue = config.destinations[route.name].delivery.queue
        if queue.events is not None:
            yield Bound(route.name, route.lane, place, queue.events, queue.full == "refuse")


class _Shared(NamedTuple):
    """What the dispatchers of one engine have in common."""

    config: Config
    store: Store
    owner: str
    latest: Latest
    network: Network
    solitude: Solitude


def _announcer(shared: _Shared, transport: httpx.AsyncBaseTransport | None) -> Announcer | None:
    wanted = shared.config.announce
    if wanted is None:
        return None
    way_out = transport or Transport(
        shared.config.egress.allow, connections=1, timeout=ANNOUNCED_WITHIN
    )
    webhook = adapter_classes()["webhook"]
    adapter = webhook(webhook.Settings.model_validate(wanted.model_dump()))
    return Announcer(shared.store.holds, adapter, way_out, within=ANNOUNCED_WITHIN)


def _dispatcher(
    shared: _Shared, route: Route, transport: httpx.AsyncBaseTransport | None
) -> Dispatcher:
    section = shared.config.destinations[route.name]
    wishes = section.delivery
    timeout = wishes.timeout.total_seconds()
    concurrency = wishes.most_requests
    adapter = section.adapter()
    batch = limits(adapter.batch, wishes.batch)
    way_out = transport or Transport(
        shared.config.egress.allow, connections=concurrency, timeout=timeout
    )
    if wishes.outcomes:
        way_out = RulingTransport(way_out, compile_rulings(wishes.outcomes))
    sender = Sender(shared.store, route.lane, way_out, timeout=timeout, rate=wishes.rate)
    attempter = Attempter(
        route, adapter, sender, latest=shared.latest, batch=batch, timeout=timeout
    )
    network = shared.network if speaks_http(adapter) else None
    capacity = Capacity(concurrency) if wishes.concurrency == "auto" else None
    return Dispatcher(
        route.name,
        route.lane,
        attempter,
        window=_window(wishes.ordering, WINDOW_ROUNDS * concurrency, batch.events),
        learner=Learner(route.name, attempter, network=network, capacity=capacity),
        holding=Holding(
            route.name, shared.store.holds, shared.owner, slow_after=SLOW_SHARE * timeout
        ),
        patience=Patience(wishes.retry.attempts, wishes.retry.for_),
        concurrency=concurrency,
        gather=wishes.batch.wait.total_seconds(),
        solitude=shared.solitude,
    )


def _window(ordering: Ordering, rounds: int, together: int) -> Window[Home]:
    """Return a window for so many full batches, of so many events."""
    most = max(WINDOW_EVENTS, rounds * max(TURN_EVENTS, together))
    if ordering == "none":
        return Unordered(most=most, share=most // rounds)
    return Window(ordering, most=most, share=most // rounds)
