"""What one destination may see of an event: its rules first, then what `pii.trusted` says.

A policy never adds a key, never changes what it is given, and shares what it leaves alone. An
error in it is a PolicyError, whose text names the destination and never holds a value. The
event's `integrations` map is no destination's business and never leaves.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import orjson

from router.decide.policy.actions import KEYED_ACTIONS, UNMERGED, compile_action
from router.decide.policy.paths import Wild, parse_path
from router.decide.policy.people import People
from router.decide.policy.places import marks_of
from router.decide.policy.rules import PERSON_IDS, ROUTING, CompiledRule, Rules
from router.decide.policy.tokens import compile_tokens, derive, key_id
from router.decide.policy.walk import GONE, walk
from router.decide.verdict import PolicyError, Stripped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from router.decide.policy.tokens import Tokens
    from router.decide.policy.walk import Node

GENERATION = 2
"""Part of every digest: raise it when the same rules come to strip differently."""


class RuleSection(Protocol):
    """What is read of a privacy rule: `match` is a path, or has `detect`."""

    @property
    def match(self) -> Any:
        """A path, or an object whose `detect` lists kinds."""

    @property
    def do(self) -> str:
        """The action."""


class PrivacySection(Protocol):
    """What is read of a `privacy:` section."""

    @property
    def default(self) -> str:
        """What becomes of values that no rule matches: "keep" or "drop"."""

    @property
    def rules(self) -> Sequence[RuleSection]:
        """The rules, the first that matches wins."""


class Stage(NamedTuple):
    """One walk over an event: where it begins, by the event's type, and where for options."""

    root_of: Callable[[Any], Node]
    options: Node


@dataclass(frozen=True, slots=True)
class Policy:
    """The compiled policy of one destination."""

    digest: str
    name: str
    display_name: str
    stages: tuple[Stage, ...]

    @property
    def plain(self) -> bool:
        """Tell whether no rule applies."""
        return not self.stages

    def strip(
        self,
        data: dict[str, Any],
        transformed: tuple[str, ...] = (),
        options: dict[str, Any] | None = None,
    ) -> Stripped:
        """Return an event and its options as the destination may see them.

        What was `transformed` before is left alone, or dropped. Raises PolicyError.
        """
        if not self.stages:
            return Stripped(_without_routing(data), transformed, options)
        try:
            for stage in self.stages:
                marks = marks_of(transformed) if transformed else None
                found: list[str] = []
                data = walk(stage.root_of(data.get("type")), data, "", marks, found)
                if options:
                    options = self._options(stage.options, options, marks, found)
                transformed = tuple(found)
            return Stripped(data, transformed, options)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, nothing may leave
            what = type(error).__name__
        # Raised out here so that the error, which may quote a value, is not its context.
        raise PolicyError(f"the policy of {self.name} failed: {what}")

    def _options(
        self, node: Node, options: dict[str, Any], marks: Any, found: list[str]
    ) -> dict[str, Any] | None:
        """Treat options as `integrations.<display name>` of the event."""
        place = (("", ROUTING), self.display_name)
        below = (marks or {}).get(ROUTING, {}).get(self.display_name)
        left: Any = walk(node.children[self.display_name], options, place, below, found)
        return None if left is GONE or not left else left


def _without_routing(data: dict[str, Any]) -> dict[str, Any]:
    if ROUTING in data:
        data = dict(data)
        del data[ROUTING]
    return data


def compile_policy(  # noqa: PLR0913 - the facts of a destination
    *,
    name: str,
    display_name: str,
    names: frozenset[str],
    privacy: PrivacySection | None,
    trusted: bool,
    key: bytes,
) -> Policy:
    """Return the policy of the destination `name`.

    `names` are all that rules may call it in `integrations.<name>`; `trusted` tells whether it
    may see personal data. Raises PathError, and ValueError when tokens are needed without a key.
    """
    sections = tuple(privacy.rules) if privacy else ()
    keeps = privacy is None or privacy.default != "drop"
    compiled = [_Matched(rule, display_name, names) for rule in sections]
    token_key = derive(key, name) if not trusted or any(map(_is_keyed, compiled)) else b""
    tokens = compile_tokens(token_key) if token_key else None
    stages: list[Stage] = []
    if sections or not keeps:
        rules = Rules(
            [_compile_rule(rule, tokens) for rule in compiled],
            keeps=keeps,
            id_action=compile_action("token", tokens) if tokens else None,
        )
        stages.append(Stage(lambda _: rules.root, rules.options))
    if not trusted and tokens:
        people = People(tokens)
        stages.append(Stage(people.root_of, people.options))
    digest = _digest(sections, keeps=keeps, trusted=trusted, token_key=token_key)
    return Policy(digest, name, display_name, tuple(stages))


class _Matched:
    """A rule with its path read; `integrations.<name>` has the adapter's display name."""

    def __init__(self, rule: RuleSection, display_name: str, names: frozenset[str]) -> None:
        self.do = rule.do
        self.kinds = () if isinstance(rule.match, str) else tuple(rule.match.detect)
        self.steps = parse_path(rule.match) if isinstance(rule.match, str) else ()
        if len(self.steps) > 1 and self.steps[0] == ROUTING and self.steps[1] in names:
            self.steps = (self.steps[0], display_name, *self.steps[2:])


def _is_keyed(rule: _Matched) -> bool:
    """Tell whether a rule may make tokens: on ids, what would make people one does."""
    if rule.do in KEYED_ACTIONS:
        return True
    reaches_ids = rule.kinds or rule.steps[0] in PERSON_IDS or isinstance(rule.steps[0], Wild)
    return rule.do in UNMERGED and bool(reaches_ids)


def _compile_rule(rule: _Matched, tokens: Tokens | None) -> CompiledRule:
    action = None if rule.do in ("keep", "drop") else compile_action(rule.do, tokens)
    return CompiledRule(rule.do, action, rule.steps, rule.kinds)


def _digest(
    sections: Sequence[RuleSection], *, keeps: bool, trusted: bool, token_key: bytes
) -> str:
    """Return what names a policy: equal ones strip alike, so tokens bring their key in."""
    rules = [
        [rule.match if isinstance(rule.match, str) else sorted(rule.match.detect), rule.do]
        for rule in sections
    ]
    used = key_digest(token_key) if token_key else ""
    raw = orjson.dumps([GENERATION, rules, keeps, trusted, used])
    return hashlib.sha256(raw).hexdigest()[:16]


def key_digest(key: bytes) -> str:
    """Return what tells token keys apart and gives none away."""
    return key_id(key) + hashlib.blake2b(key, digest_size=8, person=b"digest").hexdigest()
