"""From a rule as it is configured to the rule that an automaton follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from router.decide.policy.actions import KEYED_ACTIONS, UNMERGED, compile_action
from router.decide.policy.generalise import compile_generalise
from router.decide.policy.named import named, strict_and_contacts
from router.decide.policy.paths import Path, Wild, parse_path
from router.decide.policy.rule import CompiledRule
from router.decide.policy.rules import PERSON_IDS, ROUTING
from router.decide.policy.vendors import compile_vendor_hash, split

if TYPE_CHECKING:
    from router.decide.policy.actions import Action
    from router.decide.policy.policy import RuleSection
    from router.decide.policy.tokens import Tokens


_COPIED = ("context", "traits")
"""What `events.parse` lets be the `traits` of an identify that has no others."""


class Matched:
    """A rule with its path read; `integrations.<name>` has the adapter's display name."""

    def __init__(self, rule: RuleSection, display_name: str, names: frozenset[str]) -> None:
        match = rule.match
        self.do = rule.do
        self.vendor = rule.as_
        self.country = rule.country
        self.path = match if isinstance(match, str) else match.path
        self.keys = () if isinstance(match, str) else tuple(match.keys)
        self.kinds = () if isinstance(match, str) else tuple(match.detect)
        self.steps = parse_path(self.path) if self.path else ()
        if len(self.steps) > 1 and self.steps[0] == ROUTING and self.steps[1] in names:
            self.steps = (self.steps[0], display_name, *self.steps[2:])

    @property
    def meaning(self) -> list[Any]:
        """What tells it from rules that do something else."""
        kinds, keys = sorted(self.kinds), sorted(self.keys)
        return [self.path, keys, kinds, self.do, self.vendor, self.country]

    @property
    def last_key(self) -> str:
        """The key of the values it matches, empty if there may be several."""
        last = next((step for step in reversed(self.steps) if not isinstance(step, int)), "")
        if self.keys:
            return self.keys[0] if len(self.keys) == 1 else ""
        return last if isinstance(last, str) else ""


def is_keyed(rule: Matched) -> bool:
    """Tell whether a rule may make tokens: on ids, what would make people one does."""
    if rule.do in KEYED_ACTIONS:
        return True
    reaches_ids = not rule.steps or rule.steps[0] in PERSON_IDS or isinstance(rule.steps[0], Wild)
    return rule.do in UNMERGED and bool(reaches_ids)


def compile_rule(rule: Matched, tokens: Tokens | None) -> list[CompiledRule]:
    """Return the rule as the automaton takes it: one, or two.

    Two where flags below keys are spared, and where an identify's `traits` may be a copy of what
    the rule takes or changes.
    """
    by_kind = {kind: _action(rule, tokens, kind) for kind in rule.kinds}
    action = None if by_kind else _action(rule, tokens, "")
    if not rule.keys:
        way = Path(rule.steps) if rule.steps else None
        compiled = [CompiledRule(rule.do, action, way, by_kind)]
        if rule.steps[:2] == _COPIED and rule.do != "keep":
            copy = Path(rule.steps[1:])
            compiled.append(CompiledRule(rule.do, action, copy, by_kind, of_identify=True))
        return compiled
    if by_kind or rule.do == "keep":
        return [CompiledRule(rule.do, action, named(rule.keys), by_kind)]
    strict, contacts = strict_and_contacts(rule.keys)
    compiled = [CompiledRule(rule.do, action, strict)]
    if contacts:
        compiled.append(CompiledRule(rule.do, action, contacts, spares_flags=True))
    return compiled


def _action(rule: Matched, tokens: Tokens | None, kind: str) -> Action | None:
    if rule.do in ("keep", "drop"):
        return None
    if rule.vendor:
        vendor, field = split(rule.vendor)
        return compile_vendor_hash(vendor, field or kind, rule.country)
    if rule.do == "generalise":
        return compile_generalise(rule.last_key)
    return compile_action(rule.do, tokens)
