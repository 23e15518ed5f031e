"""What would come of an event, per destination, and by which rule; nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from router.decide.consent.preference import denied
from router.decide.course import WORDS, became
from router.decide.verdict import PolicyError, Skip
from router.observe.reasons import ShelfReason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from router.decide.consent.signals import Signals
    from router.decide.course import Course, Done
    from router.decide.routes import Route, Routes
    from router.decide.segment.comparison import Comparison
    from router.decide.verdict import Verdict
    from router.events.event import Event


class Courses(Protocol):
    """The courses of events, compiled when they are first asked for."""

    def of(self, destination: str) -> Course:
        """Return the course to a destination."""

    def beginning(self, source: str) -> Course:
        """Return what happens to the events of a source before anything is decided."""


def explain(
    event: Event,
    routes: Routes,
    compared: Mapping[str, Comparison] | None = None,
    known: Sequence[Signals] = (),
    courses: Courses | None = None,
) -> dict[str, Any]:
    """Return, per destination, the verdict, its reason, its rule and the payload.

    `payload` is what the destination would be given, None when it is given nothing. Shape:
    `{"message_id", "destinations": {NAME: {"verdict": "send" | "skip", "reason", "rule",
    "payload"}}}`. With `compared` each destination has Segment's verdict under `segment`, as
    `Comparison.beside` returns it. Where the event's map or its categories hold something odd,
    there is `"oddities": [{"name", "code", "meant"}]`. `known` are the latest known preferences of
    its user's ids: the verdict is then the one before an attempt. With `courses` the explanation
    and each destination have `"fields": [{"rule", "did", "paths"}]`: what became of which fields,
    and by which rule.
    """
    arrived, event = event, routes.reshaped(event)
    said = routes.signals(event)
    verdicts = zip(routes.destinations, routes.judged(event, said), strict=True)
    told = {
        route.name: _explained(event, route, _latest(route, verdict, said, known))
        for route, verdict in verdicts
    }
    for name, comparison in (compared or {}).items():
        told[name]["segment"] = comparison.beside(event, told[name]["reason"])
    explanation: dict[str, Any] = {"message_id": event.message_id, "destinations": told}
    if odd := routes.oddities(event, said):
        explanation["oddities"] = [
            {"name": name, "code": code.value, "meant": routes.names.meant(name, code)}
            for code, name in odd
        ]
    if courses is not None:
        explanation["fields"] = _fields(courses.beginning(event.source)(arrived))
        for name, each in told.items():
            sent = each["verdict"] == "send"
            each["fields"] = _fields(courses.of(name)(event)) if sent else []
    return explanation


def _fields(course: Sequence[Done]) -> list[dict[str, Any]]:
    """Return what rules did, by what became of the fields; paths hold no personal key."""
    told = []
    for done in course:
        by_word: dict[str, list[str]] = {}
        for spot in done.spots:
            by_word.setdefault(became(spot), []).append(spot.path)
        told += [
            {"rule": done.rule, "did": word, "paths": sorted(by_word[word])}
            for word in WORDS
            if word in by_word
        ]
    return told


def _latest(route: Route, verdict: Verdict, said: Signals, known: Sequence[Signals]) -> Verdict:
    """Return the verdict, narrowed by what is known of the user."""
    return verdict if isinstance(verdict, Skip) else denied(route.recheck, said, known) or verdict


def _explained(event: Event, route: Route, verdict: Verdict) -> dict[str, Any]:
    if isinstance(verdict, Skip):
        return _skipped(verdict.reason.value, verdict.rule)
    try:
        payload = route.strip(event, verdict).payload
    except PolicyError:
        return _skipped(ShelfReason.POLICY_ERROR.value, f"destinations.{route.name}.privacy")
    try:
        payload = payload if route.reshape is None else route.reshape(payload)
    except Exception:  # noqa: BLE001 - as at an attempt, whatever fails lets nothing pass
        return _skipped(ShelfReason.POLICY_ERROR.value, f"destinations.{route.name}.transform")
    return {"verdict": "send", "reason": None, "rule": verdict.rule, "payload": payload}


def _skipped(reason: str, rule: str) -> dict[str, Any]:
    return {"verdict": "skip", "reason": reason, "rule": rule, "payload": None}
