"""An operator's privacy rules, compiled to the nodes of a walk: the first that matches wins.

The state at a place is the set of rules that may still match below it, each with its position,
and the first rule that already matched there or above it. Rules that come later than that one are
forgotten, so that most of an event is decided near its root and never walked. A rule that looks
for kinds of values below a path decides nothing where it matches: it stays in the state, at its
end, and its kinds are looked for from there on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from router.decide.policy.detection import DROPPED, KEPT
from router.decide.policy.hints import (
    SILENT,
    hint_below,
    hint_in_form,
    is_value,
    labels_of,
)
from router.decide.policy.looking import Looking
from router.decide.policy.rule import CompiledRule, act_of, gone_if_empty, partial
from router.decide.policy.walk import DROP, KEEP, Node
from router.decide.policy.within import Within
from router.events.identity import IDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.decide.policy.actions import Action
    from router.decide.policy.hints import Hint
    from router.decide.policy.rule import State

ALWAYS_KEPT = frozenset({"type", "messageId", "timestamp"})
ROUTING = "integrations"
"""The event's own map: it is no destination's business, its options go apart."""
PERSON_IDS = frozenset(IDS) - ALWAYS_KEPT

_Value: TypeAlias = "tuple[State, int] | None"
"""In a form's field: what holds for its value, since the field says which key that has."""


