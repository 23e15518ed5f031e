"""What a replay would do with one record now: a pure decision, the same in a dry run as for real.

===============  ==================================================================
forecast         what happens
===============  ==================================================================
send             the letter goes back to the tail of its lane
queue            the arrival can be read now: it goes back onto the queue
filtered         routed again, its destination may not have it: counted as filtered
blocked          consent says no: it stays
unconfigured     its destination left the configuration: it stays
policy_error     its destination's policy fails: it stays
unreadable       it still cannot be read: it stays
no_payload       there is nothing left to send: it stays
===============  ==================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import orjson

from router.decide.verdict import PolicyError, Skip
from router.events.event import Arrival, Unreadable
from router.events.parse import parse
from router.observe.reasons import ShelfReason
from router.store.codec import Entry, pack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from router.dead.record import Record
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
    """What to do with one record. `body` and `reason` are of a letter that is routed again."""

    forecast: Forecast
    rerouted: bool = False
    body: bytes | None = field(default=None, repr=False)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Forecaster:
    """Decides by the configuration of now. `entry_of` is the engine's own way to strip."""

    routes: Mapping[str, Route]
    """By lane."""
    signals: Callable[[Event], Any]
    sources: Mapping[str, str]
    entry_of: Callable[[Event, Route, Send, Any], Entry]

    def step(self, record: Record, original: ShelfItem | None, now_ms: int) -> Step:
        """Decide; `original` is what the shelf keeps for a letter whose policy failed."""
        if record.item is not None:
            return self._arrival(record.item, now_ms)
        letter = record.letter
        if letter is None:
            return Step(Forecast.NO_PAYLOAD)
        route = self.routes.get(letter.lane)
        if route is None:
            return Step(Forecast.UNCONFIGURED)
        if letter.shelf is not None:
            return self._again(letter, route, original, now_ms)
        return Step(_resend(letter, route))

    def _arrival(self, item: ShelfItem, now_ms: int) -> Step:
        try:
            parse(_arrival(item), self.sources, now_ms)
        except Unreadable:
            return Step(Forecast.UNREADABLE)
        if item.reason == ShelfReason.NO_EVENT_FIELD:
            return Step(Forecast.UNREADABLE)
        return Step(Forecast.QUEUE)

    def _again(self, letter: Letter, route: Route, original: ShelfItem | None, now_ms: int) -> Step:
        """Route the original again, for this destination only."""
        if original is None:
            return Step(Forecast.NO_PAYLOAD)
        try:
            event = _same(parse(_arrival(original, letter), self.sources, now_ms), letter)
        except Unreadable:
            return Step(Forecast.UNREADABLE)
        verdict = route.verdict(event)
        if isinstance(verdict, Skip):
            return Step(Forecast.FILTERED, rerouted=True, reason=verdict.reason.value)
        try:
            entry = self.entry_of(event, route, verdict, self.signals(event))
        except PolicyError:
            return Step(Forecast.POLICY_ERROR)
        return Step(Forecast.SEND, rerouted=True, body=pack(entry))


def by_lane(routes: Routes) -> dict[str, Route]:
    """Return the routes by their lanes."""
    return {route.lane: route for route in routes.destinations}


def _resend(letter: Letter, route: Route) -> Forecast:
    entry = letter.entry
    if entry is None or not entry.body:
        return Forecast.NO_PAYLOAD
    if route.recheck(entry.signals) is not None:
        return Forecast.BLOCKED
    if not entry.left_by(route.policy_digest):
        try:
            route.narrow(orjson.loads(entry.body), entry.transformed, entry.options)
        except PolicyError:
            return Forecast.POLICY_ERROR
    return Forecast.SEND


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
