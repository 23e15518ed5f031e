"""Who gets personal data, and what becomes of it: a report for whoever has to answer for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from router.cli.destinations.access import consent_of
from router.cli.output import harmless
from router.config.sight import sight
from router.decide.policy.people import WORDS
from router.decide.routes import regime_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.config import Config
    from router.config.sections.destination import Destination
    from router.config.sections.transform import Step
    from router.config.sight import Sight

SEES: dict[Sight, str] = {
    "untouched": "everything, personal data untouched",
    "rules": "everything but what its rules take away or change",
    "kept": "only what its rules let through",
    "removed": f"everything but personal data: {WORDS}",
}
"""What a destination sees of personal data, by a code and in words."""
DOES = {
    "keep": "sent as it is", "drop": "taken out", "mask": "masked", "hash": "hashed",
    "token": "made a token", "truncate": "cut to its network", "generalise": "made coarser",
    "redact": "redacted",
}  # fmt: skip
_EXCLUDED = {"settings", "delivery", "type"}


def report(config: Config) -> dict[str, Any]:
    """Return, per destination, what it needs, does, sees and gets, as programs read it."""
    trusted = config.pii.trusted
    return {
        "trusted": None if trusted is None else list(trusted),
        "consent": config.consent.model_dump(mode="json"),
        "destinations": {
            name: _described(config, name, section) for name, section in config.destinations.items()
        },
    }


def _described(config: Config, name: str, section: Destination) -> dict[str, Any]:
    adapter = section.adapter_class
    written = section.model_dump(mode="json", by_alias=True, exclude=_EXCLUDED, exclude_none=True)
    return {
        "type": section.type,
        "adapter": adapter.name,
        "takes": sorted(adapter.accepts),
        "sees": sight(config, name),
        "needs": _needs(config, section),
        **written,
    }


def _needs(config: Config, section: Destination) -> str:
    """Say what consent a destination needs, and what it means when it says nothing."""
    if section.consent is not None:
        why = section.consent.not_required
        return f"none, because: {why}" if why else consent_of(section)
    regime = regime_of(config)
    if regime.compat is not None:
        return f"not declared: {regime.compat} lets it have everything"
    if regime.enforced:
        return "not declared, so it gets nothing"
    return "none: this configuration asks nobody for any"


def told(config: Config) -> Iterator[str]:
    """Yield the report in words, a line each."""
    found = report(config)
    trusted = found["trusted"]
    if trusted is None:
        yield "personal data: no line is drawn (pii.trusted is not set)"
    else:
        yield f"personal data: only {', '.join(trusted) or 'nobody'} may see it (pii.trusted)"
        if config.pii.free_text == "redact":
            yield "what people write themselves: redacted for all others (pii.free_text)"
        else:
            yield "what people write themselves: names and streets in it pass (pii.free_text)"
    silent = "denied" if config.consent.missing == "deny" else "let through (consent.missing)"
    yield f"events that say nothing about consent: {silent}"
    for name, section in config.destinations.items():
        yield ""
        yield from _told(name, section, found["destinations"][name])


def _told(name: str, section: Destination, facts: dict[str, Any]) -> Iterator[str]:
    yield f"{name} ({facts['adapter']})"
    sources = "all sources" if section.sources is None else ", ".join(section.sources)
    yield f"  takes    {', '.join(facts['takes'])} of {sources}"
    if section.events is not None:
        yield f"  only if  {harmless(section.events)}"
    for each in section.filters:
        yield f"  filter   {each.do.replace('_', ' ')} if {harmless(each.if_)}"
    yield f"  consent  {harmless(facts['needs'])}"
    yield f"  uses     {', '.join(section.uses) if section.uses is not None else 'not said'}"
    yield f"  sees     {SEES[facts['sees']]}"
    privacy = section.privacy
    for rule in privacy.rules if privacy is not None else ():
        yield f"    {harmless(rule.matcher.in_words)}: {DOES[rule.do]}"
    if privacy is not None:
        yield f"    everything else: {DOES[privacy.default]}"
    for step in section.transform:
        yield f"  then     {_step(step)}"


def _step(step: Step) -> str:
    """Say what a step of a transformation does, without the values that it sets."""
    places = {
        "rename": [f"{old} to {new}" for old, new in step.rename.items()],
        "copy": [f"{old} to {new}" for old, new in step.copy_.items()],
        "set": list(step.set_),
        "hash": list(step.hash_.paths) if step.hash_ else [],
        "drop": list(step.drop),
    }
    done = [f"rename the event to {step.rename_event}"] if step.rename_event else []
    done += [f"{what} {', '.join(which)}" for what, which in places.items() if which]
    return harmless("; ".join(done) + (f" if {step.if_}" if step.if_ else ""))
