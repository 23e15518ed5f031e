"""An operator's privacy rules, compiled to the nodes of a walk: the first that matches wins.

The state at a place is the set of rules that may still match below it, each with its position,
and the first rule that already matched there or above it. Rules that come later than that one are
forgotten, so that most of an event is decided near its root and never walked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from router.decide.policy.actions import UNMERGED
from router.decide.policy.detection import DROPPED, KEPT, Detection
from router.decide.policy.paths import Wild, advance
from router.decide.policy.walk import DROP, GONE, KEEP, Changed, Node
from router.events.identity import IDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.decide.policy.actions import Action
    from router.decide.policy.paths import Steps

ALWAYS_KEPT = frozenset({"type", "messageId", "timestamp"})
ROUTING = "integrations"
"""The event's own map: it is no destination's business, its options go apart."""
PERSON_IDS = frozenset(IDS) - ALWAYS_KEPT

State: TypeAlias = frozenset[tuple[int, int]]


class CompiledRule(NamedTuple):
    """A rule; `steps` for one by path, `kinds` for one by value."""

    do: str
    action: Action | None
    steps: Steps | None = None
    kinds: tuple[str, ...] = ()


class Rules:
    """The automaton of a list of rules."""

    def __init__(self, rules: list[CompiledRule], *, keeps: bool, id_action: Action | None) -> None:
        self._rules = [*rules, CompiledRule(KEPT if keeps else DROPPED, None)]
        self._default = len(rules)
        self._keeps = keeps
        self._id_action = id_action
        self._nodes: dict[tuple[State, int, bool], Node] = {}
        self._detections: dict[int, Detection | None] = {}
        start = self._settled([(i, 0) for i, rule in enumerate(rules) if rule.steps], len(rules))
        self.root = self._root(*start)
        self.options = self._node(*self._below(*start, ROUTING))

    def _settled(self, positions: list[tuple[int, int]], decided: int) -> tuple[State, int]:
        """Follow `**` into nothing, note what matches, forget what comes too late."""
        state: set[tuple[int, int]] = set()
        while positions:
            rule, position = positions.pop()
            steps = self._rules[rule].steps or ()
            if position == len(steps):
                decided = min(decided, rule)
                continue
            state.add((rule, position))
            if steps[position] is Wild.DEEP:
                positions.append((rule, position + 1))
        return frozenset(pair for pair in state if pair[0] < decided), decided

    def _below(self, state: State, decided: int, at: str | int) -> tuple[State, int]:
        moved = [
            (rule, after)
            for rule, position in state
            for after in advance(self._rules[rule].steps or (), position, at)
        ]
        return self._settled(moved, decided)

    def _root(self, state: State, decided: int) -> Node:
        detection = self._detection(decided)

        def child(key: Any) -> Node:
            if key in ALWAYS_KEPT:
                return KEEP
            if key == ROUTING or (detection and detection.shows_in_key(key)):
                return DROP
            return self._node(*self._below(state, decided, key), key in PERSON_IDS)

        named = self._named(state, ROUTING) if self._names_all(state, decided) else None
        return Node(lambda value: value, child, named=named)

    def _node(self, state: State, decided: int, is_id: bool = False) -> Node:  # noqa: FBT001, FBT002 - one word of a key
        key = state, decided, is_id
        if key not in self._nodes:
            self._nodes[key] = self._make(state, decided, is_id)
        return self._nodes[key]

    def _make(self, state: State, decided: int, is_id: bool) -> Node:  # noqa: FBT001 - see _node
        do = self._rules[decided].do
        detection = self._detection(decided)
        if not state and detection is None:
            if do == KEPT:
                return KEEP
            if do == DROPPED:
                return DROP

        def child(at: Any) -> Node:
            if detection and type(at) is str and detection.shows_in_key(at):
                return DROP
            return self._node(*self._below(state, decided, at))

        return Node(
            self._leaf(decided, detection, is_id),
            child,
            partial=_partial(do, detection),
            named=self._named(state) if self._names_all(state, decided) else None,
            prunes=decided == self._default and not self._keeps,
        )

    def _names_all(self, state: State, decided: int) -> bool:
        """Tell whether nothing changes but below the keys that the pending rules name."""
        return (
            self._rules[decided].do == KEPT
            and self._detection(decided) is None
            and all(not isinstance(self._step(pair), Wild) for pair in state)
        )

    def _named(self, state: State, *also: str) -> tuple[str, ...]:
        steps = [self._step(pair) for pair in sorted(state)]
        return tuple(dict.fromkeys([*(step for step in steps if isinstance(step, str)), *also]))

    def _step(self, pair: tuple[int, int]) -> Any:
        return (self._rules[pair[0]].steps or ())[pair[1]]

    def _detection(self, decided: int) -> Detection | None:
        """Return the rules by value that come before the decided one.

        Where nothing but the default of an allow-list decided, only those that keep count.
        """
        if decided not in self._detections:
            only_keeps = decided == self._default and not self._keeps
            actions: dict[str, Action | str] = {}
            for rule in self._rules[:decided]:
                for kind in rule.kinds:
                    if kind not in actions and (not only_keeps or rule.do == KEPT):
                        actions[kind] = rule.action or rule.do
            self._detections[decided] = Detection(actions) if actions else None
        return self._detections[decided]

    def _leaf(
        self,
        decided: int,
        detection: Detection | None,
        is_id: bool,  # noqa: FBT001 - see _node
    ) -> Callable[[Any], Any]:
        rule = self._rules[decided]
        act = self._act(rule, is_id)
        if detection is None:
            return act
        detect: Callable[[Any], Any] = detection.in_value
        if is_id:
            unmerged = self._id_actions(decided, detection)

            def detect(value: Any) -> Any:
                return detection.in_id(value, unmerged)

        def leaf(value: Any) -> Any:
            found = detect(value)
            if found is value:
                return act(value)
            return value if found is KEPT else found

        return leaf

    def _id_actions(self, decided: int, detection: Detection) -> dict[str, Action | str]:
        does = {kind: rule.do for rule in reversed(self._rules[:decided]) for kind in rule.kinds}
        return {
            kind: self._id_action if self._id_action and does[kind] in UNMERGED else action
            for kind, action in detection.actions.items()
        }

    def _act(self, rule: CompiledRule, is_id: bool) -> Callable[[Any], Any]:  # noqa: FBT001 - see _node
        if rule.action is None:
            return (lambda value: value) if rule.do == KEPT else (lambda _: GONE)
        unmerged = is_id and rule.do in UNMERGED and self._id_action
        action = unmerged or rule.action

        def act(value: Any) -> Any:
            if value is None or value in ("", {}, []):
                return value
            return Changed(action(value, None))

        return act


def _partial(do: str, detection: Detection | None) -> Callable[[Any], Any]:
    """Return what becomes of a text that was changed in part before: dropped, or searched again."""

    def partial(value: Any) -> Any:
        found = detection.in_value(value) if detection else value
        if found is value and do == DROPPED:
            return GONE
        return value if found is KEPT else found

    return partial
