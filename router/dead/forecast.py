"""What a replay would do with one record now: a pure decision, the same in a dry run as for real.

===============  ==================================================================
forecast         what happens
===============  ==================================================================
send             the letter goes back to the tail of its lane
queue            the arrival can be read now: it goes back onto the queue
filtered         its destination may not have it, routed again; or its user denied since: it
                 leaves the dead and is counted as filtered
blocked          its own consent is not enough now: it stays
unconfigured     its destination left the configuration: it stays
policy_error     its destination's policy fails: it stays
unreadable       it still cannot be read: it stays
no_payload       there is nothing left to send: it stays
===============  ==================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from router.decide.consent.preference import denied
from router.decide.verdict import PolicyError, Skip
from router.events.event import Arrival, Unreadable
from router.events.parse import parse
from router.observe.reasons import ShelfReason
from router.store.codec import Entry, pack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from router.dead.record import Record
    from router.decide.consent.signals import Signals
    from router.decide.routes import Route, Routes
    from router.decide.verdict import Send
    from router.events.event import Event
    from router.store.letters import Letter
    from router.store.shelf import ShelfItem


class Forecast(StrEnum):
    """What a replay does with a record."""

    SEND = "send"
    QUEUE = "queue"
    FILTERED = "filtered"
    BLOCKED = "blocked"
    UNCONFIGURED = "unconfigured"
    POLICY_ERROR = "policy_error"
    UNREADABLE = "unreadable"
    NO_PAYLOAD = "no_payload"

    @property
    def moves(self) -> bool:
        """Whether the record leaves the dead."""
        return self in {Forecast.SEND, Forecast.QUEUE, Forecast.FILTERED}


@dataclass(frozen=True, slots=True)
class Step:
    """What to do with one record.

    `body` and `reason` are of a letter that is decided anew: its delivery, or why it has none.
    """

    forecast: Forecast
    rerouted: bool = False
    body: bytes | None = field(default=None, repr=False)
    reason: str = ""


class Beside(NamedTuple):
    """What was found beside a record: for a letter, all of it may be needed."""

    original: ShelfItem | None = None
    """What the shelf keeps of an event whose policy failed."""
    known: Sequence[Signals] = ()
    """The latest known preferences of its user's ids."""


@dataclass(frozen=True, slots=True)
class Forecaster:
    """Decides by the configuration of now. `entry_of` is the engine's own way to strip.

    `reshaped` transforms an event as its source's configuration says (`Routes.reshaped`).
    """

    routes: Mapping[str, Route]
    """By lane."""
    signals: Callable[[Event], Any]
    sources: Mapping[str, str]
    entry_of: Callable[[Event, Route, Send, Any], Entry]
    reshaped: Callable[[Event], Event]

    @property
    def heeds_consent(self) -> bool:
        """Whether what is known of users can change a forecast."""
        return any(route.heeds_consent for route in self.routes.values())

    def step(self, record: Record, beside: Beside, now_ms: int) -> Step:
        """Decide by the record and what was found beside it."""
        if record.item is not None:
            return self._arrival(record.item, now_ms)
        letter = record.letter
        if letter is None:
            return Step(Forecast.NO_PAYLOAD)
        route = self.routes.get(letter.lane)
        if route is None:
            return Step(Forecast.UNCONFIGURED)
        if letter.shelf is not None:
            return self._again(letter, route, beside, now_ms)
        return _resend(letter, route, beside.known)

    def _arrival(self, item: ShelfItem, now_ms: int) -> Step:
        try:
            parse(_arrival(item), self.sources, now_ms)
        except Unreadable:
            return Step(Forecast.UNREADABLE)
        if item.reason == ShelfReason.NO_EVENT_FIELD:
            return Step(Forecast.UNREADABLE)
        return Step(Forecast.QUEUE)

    def _again(self, letter: Letter, route: Route, beside: Beside, now_ms: int) -> Step:
        """Route the original again, for this destination only."""
        if beside.original is None:
            return Step(Forecast.NO_PAYLOAD)
        try:
            arrival = _arrival(beside.original, letter)
            event = _same(parse(arrival, self.sources, now_ms), letter)
        except Unreadable:
            return Step(Forecast.UNREADABLE)
        event = self.reshaped(event)
        said, verdict = self.signals(event), route.verdict(event)
        if isinstance(verdict, Skip):
            return _filtered(verdict)
        withdrawn = denied(route.recheck, said, beside.known)
        if withdrawn is not None:
            return _filtered(withdrawn)
        try:
            entry = self.entry_of(event, route, verdict, said)
        except PolicyError:
            return Step(Forecast.POLICY_ERROR)
        other = letter.entry.other if letter.entry else b""
        return Step(Forecast.SEND, rerouted=True, body=pack(entry._replace(other=other)))


def by_lane(routes: Routes) -> dict[str, Route]:
    """Return the routes by their lanes."""
    return {route.lane: route for route in routes.destinations}


def _filtered(skip: Skip) -> Step:
    return Step(Forecast.FILTERED, rerouted=True, reason=skip.reason.value)


def _resend(letter: Letter, route: Route, known: Sequence[Signals]) -> Step:
    entry = letter.entry
    if entry is None or not entry.body:
        return Step(Forecast.NO_PAYLOAD)
    if route.recheck(entry.signals) is not None:
        return Step(Forecast.BLOCKED)
    withdrawn = denied(route.recheck, entry.signals, known)
    if withdrawn is not None:
        return _filtered(withdrawn)
    if not entry.left_by(route.policy_digest):
        try:
            route.narrow(orjson.loads(entry.body), entry.transformed, entry.options)
        except PolicyError:
            return Step(Forecast.POLICY_ERROR)
    return Step(Forecast.SEND)


def _arrival(item: ShelfItem, letter: Letter | None = None) -> Arrival:
    """Return what came in. Of the original of a letter, the letter knows source and time."""
    entry = letter.entry if letter else None
    if entry is None:
        return Arrival(item.raw, item.origin or item.id, item.source, item.received_at)
    return Arrival(item.raw, item.origin or item.id, entry.source, entry.received_at)


def _same(event: Event, letter: Letter) -> Event:
    """Give the event the message id that it had: one made up again would be another."""
    entry = letter.entry
    if entry is None or entry.message_id == event.message_id:
        return event
    data = {**event.data, "messageId": entry.message_id}
    return event._replace(data=data, message_id=entry.message_id)
