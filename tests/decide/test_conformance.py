"""Laws of deciding over any event and any configuration, held against a second opinion.

Every text of an event is a canary of its own (`drawn`), and who may see it is worked out in
another way (`oracle`). Events go the engine's way: routed, packed for a lane, unpacked, given to
the adapter, made requests of.
"""

from __future__ import annotations

import copy
import logging
import re
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeAlias

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from destinations import Delivery
from destinations.console import Console
from destinations.contract import speaks_http
from destinations.mixpanel import Mixpanel
from destinations.webhook import Webhook
from router.cli.preview.stand_in import StandIn
from router.config.compiled import compiled, sources
from router.config.reading.load import parse as parse_config
from router.decide.explain import explain
from router.engine.deliver.given import given as made_now
from router.engine.deliver.preview import preview
from router.engine.route.routing import Router
from router.events.parse import parse
from router.store.codec import Entry, unpack
from tests.decide import oracle
from tests.decide.drawn import ADDED, configurations, events
from tests.events.making import NOW, arrival

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from router.config import Config
    from router.decide.routes import Route, Routes
    from router.events.event import Arrival, Event


ADAPTERS = {"webhook": Webhook, "mixpanel": Mixpanel, "console": Console}
MANY = st.lists(events(), min_size=1, max_size=6)
Sent: TypeAlias = "list[dict[str, Any]]"
Written: TypeAlias = "dict[str, Any]"


def any_case(law: Callable[[Sent, Written], None]) -> Callable[[], None]:
    """Hold a law over some events under any configuration."""
    return settings(deadline=None, max_examples=60)(given(MANY, configurations())(law))


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


def visible(data: Mapping[str, Any], written: Written, name: str) -> set[str]:
    """Return the canaries of an event that a destination may see at most."""
    found = oracle.shown(data, written["destinations"][name])
    return found if trusted(written, name) else found - oracle.hidden_from_the_untrusted(data)


@any_case
def test_who_may_have_it_gets_it_and_nobody_else(sent: Sent, written: Written) -> None:
    """An event goes exactly to whom consent, its own map and the filter allow it."""
    for raw, case in zip(sent, Case.of(sent, written), strict=True):
        may = {name for name in written["destinations"] if oracle.may_have(raw, name, written)}
        told = explain(case.event, case.routes)["destinations"]

        assert may == {route.name for route, _ in case.entries()}
        assert may == {name for name, verdict in told.items() if verdict["verdict"] == "send"}


@any_case
def test_no_denied_value_is_in_any_byte(sent: Sent, written: Written) -> None:
    """Whatever is sent, logged, kept in a lane or buried holds nothing that was denied.

    A dead letter is a lane's entry as it stands, moved. A trusted webhook gets exactly what is
    left; others may leave out what they may see.
    """
    with Log() as log:
        for case in Case.of(sent, written):
            for route, entry, delivery in case.deliveries():
                section = written["destinations"][route.name]
                data = oracle.trimmed(case.event.data, section)
                may = visible(data, written, route.name)
                options = oracle.options_shown(case.event.data, section)
                assert oracle.heard(entry.body) <= may
                assert oracle.heard(orjson.dumps(entry.options)) <= options
                assert not oracle.heard(orjson.dumps([entry.transformed, entry.signals]))
                assert not oracle.heard(f"{entry!r}{delivery!r}{case.event!r}{route!r}")
                for raw in case.requests(route, delivery):
                    assert oracle.heard(raw) <= may
                    exact = section["type"] == "webhook" and trusted(written, route.name)
                    assert not exact or oracle.heard(raw) == may
    assert not oracle.heard("\n".join(log.lines))


@any_case
def test_explained_is_what_is_sent(sent: Sent, written: Written) -> None:
    """The payload that is explained is the delivery, byte for byte, and a webhook's request."""
    for case in Case.of(sent, written):
        before = copy.deepcopy(case.event.data)
        told = explain(case.event, case.routes)["destinations"]

        for route, _, delivery in case.deliveries():
            assert orjson.dumps(told[route.name]["payload"]) == delivery.body
            if route.name == "hook":
                [raw] = case.requests(route, delivery)
                assert raw.endswith(b"\n" + delivery.body)
        assert before == case.event.data


@settings(deadline=None, max_examples=60)
@given(MANY, configurations(), configurations())
def test_taken_again_only_narrows(sent: Sent, then: Written, now: Written) -> None:
    """Under a later configuration an entry is kept back or shows less, and never more.

    What the later rules take, they take: but for the rest of a text that was changed in part,
    and for indexes, which mean other elements once some are gone.
    """
    for old, new in zip(Case.of(sent, then), Case.of(sent, now), strict=True):
        later = {route.name: route for route in new.routes.destinations}
        for route, entry in old.entries():
            if route.name not in later:
                continue
            made = made_now(later[route.name], entry, 1, NOW)
            section = now["destinations"][route.name]
            raw = orjson.loads(old.arrived.raw)
            assert isinstance(made, Delivery) is oracle.consented(raw, section, now)
            if isinstance(made, Delivery):
                left = oracle.heard(made.body)
                assert left <= oracle.heard(entry.body)
                assert places(made.body) <= places(entry.body)
                if "[0]" not in str(section):
                    assert left & oracle.alone(old.event.data) <= visible(
                        new.event.data, now, route.name
                    )


def places(body: bytes) -> set[str]:
    """Return the keys on the way to every value, whatever the indexes, but for what was added."""
    found = {re.sub(r"#\d+", "", place) for place, _ in oracle.leaves(orjson.loads(body))}
    return {place for place in found if not any(key in place for key in ADDED)}


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
