"""What rules by keys do within texts: to JSON, and to the parameters of URLs and forms.

A value there becomes a token where the rule makes tokens, and goes otherwise; of a parameter
`[redacted]` stays. No other action is done within a text, for a text that is searched again must
come out as it went in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from router.decide.policy.actions import REDACTED
from router.decide.policy.detection import KEPT
from router.decide.policy.enclosed import in_json, in_parameters, is_replaced
from router.decide.policy.named import Named
from router.decide.policy.walk import DROP, KEEP, Changed, Node

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from router.decide.policy.actions import Action
    from router.decide.policy.rule import CompiledRule
    from router.decide.policy.rules import State

    Below = Callable[[State, int, str | int], tuple[State, int]]

_OPENING = "{[ \n\t"


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
        node = self._node(by_key, decided)

        def hidden(key: str, value: str) -> str | None:
            return self._hidden(by_key, decided, key, value)

        def searched(value: Any) -> Any:
            found = leaf(value)
            text = found
            if type(found) is Changed:
                text = found.value if found.in_part else None
            if type(text) is not str or not text:
                return found
            if text[0] in _OPENING:
                left = in_json(text, node)
                if left is not text:
                    return left
            shown = in_parameters(text, hidden)
            return found if shown == text else Changed(shown, in_part=True)

        return searched

    def _hidden(self, state: State, decided: int, key: str, value: str) -> str | None:
        _, now = self._below(state, decided, key)
        rule = self._rules[now]
        if now == decided or rule.do == KEPT:
            return None
        return str(rule.action(value, None)) if rule.action and rule.do == "token" else REDACTED

    def _node(self, state: State, decided: int) -> Node:
        if (state, decided) not in self._nodes:
            self._nodes[state, decided] = Node(
                lambda value: value, lambda key: self._after(state, decided, key)
            )
        return self._nodes[state, decided]

    def _after(self, state: State, decided: int, key: str | int) -> Node:
        state, now = self._below(state, decided, key)
        if now == decided:
            return self._node(state, decided)
        rule = self._rules[now]
        if rule.do == KEPT:
            return KEEP
        return _hiding(rule)


def _hiding(rule: CompiledRule) -> Node:
    """Return the node of a value that a rule hides, but for flags that it spares."""
    strict = DROP
    if rule.action and rule.do == "token":
        strict = Node(_tokenising(rule.action))
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
