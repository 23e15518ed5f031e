"""Which rules by value are in force at a place of an event, and what they do to what they find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.decide.policy.actions import UNMERGED
from router.decide.policy.detection import DROPPED, KEPT, Detection
from router.decide.policy.hints import SILENT
from router.decide.policy.rule import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.decide.policy.actions import Action
    from router.decide.policy.hints import Hint
    from router.decide.policy.rule import CompiledRule, State


class Looking:
    """The rules by value of an automaton."""

    def __init__(self, rules: Sequence[CompiledRule], id_action: Action | None) -> None:
        self._rules = rules
        self._id_action = id_action
        self._made: dict[tuple[int, ...], Detection | None] = {}
        self._everywhere = tuple(
            place for place, rule in enumerate(rules) if rule.by_kind and rule.way is None
        )

    def places(self, state: State, decided: int) -> tuple[int, ...]:
        """Return the rules by value that are in force and come before the decided one.

        Where a value is dropped, by a rule or by the default of an allow-list, only those that
        keep count: a change of what is found in a text does not keep the rest of it.
        """
        only_keeps = self._rules[decided].do == DROPPED
        return tuple(
            place
            for place, rule in enumerate(self._rules[:decided])
            if rule.by_kind
            and (rule.way is None or (place, rule.way.end) in state)
            and (not only_keeps or rule.do == KEPT)
        )

    def detection(self, state: State, decided: int, hint: Hint = SILENT) -> Detection | None:
        """Return what searches values at a place, None if nothing does."""
        return self._detection(self.places(state, decided), hint)

    def in_keys(self, state: State, decided: int, hint: Hint) -> list[Detection]:
        """Return what searches the keys at a place.

        An earlier rule that changes values says nothing of their keys, so there all count.
        """
        found = [self.detection(state, decided, hint)]
        if self._rules[decided].action:
            found.append(self._detection(self._everywhere, hint))
        return [each for each in found if each]

    def id_actions(self, state: State, decided: int) -> dict[str, Action | str]:
        """Return what becomes of an id that is one of the kinds: people stay apart."""
        actions: dict[str, Action | str] = {}
        for rule in reversed([self._rules[place] for place in self.places(state, decided)]):
            for kind, action in rule.by_kind.items():
                unmerged = self._id_action if rule.do in UNMERGED else None
                actions[kind] = unmerged or action or rule.do
        return actions

    def _detection(self, places: tuple[int, ...], hint: Hint) -> Detection | None:
        if places not in self._made:
            actions: dict[str, Action | str] = {}
            for rule in reversed([self._rules[place] for place in places]):
                for kind, action in rule.by_kind.items():
                    actions[kind] = spoken(action) if action else rule.do
            self._made[places] = Detection(actions) if actions else None
        found = self._made[places]
        return found.under(hint) if found else None
