"""Categories: whether what is said of them is enough, by our rule or by another system's.

Ours: true and nothing else counts. Segment's: the same, but an event that says nothing passes.
RudderStack's: only a denied category counts, and the event chooses between all and one of them.
"""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING

from router.decide.consent.requirement import Check
from router.decide.verdict import Skip
from router.observe.reasons import SkipReason

if TYPE_CHECKING:
    from router.decide.consent.requirement import Regime, Requirement, Said


def compile_categories(where: str, needed: Requirement, regime: Regime) -> Check:
    """Return the check of a destination that names categories."""
    rules = _Rules(where, needed, regime)
    if regime.compat == "rudderstack":
        return Check(rules.rudder, rules.rudder_later)
    return Check(rules.own, rules.later)


class _Rules:
    """The rules of one destination, with its denials made beforehand."""

    def __init__(self, where: str, needed: Requirement, regime: Regime) -> None:
        self._open = regime.open_
        self._absent = Skip(SkipReason.CONSENT_MISSING, where)
        self._provider = needed.provider
        self._mismatch = Skip(SkipReason.CONSENT_MISSING, f"{where}.provider: {needed.provider}")
        self._malformed = Skip(SkipReason.CONSENT_MALFORMED, where)
        self._each = {
            name: Skip(SkipReason.CONSENT_DENIED, f"{where}.require: {name}")
            for name in needed.require
        }
        self._any = needed.any
        self._none = Skip(SkipReason.CONSENT_DENIED, f"{where}.any: {', '.join(needed.any)}")

    def own(self, said: Said) -> Skip | None:
        """Judge what an event says: whatever is not true denies."""
        categories = said.get("categories")
        if said.get("malformed") or type(categories) not in (dict, NoneType):
            return self._malformed
        if categories is None:
            return None if self._open else self._absent
        if self._provider is not None and said.get("provider", self._provider) != self._provider:
            return None if self._open else self._mismatch
        return self._judge(categories)

    def _judge(self, categories: Said) -> Skip | None:
        for name, denied in self._each.items():
            if categories.get(name) is not True:
                return self._malformed if _odd(categories, name) else denied
        if self._any and not any(categories.get(name) is True for name in self._any):
            odd = any(_odd(categories, name) for name in self._any)
            return self._malformed if odd else self._none
        return None

    def later(self, said: Said, known: Said) -> Skip | None:
        """Judge what is known: a category that it does not hold is as the event says."""
        if known.get("malformed"):
            return self._malformed
        latest = known.get("categories")
        if type(latest) is not dict:
            return None if latest is None else self._malformed
        for name, denied in self._each.items():
            if latest.get(name, True) is not True:
                return denied
        if not self._any:
            return None
        before = said.get("categories")
        left = (name for name in self._any if latest.get(name, True) is True)
        if type(before) is dict:
            left = (name for name in left if before.get(name) is True)
        return self._none if next(left, None) is None else None

    def rudder(self, said: Said) -> Skip | None:
        """Judge as RudderStack's server does (processor/consent.go): open unless denied."""
        provider = said.get("provider")
        if self._provider is not None and provider != self._provider:
            return None
        categories = said.get("categories")
        if type(categories) is not dict:
            return None
        one_is_enough = bool(self._any)
        if provider not in (None, "custom"):
            one_is_enough = said.get("strategy") == "or"
        denied = [name for name in (*self._each, *self._any) if categories.get(name) is False]
        if not denied or (one_is_enough and len(denied) < len(self._each) + len(self._any)):
            return None
        return self._each.get(denied[0], self._none)

    def rudder_later(self, said: Said, known: Said) -> Skip | None:
        """Judge as `rudder` does, with what is known to be denied beside what the event denies."""
        merged: Said = {}
        for signals in (known, said):
            categories = signals.get("categories")
            for name, value in categories.items() if type(categories) is dict else ():
                merged[name] = False if merged.get(name) is False else value
        return self.rudder(known | said | {"categories": merged})


def _odd(categories: Said, name: str) -> bool:
    return name in categories and type(categories[name]) is not bool
