"""Laws of deciding over any event and any configuration, held against a second opinion.

Every text of an event is a canary of its own (`drawn`), and who may see it is worked out in
another way (`oracle`). Events go the engine's way: routed, packed for a lane, unpacked, given to
the adapter, made requests of.
"""

from __future__ import annotations

import copy
import logging
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from destinations import Delivery
from router.decide.explain import explain
from router.engine.deliver.given import given as made_now
from router.engine.judge.settlement import Filter
from tests.decide import oracle
from tests.decide.case import ADAPTERS, Case, trusted, visible
from tests.decide.drawn import ADDED, KNOWN, configurations, events
from tests.events.making import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from router.decide.routes import Route
    from router.store.codec import Entry
    from tests.decide.case import Written

MANY = st.lists(events(), min_size=1, max_size=6)
Sent: TypeAlias = "list[dict[str, Any]]"
KINDS = (
    *("denied by consent", "withdrawn", "trimmed by a filter", "hidden by a rule"),
    *("hidden from the untrusted", "made a token or a mask", "given options", "reshaped"),
    *(f"seen in a request of {kind}" for kind in ADAPTERS),
)


def any_case(law: Callable[[Sent, Written], None]) -> Callable[[], None]:
    """Hold a law over some events under any configuration."""
    return settings(deadline=None, max_examples=60)(given(MANY, configurations())(law))


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
@given(MANY, configurations(), KNOWN)
def test_explained_is_what_is_sent_to_a_known_user(
    sent: Sent, written: Written, known: list[dict[str, bool]]
) -> None:
    """What is known of a user is heard alike by who explains and who sends."""
    preferences = [{"categories": latest} for latest in known]
    for raw, case in zip(sent, Case.of(sent, written), strict=True):
        told = explain(case.event, case.routes, known=preferences)["destinations"]

        for route, entry in case.entries():
            made = made_now(route, entry, 1, NOW, preferences)
            allowed = oracle.consented(raw, written["destinations"][route.name], written, known)
            verdict = told[route.name]
            assert verdict["verdict"] == ("send" if allowed else "skip")
            if allowed:
                assert isinstance(made, Delivery)
            else:
                assert isinstance(made, Filter)
                assert made.reason == verdict["reason"]


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


def test_the_cases_reach_what_the_laws_are_of() -> None:
    """Among the drawn cases are some of every kind, or the laws above would hold of nothing."""
    reached: Counter[str] = Counter()

    @settings(deadline=None, max_examples=60, derandomize=True, database=None)
    @given(MANY, configurations(), KNOWN)
    def count(sent: Sent, written: Written, known: list[dict[str, bool]]) -> None:
        for raw, case in zip(sent, Case.of(sent, written), strict=True):
            for section in written["destinations"].values():
                consents = oracle.consented(raw, section, written)
                reached["denied by consent"] += not consents
                later = oracle.consented(raw, section, written, known)
                reached["withdrawn"] += consents and not later
            for route, entry, delivery in case.deliveries():
                reached.update(acted(case, written, route, entry, delivery))

    count()
    assert {kind for kind in KINDS if not reached[kind]} == set()


def acted(
    case: Case, written: Written, route: Route, entry: Entry, delivery: Delivery
) -> Iterator[str]:
    """Yield what became of a delivery."""
    section = written["destinations"][route.name]
    whole = oracle.shown(case.event.data, {})
    trimmed = oracle.trimmed(case.event.data, section)
    if not whole <= oracle.shown(trimmed, {}):
        yield "trimmed by a filter"
    if not oracle.shown(trimmed, {}) <= oracle.shown(trimmed, section):
        yield "hidden by a rule"
    if not trusted(written, route.name) and whole & oracle.hidden_from_the_untrusted(trimmed):
        yield "hidden from the untrusted"
    if entry.transformed:
        yield "made a token or a mask"
    if entry.options:
        yield "given options"
    if delivery.body != entry.body:
        yield "reshaped"
    if any(oracle.heard(raw) for raw in case.requests(route, delivery)):
        yield f"seen in a request of {section['type']}"


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
