"""Laws of deciding over any event and any configuration, held against a second opinion.

Every text of an event is a canary of its own (`drawn`), and who may see it is worked out in
another way (`oracle`). Events go the engine's way: routed, packed for a lane, unpacked, given to
the adapter, made requests of.
"""

from __future__ import annotations

import copy
import logging
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import orjson
import yaml
from hypothesis import given

from destinations import Delivery
from destinations.contract import speaks_http
from router.cli.stand_in import StandIn
from router.config.compiled import compiled, sources
from router.config.load import parse as parse_config
from router.decide.explain import explain
from router.engine.given import given as made_now
from router.engine.preview import preview
from router.engine.routing import Router
from router.events.parse import parse
from router.store.codec import Entry, unpack
from tests.decide import oracle
from tests.decide.drawn import configurations, events
from tests.events.making import NOW, arrival

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.config import Config
    from router.decide.routes import Route, Routes
    from router.events.event import Arrival, Event


class Case(NamedTuple):
    """One event under one configuration."""

    config: Config
    routes: Routes
    arrived: Arrival
    event: Event

    @classmethod
    def of(cls, sent: dict[str, Any], written: dict[str, Any]) -> Case:
        """Load the configuration and read the event."""
        config = parse_config(yaml.safe_dump(written), {})
        arrived = arrival(orjson.dumps(sent))
        return cls(config, compiled(config), arrived, parse(arrived, sources(config), NOW))

    def entries(self) -> Iterator[tuple[Route, Entry]]:
        """Yield what goes into lanes, unpacked again."""
        router = Router(self.routes, sources(self.config), b"secret", 4)
        [routed] = router.route([self.arrived], NOW).routed
        assert not routed.deads
        for place, body in routed.sends:
            yield self.routes.destinations[place], unpack(routed.bodies[body])

    def deliveries(self) -> Iterator[tuple[Route, Entry, Delivery]]:
        """Yield what adapters are given at a first attempt."""
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


def visible(case: Case, written: dict[str, Any], name: str) -> set[str]:
    """Return the canaries that a destination may see at most."""
    found = oracle.shown(case.event.data, written["destinations"][name])
    if trusted(written, name):
        return found
    return found - oracle.hidden_from_the_untrusted(case.event.data)


@given(events(), configurations())
def test_who_may_have_it_gets_it_and_nobody_else(
    sent: dict[str, Any], written: dict[str, Any]
) -> None:
    """An event goes exactly to whom consent, its own map and the filter allow it."""
    case = Case.of(sent, written)
    may = {name for name in written["destinations"] if oracle.may_have(sent, name, written)}

    assert may == {route.name for route, _ in case.entries()}
    told = explain(case.event, case.routes)["destinations"]
    assert may == {name for name, verdict in told.items() if verdict["verdict"] == "send"}


@given(events(), configurations())
def test_no_denied_value_is_in_any_byte(sent: dict[str, Any], written: dict[str, Any]) -> None:
    """Whatever is sent, logged, kept in a lane or buried holds nothing that was denied.

    A dead letter is a lane's entry as it stands, moved. Trusted webhooks get exactly what is
    left; what others may see they may also leave out.
    """
    case = Case.of(sent, written)

    with Log() as log:
        for route, entry, delivery in case.deliveries():
            section = written["destinations"][route.name]
            may = visible(case, written, route.name)
            options = oracle.options_shown(case.event.data, section)
            assert oracle.heard(entry.body) <= may
            assert oracle.heard(orjson.dumps(entry.options)) <= options
            assert not oracle.heard(orjson.dumps([entry.transformed, entry.signals]))
            assert not oracle.heard(f"{entry!r}{delivery!r}{case.event!r}{route!r}")
            for raw in case.requests(route, delivery):
                assert oracle.heard(raw) <= may
                if route.name == "hook" and trusted(written, "hook"):
                    assert oracle.heard(raw) == may
    assert not oracle.heard("\n".join(log.lines))


@given(events(), configurations())
def test_explained_is_what_is_sent(sent: dict[str, Any], written: dict[str, Any]) -> None:
    """The payload that is explained is the delivery, byte for byte, and a webhook's request."""
    case = Case.of(sent, written)
    before = copy.deepcopy(case.event.data)
    told = explain(case.event, case.routes)["destinations"]

    for route, _, delivery in case.deliveries():
        assert orjson.dumps(told[route.name]["payload"]) == delivery.body
        if route.name == "hook":
            [raw] = case.requests(route, delivery)
            assert raw.endswith(b"\n" + delivery.body)
    assert before == case.event.data


@given(events(), configurations(), configurations())
def test_taken_again_only_narrows(
    sent: dict[str, Any], then: dict[str, Any], now: dict[str, Any]
) -> None:
    """Under a later configuration an entry is kept back, or shows less, never more or otherwise."""
    case = Case.of(sent, then)
    later = {route.name: route for route in Case.of(sent, now).routes.destinations}

    for route, entry in case.entries():
        if route.name not in later:
            continue
        made = made_now(later[route.name], entry, 1, NOW)
        section = now["destinations"][route.name]
        assert isinstance(made, Delivery) is oracle.consented(sent, section, now)
        if isinstance(made, Delivery):
            assert oracle.heard(made.body) <= oracle.heard(entry.body)
            assert _places(orjson.loads(made.body)) <= _places(orjson.loads(entry.body))


def _places(value: Any) -> set[str]:
    """Return the keys on the way to each leaf; what an emptied list stood for is its own place."""
    return {place.replace("#", "/#").partition("#")[0] for place, _ in oracle.leaves(value)}


class Log(logging.Handler):
    """Keeps every line that is logged meanwhile, at any level."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(self.format(record))

    def __enter__(self) -> Self:
        logging.getLogger().addHandler(self)
        return self

    def __exit__(self, *exception: object) -> None:
        logging.getLogger().removeHandler(self)
