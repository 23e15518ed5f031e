"""Whether what an event says about consent is enough for a destination.

Doubt denies: a category that is missing or no boolean, an object of another shape, no object at
all. A destination that declares nothing gets nothing, as soon as anything in the configuration
speaks of consent; where nothing does, nothing is enforced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from router.decide.verdict import Skip
from router.observe.reasons import SkipReason

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.decide.consent.signals import Signals


class Consent(Protocol):
    """What judges the consent of an event for one destination."""

    def __call__(self, said: Signals, known: Signals = None) -> Skip | None:
        """Return why the destination is denied; None lets the event pass.

        `said` is what the event says, `known` the latest known preference of its user in the same
        shape, None when none is known. `known` can only narrow: kinds that it does not hold deny
        nothing; where it alone denies, the reason is `consent.withdrawn`.
        """


class Requirement(Protocol):
    """What a destination's `consent:` section says; one of the three."""

    @property
    def require(self) -> tuple[str, ...]:
        """Categories that must all be true."""

    @property
    def any(self) -> tuple[str, ...]:
        """Categories of which one must be true."""

    @property
    def not_required(self) -> str | None:
        """Why none is needed."""


_KINDS = frozenset({"categories", "malformed"})


def compile_consent(
    name: str, requirement: Requirement | None, *, enforced: bool, missing: str = "deny"
) -> Consent:
    """Return what judges the signals of an event for one destination.

    `enforced` tells whether the configuration speaks of consent at all; `missing` is "deny" or
    "allow", for events that say nothing.
    """
    where = f"destinations.{name}.consent"
    if requirement is None:
        undeclared = Skip(SkipReason.CONSENT_UNDECLARED, where) if enforced else None
        return Always(undeclared)
    if requirement.not_required:
        return Always(None)
    if not requirement.require and not requirement.any:
        return Always(Skip(SkipReason.CONSENT_UNDECLARED, where))
    absent = Skip(SkipReason.CONSENT_MISSING, where) if missing != "allow" else None
    malformed = Skip(SkipReason.CONSENT_MALFORMED, where)
    judge = _judge_categories(where, requirement, malformed)

    def own(said: Signals) -> Skip | None:
        if said is None:
            return absent
        categories = said.get("categories")
        return malformed if type(categories) is not dict else judge(categories)

    def consents(said: Signals, known: Signals = None) -> Skip | None:
        denied = own(said)
        if denied is not None or known is None or known.keys().isdisjoint(_KINDS):
            return denied
        now = own(known)
        return None if now is None else Skip(SkipReason.CONSENT_WITHDRAWN, now.rule)

    return consents


class Always:
    """A verdict that nothing can change: neither what an event says nor what is known."""

    def __init__(self, verdict: Skip | None) -> None:
        self.verdict = verdict

    def __call__(self, said: Signals, known: Signals = None) -> Skip | None:  # noqa: ARG002 - see Consent
        """Return it."""
        return self.verdict


def _judge_categories(
    where: str, requirement: Requirement, malformed: Skip
) -> Callable[[dict[str, Any]], Skip | None]:
    needed = tuple(
        (category, Skip(SkipReason.CONSENT_DENIED, f"{where}.require: {category}"))
        for category in requirement.require
    )
    one_of = requirement.any
    none_of = Skip(SkipReason.CONSENT_DENIED, f"{where}.any: {', '.join(one_of)}")

    def judge(categories: dict[str, Any]) -> Skip | None:
        for category, denied in needed:
            if categories.get(category) is not True:
                return malformed if _is_odd(categories, category) else denied
        if one_of and not any(categories.get(category) is True for category in one_of):
            odd = any(_is_odd(categories, category) for category in one_of)
            return malformed if odd else none_of
        return None

    return judge


def _is_odd(categories: dict[str, Any], category: str) -> bool:
    return category in categories and type(categories[category]) is not bool
