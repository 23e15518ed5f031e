"""All decisions of a configuration, compiled: per destination a verdict and what it may see.

A source's transformation comes before all of it, a destination's after all of it. Between them is
the order in which a destination may be ruled out, the first reason counts: its sources, the
adapter's event types, consent, the event's `integrations` map, what the browser already sent,
its `events` filter, its `filters`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from router.decide.consent.judgement import Always, Consent, compile_consent
from router.decide.consent.requirement import Regime
from router.decide.consent.signals import Signals, signals
from router.decide.consent.update import UPDATES, Asked
from router.decide.filters.sieve import compile_sieve
from router.decide.integrations import compile_integrations, names_of
from router.decide.oddities import Names, Oddity, compile_names
from router.decide.policy.policy import Policy, compile_policy
from router.decide.reshape.transform import Reshape, compile_transform
from router.decide.verdict import Send, Skip, Stripped, Verdict
from router.observe.lane import lane_of
from router.observe.reasons import SkipReason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from destinations import Adapter
    from router.decide.sections import Configuration, DestinationSection
    from router.events.event import Event


@dataclass(frozen=True, slots=True)
class Route:
    """The way to one destination: its decisions, as functions of values."""

    name: str
    lane: str
    """`name:type`, which keys the destination's lanes."""
    judge: Callable[[Event, Signals], Verdict]
    """The verdict, given the event's signals."""
    recheck: Consent
    """What the consent in an event's signals means now, before an attempt: None lets it pass.

    Takes what the event said and the user's latest known preference, which can only narrow it."""
    heeds_consent: bool
    """Whether consent can change the verdict; where not, nobody's preference is looked up."""
    policy: Policy
    reshape: Reshape | None = None
    """What is done last, at each attempt, with what the policy left; None for nothing."""

    @property
    def policy_digest(self) -> str:
        """Routes with an equal digest strip an event to equal payloads: its bytes can be shared."""
        return self.policy.digest

    def verdict(self, event: Event) -> Verdict:
        """Decide whether the destination may have the event."""
        return self.judge(event, signals(event))

    def strip(self, event: Event, send: Send) -> Stripped:
        """Return the event and its options as the destination may see them, given its verdict.

        Raises PolicyError; then nothing may leave.
        """
        data = event.data if send.data is None else send.data
        return self.policy.strip(data, (), send.options)

    def narrow(
        self,
        payload: dict[str, Any],
        transformed: tuple[str, ...] = (),
        options: dict[str, Any] | None = None,
    ) -> Stripped:
        """Apply the policy to what an earlier one left of an event; it can only take more away.

        Raises PolicyError; then nothing may leave.
        """
        return self.policy.strip(payload, transformed, options)


@dataclass(frozen=True, slots=True)
class Routes:
    """The ways to all destinations, in the order of the configuration."""

    destinations: tuple[Route, ...]
    names: Names
    reshapes: Mapping[str, Reshape]
    """By the name of a source, what is done with its events before anything is decided."""
    asked: Asked
    """The categories that destinations need; none where lists of allowed ones do not count."""

    @property
    def heeds_consent(self) -> bool:
        """Whether any destination's verdict depends on consent: then preferences are kept."""
        return any(route.heeds_consent for route in self.destinations)

    def reshaped(self, event: Event) -> Event:
        """Return an event as its source's transformation makes it; everything begins with that.

        An event that tells a preference keeps its name: by that it is known as one.
        """
        reshape = self.reshapes.get(event.source)
        if reshape is None:
            return event
        name = event.data.get("event")
        data = reshape(event.data)
        return event._replace(data={**data, "event": name} if name in UPDATES else data)

    def judged(self, event: Event, said: Signals) -> list[Verdict]:
        """Return each destination's verdict for whoever has read the event's signals already."""
        return [route.judge(event, said) for route in self.destinations]

    def verdicts(self, event: Event) -> list[Verdict]:
        """Return each destination's verdict; the event's consent is read once."""
        return self.judged(event, signals(event))

    def signals(self, event: Event) -> Signals:
        """Return what travels with each delivery for `recheck`; see `decide.consent`."""
        return signals(event)

    def oddities(self, event: Event, said: Signals) -> tuple[Oddity, ...]:
        """Return what of the event's `integrations` map and categories is probably not meant."""
        return self.names.oddities(event, said)


def compile_routes(
    config: Configuration, adapters: Mapping[str, type[Adapter[Any]]], privacy_key: bytes
) -> Routes:
    """Compile every destination; `adapters` are the adapter classes by type.

    Raises FilterError or PathError for an expression that cannot be read, ReshapeError for a
    transformation that must not be.
    """
    regime = regime_of(config)
    routes = []
    for name, section in config.destinations.items():
        adapter = adapters[section.type]
        consent = compile_consent(name, section.consent, section.uses, regime)
        names = names_of(name, adapter.name, (*adapter.aliases, *section.known_as))
        trusted = config.pii.trusted
        policy = compile_policy(
            name=name,
            display_name=adapter.name,
            names=names,
            privacy=section.privacy,
            trusted=trusted is None or name in trusted,
            key=privacy_key,
            hides_free_text=config.pii.free_text == "redact",
        )
        lane = lane_of(name, section.type)
        judge = _compile_judge(name, names, section, adapter, consent)
        heeds = not isinstance(consent, Always)
        last = compile_transform(section.transform)
        routes.append(Route(name, lane, judge, consent, heeds, policy, last))
    first = {name: compile_transform(each.transform) for name, each in config.sources.items()}
    reshapes = {name: each for name, each in first.items() if each is not None}
    known = compile_names(config, adapters)
    return Routes(tuple(routes), known, reshapes, _asked(config))


def regime_of(config: Configuration) -> Regime:
    """Return what a configuration as a whole says of consent."""
    sections = config.destinations.values()
    enforced = bool(config.consent.categories) or any(each.consent is not None for each in sections)
    return Regime(
        enforced=enforced,
        opt_outs=enforced or any(each.uses is not None for each in sections),
        missing=config.consent.missing,
        compat=config.consent.compat,
    )


def _asked(config: Configuration) -> Asked:
    needs = [each.consent for each in config.destinations.values() if each.consent]
    if config.consent.compat == "rudderstack":
        return ()
    return frozenset((need.provider, name) for need in needs for name in (*need.require, *need.any))


def _compile_judge(
    name: str,
    names: frozenset[str],
    section: DestinationSection,
    adapter: type[Adapter[Any]],
    consent: Consent,
) -> Callable[[Event, Signals], Verdict]:
    sources = None if section.sources is None else frozenset(section.sources)
    sieve = compile_sieve(name, section.events, section.filters)
    narrow = compile_integrations(name, adapter.name, names, kind=section.type)
    accepts = adapter.accepts
    asks = None if isinstance(consent, Always) and consent.verdict is None else consent
    source_off = Skip(SkipReason.SOURCE_OFF, f"destinations.{name}.sources")
    type_off = Skip(SkipReason.TYPE_UNSUPPORTED, f"{section.type}.accepts")

    def judge(event: Event, said: Signals) -> Verdict:
        if sources is not None and event.source not in sources:
            return source_off
        if event.type not in accepts:
            return type_off
        denied = None if asks is None else asks(said)
        if denied is not None:
            return denied
        verdict = narrow(event)
        if sieve is None or isinstance(verdict, Skip):
            return verdict
        return sieve(event, verdict)

    return judge
