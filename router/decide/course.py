"""The course of an event to a destination: which rule took or changed which of its fields.

Told by doing it rule by rule: what an event is with the first rules and without the next one,
beside what it is with it. Slow, and only for those who ask.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from router.decide.detect.phones import MASKED
from router.decide.diff import Effect, Spot, spots_between
from router.decide.filters.actions import compile_trim
from router.decide.filters.expression import compile_filter
from router.decide.filters.sieve import TRIMS
from router.decide.integrations import names_of
from router.decide.policy.actions import REDACTED
from router.decide.policy.policy import compile_policy, without_routing
from router.decide.policy.tokens import TOKEN
from router.decide.reshape.transform import compile_step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from destinations import Adapter
    from router.decide.policy.policy import Policy, RuleSection
    from router.decide.reshape.changes import StepSection
    from router.decide.sections import Configuration
    from router.events.event import Event

FORMS = {
    "token": TOKEN,
    "hashed": re.compile(r"^[0-9a-f]{64}$"),
    "redacted": re.compile(re.escape(REDACTED)),
    "masked": re.compile(re.escape(MASKED)),
}
"""What an action of a policy leaves in a value, by the word for it."""
WORDS = ("without", *FORMS, "changed", "added")
"""What becomes of a field, in the order in which it is told."""
Data: TypeAlias = "dict[str, Any]"
Stage: TypeAlias = "tuple[str, Callable[[Data], Data]]"
"""The name of a rule, and what makes of an event's data what it or all up to it leave."""
Course: TypeAlias = "Callable[[Event], list[Done]]"
"""Tells what each rule did to an event that is sent, in their order. Raises PolicyError."""


class Done(NamedTuple):
    """What one rule did to an event."""

    rule: str
    spots: tuple[Spot, ...]


class Part(NamedTuple):
    """A privacy section of which only the first rules are there."""

    default: str
    rules: Sequence[RuleSection]
    token_root: bytes | None


def compile_course(
    config: Configuration, name: str, adapter: type[Adapter[Any]], key: bytes
) -> Course:
    """Return what tells the course to the destination `name`; `key` is for its tokens.

    Takes the event as its source's transformation left it. A change that a later privacy rule
    made void, by taking the field, is not told. Raises what `compile_routes` raises.
    """
    section = config.destinations[name]
    where = f"destinations.{name}"
    trims = [
        (f"{where}.filters[{place}]", compile_filter(each.if_), compile_trim(do, each.fields))
        for do in TRIMS
        for place, each in enumerate(section.filters)
        if each.do == do
    ]
    policies = list(_policies(config, name, adapter, key))
    steps = list(_steps(where, section.transform))

    def course(event: Event) -> list[Done]:
        data = without_routing(event.data)
        chosen: list[Stage] = [(rule, trim) for rule, passes, trim in trims if passes(event.data)]
        trimmed, data = _walked(chosen, data)
        governed, data = _walked(policies, data, whole=True)
        return [*trimmed, *_standing(governed), *_walked(steps, data)[0]]

    return course


def compile_beginning(config: Configuration, source: str) -> Course:
    """Return what tells what a source's transformation did to an event, before all else."""
    section = config.sources.get(source)
    steps = list(_steps(f"sources.{source}", section.transform)) if section else []
    return lambda event: _walked(steps, event.data)[0]


def became(spot: Spot) -> str:
    """Return the word for what became of a field."""
    if spot.effect == Effect.LOSES:
        return "without"
    if spot.effect == Effect.GAINS:
        return "added"
    text = str(spot.after)
    return next((word for word, form in FORMS.items() if form.search(text)), "changed")


def _steps(where: str, transform: Sequence[StepSection]) -> Iterator[Stage]:
    for place, step in enumerate(transform):
        yield f"{where}.transform[{place}]", compile_step(step)


def _policies(
    config: Configuration, name: str, adapter: type[Adapter[Any]], key: bytes
) -> Iterator[Stage]:
    """Yield the policy with one rule, with two, and so on; then its default, then `pii`."""
    section = config.destinations[name]
    make = partial(
        compile_policy,
        name=name,
        display_name=adapter.name,
        names=names_of(name, adapter.name, (*adapter.aliases, *section.known_as)),
        key=key,
    )
    where, whole = f"destinations.{name}.privacy", section.privacy
    for place in range(len(whole.rules) if whole else 0):
        part = whole and Part("keep", whole.rules[: place + 1], whole.token_root)
        yield f"{where}.rules[{place}]", _stripping(make(privacy=part, trusted=True))
    if whole is not None and whole.default == "drop":
        yield f"{where}.default", _stripping(make(privacy=whole, trusted=True))
    if config.pii.trusted is None or name in config.pii.trusted:
        return
    yield "pii.trusted", _stripping(make(privacy=whole, trusted=False))
    if config.pii.free_text == "redact":
        blind = make(privacy=whole, trusted=False, hides_free_text=True)
        yield "pii.free_text", _stripping(blind)


def _stripping(policy: Policy) -> Callable[[Data], Data]:
    return lambda data: policy.strip(data).payload


def _walked(stages: Sequence[Stage], data: Data, *, whole: bool = False) -> tuple[list[Done], Data]:
    """Do each stage on what the one before left, or, where it does those before as well, whole."""
    done, before = [], data
    for rule, stage in stages:
        left = stage(data if whole else before)
        done.append(Done(rule, tuple(spots_between(before, left))))
        before = left
    return _told(done), before


def _told(done: list[Done]) -> list[Done]:
    return [each for each in done if each.spots]


def _standing(done: list[Done]) -> list[Done]:
    """Leave out what a later rule made void by taking the field, or what is around it."""
    taken: list[str] = []
    standing = []
    for each in reversed(done):
        spots = tuple(spot for spot in each.spots if not _is_below(spot.path, taken))
        taken += [spot.path for spot in each.spots if spot.effect is Effect.LOSES]
        standing.append(Done(each.rule, spots))
    return _told(standing[::-1])


def _is_below(path: str, taken: Sequence[str]) -> bool:
    return any(path == each or path.startswith((f"{each}.", f"{each}[")) for each in taken)
