"""A destination's `events` and `filters`, compiled to one function of an event that may pass.

In Segment's order, whatever the order in the file: sample, drop, drop properties, allow
properties. Every condition sees the event as it came. An error skips the event: what cannot be
decided does not leave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from router.decide.filters.actions import compile_share, compile_trim
from router.decide.filters.expression import compile_filter
from router.decide.policy.rules import ROUTING
from router.decide.verdict import Send, Skip
from router.observe.reasons import SkipReason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from router.decide.filters.actions import FilterSection, Trim
    from router.decide.filters.expression import Filter
    from router.decide.verdict import Verdict
    from router.events.event import Event

Sieve: TypeAlias = "Callable[[Event, Send], Verdict]"
Stop: TypeAlias = "tuple[Callable[[Event], bool], Skip]"

STOPS = {"sample": SkipReason.FILTER_SAMPLED, "drop": SkipReason.FILTER_DROPPED}
TRIMS = ("drop_properties", "allow_properties")


def compile_sieve(name: str, events: str | None, filters: Sequence[FilterSection]) -> Sieve | None:
    """Return what decides on an event that is about to be sent; None when nothing is configured.

    Raises FilterError for an expression or a path that cannot be read.
    """
    if events is None and not filters:
        return None
    stops = list(_stops(name, events, filters))
    trims = list(_trims(filters))
    passed = None if events is None else Send(f"destinations.{name}.events")
    failed = Skip(SkipReason.FILTER_ERROR, f"destinations.{name}.filters")

    def sieve(event: Event, send: Send) -> Verdict:
        try:
            for stop, skip in stops:
                if stop(event):
                    return skip
            left = event.data
            for passes, trim in trims:
                if passes(event.data):
                    left = trim(left)
        except Exception:  # noqa: BLE001 - whatever went wrong, nothing may leave
            return failed
        if left is not event.data:
            options = send.options if ROUTING in left else None
            return Send((passed or send).rule, options, left)
        if passed is None:
            return send
        return Send(passed.rule, send.options) if send.options else passed

    return sieve


def _stops(name: str, events: str | None, filters: Sequence[FilterSection]) -> Iterator[Stop]:
    if events is not None:
        rule = f"destinations.{name}.events"
        yield _failing(compile_filter(events)), Skip(SkipReason.FILTERED, rule)
    for do, reason in STOPS.items():
        for place, each in enumerate(filters):
            if each.do == do:
                skip = Skip(reason, f"destinations.{name}.filters[{place}]")
                yield _stop(compile_filter(each.if_), each), skip


def _failing(passes: Filter) -> Callable[[Event], bool]:
    return lambda event: not passes(event.data)


def _stop(passes: Filter, section: FilterSection) -> Callable[[Event], bool]:
    if section.do == "drop":
        return lambda event: passes(event.data)
    is_in = compile_share(section.percent or 0.0, section.path)
    return lambda event: passes(event.data) and not is_in(event)


def _trims(filters: Sequence[FilterSection]) -> Iterator[tuple[Filter, Trim]]:
    for do in TRIMS:
        for each in filters:
            if each.do == do:
                yield compile_filter(each.if_), compile_trim(do, each.fields)