class Rules:
    """The automaton of a list of rules."""

    def __init__(self, rules: list[CompiledRule], *, keeps: bool, id_action: Action | None) -> None:
        self._rules = [*rules, CompiledRule(KEPT if keeps else DROPPED, None)]
        self._default = len(rules)
        self._keeps = keeps
        self._id_action = id_action
        self._looks = any(rule.by_kind for rule in rules)
        self._nodes: dict[tuple[State, int, bool, Hint, _Value], Node] = {}
        self._looking = Looking(self._rules, id_action)
        self._within = Within(self._rules, self._below)
        every = [(i, rule.way) for i, rule in enumerate(rules) if rule.way]
        ways = [(i, way) for i, way in every if not rules[i].of_identify]
        start = self._settled([(i, way.start) for i, way in ways], self._default)
        group = self._settled([(i, way.group_start) for i, way in ways], self._default)
        identify = self._settled([(i, way.start) for i, way in every], self._default)
        self._root = self._make_root(*start)
        self._roots = {
            kind: self._make_root(*at)
            for kind, at in (("group", group), ("identify", identify))
            if at != start
        }
        self.options = self._node(*self._below(*start, ROUTING))

    def root_of(self, kind: Any) -> Node:
        """Return where the walk over an event of a type begins."""
        return self._roots.get(kind, self._root)

    def _settled(self, positions: list[tuple[int, int]], decided: int) -> tuple[State, int]:
        """Follow `**` into nothing, note what matches, forget what comes too late."""
        state: set[tuple[int, int]] = set()
        for rule, position in positions:
            way = self._rules[rule].way
            for rest in way.rests(position) if way else ():
                if way and rest == way.end and not self._rules[rule].by_kind:
                    decided = min(decided, rule)
                else:
                    state.add((rule, rest))
        return frozenset(pair for pair in state if pair[0] < decided), decided

    def _below(self, state: State, decided: int, at: str | int) -> tuple[State, int]:
        if self._rules[decided].spares_flags:
            decided -= 1
        moved = []
        for rule, position in state:
            way = self._rules[rule].way
            if way is None or position == way.end:
                moved.append((rule, position))
            else:
                moved += [(rule, after) for after in way.advance(position, at)]
        return self._settled(moved, decided)

    def _make_root(self, state: State, decided: int) -> Node:
        detection = self._looking.detection(state, decided)

        def child(key: Any) -> Node:
            if key in ALWAYS_KEPT:
                return KEEP
            if key == ROUTING or (detection and detection.shows_in_key(key)):
                return DROP
            below = self._below(state, decided, key)
            return self._node(*below, key in PERSON_IDS, self._hint(key, SILENT))

        only = self._rules[decided].do == DROPPED
        also = sorted(ALWAYS_KEPT) if only else (ROUTING,)
        named = self._named(state, *also) if self._names_all(state, decided) else None
        return Node(lambda value: value, child, named=named, only=only)

    def _node(
        self,
        state: State,
        decided: int,
        is_id: bool = False,  # noqa: FBT001, FBT002 - one word of a key
        hint: Hint = SILENT,
        value: _Value = None,
    ) -> Node:
        key = state, decided, is_id, hint, value
        if key not in self._nodes:
            self._nodes[key] = self._make(*key)
        return self._nodes[key]

    def _hint(self, key: Any, above: Hint) -> Hint:
        """Return what a key says about how values below are searched, if any are."""
        return hint_below(key, above) if self._looks else SILENT

    def _make(
        self,
        state: State,
        decided: int,
        is_id: bool,  # noqa: FBT001 - see _node
        hint: Hint,
        value: _Value,
    ) -> Node:
        rule = self._rules[decided]
        detection = self._looking.detection(state, decided, hint)
        whole = rule.do in (KEPT, DROPPED) and not rule.spares_flags
        if whole and not state and detection is None:
            return KEEP if rule.do == KEPT else DROP
        in_keys = self._looking.in_keys(state, decided, hint)

        def child(at: Any) -> Node:
            if type(at) is str and any(found.shows_in_key(at) for found in in_keys):
                return DROP
            below = value if value and is_value(at) else self._below(state, decided, at)
            return self._node(*below, hint=self._hint(at, hint))

        def form(item: dict[str, Any]) -> Node:
            of_value = self._in_form(item, state, decided)
            return self._node(state, decided, is_id, hint_in_form(item, hint), of_value)

        drops = rule.do == DROPPED
        leaf = self._within.searching(self._leaf(state, decided, is_id, hint), state, decided)
        return Node(
            leaf,
            child,
            form=form if detection or any(self._key(pair) is None for pair in state) else None,
            partial=self._within.searching(partial(rule.do, detection), state, decided),
            named=self._named(state) if self._names_all(state, decided) else None,
            only=drops,
            prunes=drops,
            clean=detection.clean if detection and leaf is detection.in_value else (),
        )

    def _in_form(self, item: dict[str, Any], state: State, decided: int) -> _Value:
        """Return what holds for the value of an object that may be a form's field."""
        here = self._looking.places(state, decided)
        for label in labels_of(item):
            below = self._below(state, decided, label)
            if below[1] != decided or self._looking.places(*below) != here:
                return below
        return None

    def _names_all(self, state: State, decided: int) -> bool:
        """Tell whether all stays, or all goes, but below the keys that the pending rules name."""
        rule = self._rules[decided]
        return (
            rule.do in (KEPT, DROPPED)
            and not rule.spares_flags
            and self._looking.detection(state, decided) is None
            and all(self._key(pair) is not None for pair in state)
        )

    def _named(self, state: State, *also: str) -> tuple[str, ...]:
        keys = (self._key(pair) for pair in sorted(state))
        return tuple(dict.fromkeys([*filter(None, keys), *also]))

    def _key(self, pair: tuple[int, int]) -> str | None:
        rule, position = pair
        way = self._rules[rule].way
        return way.key_at(position) if way and position != way.end else None

    def _leaf(
        self,
        state: State,
        decided: int,
        is_id: bool,  # noqa: FBT001 - see _node
        hint: Hint,
    ) -> Callable[[Any], Any]:
        act = act_of(self._rules[decided], self._id_action if is_id else None, keeps=self._keeps)
        detection = self._looking.detection(state, decided, hint)
        if detection is None:
            return act
        detect: Callable[[Any], Any] = detection.in_value
        if is_id:
            unmerged = self._looking.id_actions(state, decided)

            def detect(value: Any) -> Any:
                return gone_if_empty(detection.in_id(value, unmerged))

        if self._rules[decided].do == KEPT and KEPT not in detection.actions.values():
            return detect

        def leaf(value: Any) -> Any:
            found = detect(value)
            if found is value:
                return act(value)
            return value if found is KEPT else found

        return leaf
