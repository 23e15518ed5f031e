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

from router.decide.policy.actions import compile_action
from router.decide.policy.matched import Matched, compile_rule, is_keyed
from router.decide.policy.people import People
from router.decide.policy.places import marks_of
from router.decide.policy.rules import ROUTING, Rules
from router.decide.policy.tokens import compile_tokens, derive, key_id
from router.decide.policy.walk import GONE, walk
from router.decide.verdict import PolicyError, Stripped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from router.decide.policy.walk import Node

GENERATION = 8
"""Part of every digest: raise it when the same rules come to strip differently."""


class RuleSection(Protocol):
    """What is read of a privacy rule."""

    @property
    def match(self) -> Any:
        """A path, or an object with `path` (or None), `keys` and `detect`."""

    @property
    def do(self) -> str:
        """The action."""

    @property
    def as_(self) -> str | None:
        """For `hash`, the vendor and its field: `meta.em`."""

    @property
    def country(self) -> str | None:
        """The country of national phone numbers."""


class PrivacySection(Protocol):
    """What is read of a `privacy:` section."""

    @property
    def default(self) -> str:
        """What becomes of values that no rule matches: "keep" or "drop"."""

    @property
    def rules(self) -> Sequence[RuleSection]:
        """The rules, the first that matches wins."""

    @property
    def token_root(self) -> bytes | None:
        """The key from which tokens are made; None for the router's own."""


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
            return Stripped(without_routing(data), transformed, options)
        try:
            for stage in self.stages:
                marks = marks_of(transformed) if transformed else None
                found: list[str] = []
                root = stage.root_of(data.get("type"))
                data = (
                    walk(root, data, "", marks, found)
                    if marks
                    else root.into(root, data, "", found)
                )
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


def without_routing(data: dict[str, Any]) -> dict[str, Any]:
    """Return an event without its `integrations` map: itself when there is none."""
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
    hides_free_text: bool = False,
) -> Policy:
    """Return the policy of the destination `name`.

    `names` are all that rules may call it in `integrations.<name>`; `trusted` tells whether it
    may see personal data; where not, `hides_free_text` takes people's own words. Raises PathError,
    and ValueError when tokens are needed without a key.
    """
    sections = tuple(privacy.rules) if privacy else ()
    keeps = privacy is None or privacy.default != "drop"
    matched = [Matched(rule, display_name, names) for rule in sections]
    root = (privacy.token_root if privacy else None) or key
    token_key = derive(root, name) if not trusted or any(map(is_keyed, matched)) else b""
    tokens = compile_tokens(token_key) if token_key else None
    stages: list[Stage] = []
    if sections or not keeps:
        rules = Rules(
            [each for rule in matched for each in compile_rule(rule, tokens)],
            keeps=keeps,
            id_action=compile_action("token", tokens) if tokens else None,
        )
        stages.append(Stage(rules.root_of, rules.options))
    if not trusted and tokens:
        people = People(tokens, hides_free_text=hides_free_text)
        stages.append(Stage(people.root_of, people.options))
    sees = "all" if trusted else "no free text" if hides_free_text else "nobody"
    digest = _digest(matched, keeps=keeps, sees=sees, token_key=token_key)
    return Policy(digest, name, display_name, tuple(stages))


def _digest(rules: Sequence[Matched], *, keeps: bool, sees: str, token_key: bytes) -> str:
    """Return what names a policy: equal ones strip alike, so tokens bring their key in."""
    used = key_digest(token_key) if token_key else ""
    raw = orjson.dumps([GENERATION, [rule.meaning for rule in rules], keeps, sees, used])
    return hashlib.sha256(raw).hexdigest()[:16]


def key_digest(key: bytes) -> str:
    """Return what tells token keys apart and gives none away."""
    return key_id(key) + hashlib.blake2b(key, digest_size=8, person=b"digest").hexdigest()
