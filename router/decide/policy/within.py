"""What rules by keys do within texts: to JSON, and to the parameters of URLs and forms.

A value there becomes a token where the rule makes tokens, and goes otherwise; of a parameter
`[redacted]` stays. No other action is done within a text, for a text that is searched again must
come out as it went in.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from router.decide.detect.clean import Clean
from router.decide.policy.actions import KEYED_ACTIONS, REDACTED
from router.decide.policy.detection import KEPT
from router.decide.policy.enclosed import is_replaced, searched
from router.decide.policy.named import Named
from router.decide.policy.walk import DROP, GONE, KEEP, Changed, Node

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from router.decide.policy.actions import Action
    from router.decide.policy.enclosed import Hides
    from router.decide.policy.rule import CompiledRule, State

    Below = Callable[[State, int, str | int], tuple[State, int]]

_MOST_KEYS = 4096


class Within:
    """The rules by keys of an automaton; `below` takes it from a place into a key."""

    def __init__(self, rules: Sequence[CompiledRule], below: Below) -> None:
        self._rules = rules
        self._below = below
        self._nodes: dict[tuple[State, int], Node] = {}

    def searching(
        self, leaf: Callable[[Any], Any], state: State, decided: int
    ) -> Callable[[Any], Any]:
        """Return a leaf that looks into texts as well, or itself where no key may match."""
        by_key = frozenset(pair for pair in state if isinstance(self._rules[pair[0]].way, Named))
        if not by_key:
            return leaf
        search = self._node(by_key, decided).leaf
        clean = Clean()

        def looking(value: Any) -> Any:
            found = leaf(value)
            if type(value) is not str or found is GONE or value in clean:
                return found
            new = search(found)
            if new is value:
                clean.note(value)
            return new

        return looking

    def _hides(self, state: State, decided: int) -> Hides:
        """Return what tells how the value of a parameter is hidden, by its key."""

        @lru_cache(_MOST_KEYS)
        def hides(key: str) -> Callable[[str], str] | None:
            rule = self._hiding(state, decided, key)
            if rule is None:
                return None
            action = rule.action if _is_token(rule) else None
            return (lambda value: str(action(value, None))) if action else (lambda _: REDACTED)

        return hides

    def _hiding(self, state: State, decided: int, key: str | int) -> CompiledRule | None:
        """Return the rule that hides what is below a key, if any comes to act there."""
        _, now = self._below(state, decided, key)
        rule = self._rules[now]
        return None if now == decided or rule.do == KEPT else rule

    def _node(self, state: State, decided: int) -> Node:
        """Return the node of what a text encloses; texts in it are looked into as well."""
        if (state, decided) not in self._nodes:
            hides = self._hides(state, decided)
            node = Node(
                lambda found: searched(found, node, hides),
                lambda key: self._after(state, decided, key),
            )
            self._nodes[state, decided] = node
        return self._nodes[state, decided]

    def _after(self, state: State, decided: int, key: str | int) -> Node:
        rule = self._hiding(state, decided, key)
        if rule is not None:
            return _node_of(rule)
        state, now = self._below(state, decided, key)
        return self._node(state, decided) if now == decided else KEEP


def _is_token(rule: CompiledRule) -> bool:
    return rule.do in KEYED_ACTIONS


def _node_of(rule: CompiledRule) -> Node:
    """Return the node of a value that a rule hides, but for flags that it spares."""
    strict = Node(_tokenising(rule.action)) if rule.action and _is_token(rule) else DROP
    if not rule.spares_flags:
        return strict
    return Node(
        lambda value: value if type(value) is bool else strict.leaf(value),
        lambda _: strict,
        prunes=True,
    )


def _tokenising(action: Action) -> Callable[[Any], Any]:
    def leaf(value: Any) -> Any:
        empty = value is None or value in ("", {}, [])
        return value if empty or is_replaced(value) else Changed(action(value, None))

    return leaf
