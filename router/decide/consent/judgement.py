"""Whether what an event says about consent is enough for a destination.

Doubt denies: a category that is missing or no boolean, an object of another shape, a string that
cannot be decoded, no object at all. A destination that declares nothing gets nothing, as soon as
anything in the configuration speaks of consent; where nothing does, nothing is enforced.

The order: opt-outs, TCF, categories, Google's consent mode; the first denial counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from router.decide.consent.categories import compile_categories
from router.decide.consent.google import compile_google
from router.decide.consent.opt_outs import compile_opt_outs
from router.decide.consent.vendors import compile_vendors
from router.decide.verdict import Skip
from router.observe.reasons import SkipReason

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from router.decide.consent.requirement import Check, Regime, Requirement, Said
    from router.decide.consent.signals import Signals


class Consent(Protocol):
    """What judges the consent of an event for one destination."""

    def __call__(self, said: Signals, known: Signals = None) -> Skip | None:
        """Return why the destination is denied; None lets the event pass.

        `said` is what the event says, `known` the latest known preference of its user in the same
        shape, None when none is known. `known` can only narrow: what it does not hold denies
        nothing; where it alone denies, the reason is `consent.withdrawn`.
        """


class Always:
    """A verdict that nothing can change: neither what an event says nor what is known."""

    def __init__(self, verdict: Skip | None) -> None:
        self.verdict = verdict

    def __call__(self, said: Signals, known: Signals = None) -> Skip | None:  # noqa: ARG002 - see Consent
        """Return it."""
        return self.verdict


def compile_consent(
    name: str, requirement: Requirement | None, uses: Collection[str] | None, regime: Regime
) -> Consent:
    """Return what judges the signals of an event for one destination.

    `uses` is what the destination does with data; None where it does not say.
    """
    if _declares_nothing(requirement) and regime.enforced and regime.compat is None:
        return Always(Skip(SkipReason.CONSENT_UNDECLARED, f"destinations.{name}.consent"))
    checks = tuple(_checks(name, requirement, uses, regime))
    return _compile(checks) if checks else Always(None)


def _declares_nothing(requirement: Requirement | None) -> bool:
    return requirement is None or not (
        requirement.require
        or requirement.any
        or requirement.not_required
        or requirement.tcf
        or requirement.google
    )


def _checks(
    name: str, requirement: Requirement | None, uses: Collection[str] | None, regime: Regime
) -> Iterator[Check]:
    where = f"destinations.{name}.consent"
    heeds = regime.opt_outs and regime.compat is None
    exempt = requirement is not None and bool(requirement.not_required)
    opt_outs = compile_opt_outs(name, uses)
    if opt_outs is not None and (uses is not None or (heeds and not exempt)):
        yield opt_outs
    if requirement is None:
        return
    reason = SkipReason.CONSENT_MISSING
    if requirement.tcf is not None:
        absent = None if regime.open_ else Skip(reason, f"{where}.tcf")
        yield compile_vendors(where, requirement.tcf, absent)
    if requirement.require or requirement.any:
        yield compile_categories(where, requirement, regime)
    if requirement.google:
        absent = None if regime.open_ else Skip(reason, f"{where}.google")
        yield compile_google(where, requirement.google, absent)


def _compile(checks: tuple[Check, ...]) -> Consent:
    owns = tuple(check.own for check in checks)
    laters = tuple(check.later for check in checks)
    silent = _first(owns, {})

    def consents(said: Signals, known: Signals = None) -> Skip | None:
        denied = _first(owns, said) if said else silent
        if denied is not None or not known:
            return denied
        for later in laters:
            skip = later(said or {}, known)
            if skip is not None:
                return Skip(SkipReason.CONSENT_WITHDRAWN, skip.rule)
        return None

    return consents


def _first(owns: Iterable[Callable[[Said], Skip | None]], said: Said) -> Skip | None:
    for own in owns:
        denied = own(said)
        if denied is not None:
            return denied
    return None
