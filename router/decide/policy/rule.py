"""One privacy rule, compiled: where it matches, and what becomes of a value there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from router.decide.policy.actions import REDACTED, UNMERGED
from router.decide.policy.detection import DROPPED, KEPT, Detection
from router.decide.policy.walk import GONE, Changed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from router.decide.policy.actions import Action


State: TypeAlias = frozenset[tuple[int, int]]
"""At a place: the rules that may still match below it, each with its position."""


class Way(Protocol):
    """How a rule follows an event down to the places it matches; see `Path` and `Named`."""

    @property
    def start(self) -> int:
        """The position at an event's root."""

    @property
    def group_start(self) -> int:
        """The same for an event of type `group`."""

    @property
    def end(self) -> int:
        """The position of a match."""

    def rests(self, position: int, /) -> tuple[int, ...]:
        """Return the positions that one holds at the same time."""

    def advance(self, position: int, at: str | int, /) -> tuple[int, ...]:
        """Return the positions after going into a key (or an index)."""

    def key_at(self, position: int, /) -> str | None:
        """Return the one key that leads on, None if several may."""


class CompiledRule(NamedTuple):
    """A rule: where it matches (None: everywhere) and which kinds there (none: all values).

    Both actions are None for keep and drop; `by_kind` has one for each kind.
    """

    do: str
    action: Action | None
    way: Way | None = None
    by_kind: Mapping[str, Action | None] = {}
    spares_flags: bool = False
    """Tells that true and false are left where the rule matches; the rule before has no such
    mercy, and is what this one is like further below."""
    of_identify: bool = False
    """Tells that it is for events of type `identify` alone."""


def act_of(rule: CompiledRule, id_action: Action | None, *, keeps: bool) -> Callable[[Any], Any]:
    """Return what a rule does to a value; `id_action` is for an id that must not merge people.

    `keeps` tells what becomes of a flag that the rule spares.
    """
    if rule.action is None:
        act: Callable[[Any], Any] = _keep if rule.do == KEPT else _drop
    else:
        unmerged = id_action if rule.do in UNMERGED else None
        act = _changing(unmerged or rule.action)
    return _sparing(act, _keep if keeps else _drop) if rule.spares_flags else act


def _keep(value: Any) -> Any:
    return value


def _drop(_: Any) -> Any:
    return GONE


def _changing(action: Action) -> Callable[[Any], Any]:
    def act(value: Any) -> Any:
        if value is None or value in ("", {}, []):
            return value
        return gone_if_empty(Changed(action(value, None)))

    return act


def _sparing(act: Callable[[Any], Any], default: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: default(value) if type(value) is bool else act(value)


def gone_if_empty(found: Any) -> Any:
    """Return GONE where an action left nothing of a value, as a vendor's hash may."""
    return GONE if type(found) is Changed and found.value is GONE else found


def spoken(action: Action) -> Action:
    """Return an action for a part of a text: what it leaves nothing of is redacted."""

    def spoken(value: Any, kind: str | None) -> Any:
        result = action(value, kind)
        return REDACTED if result is GONE else result

    return spoken


def partial(do: str, detection: Detection | None) -> Callable[[Any], Any]:
    """Return what becomes of a text that was changed in part before: dropped, or searched again."""

    def partial(value: Any) -> Any:
        found = detection.in_value(value) if detection else value
        if found is value and do == DROPPED:
            return GONE
        return value if found is KEPT else found

    return partial
