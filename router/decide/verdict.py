"""The words of deciding: what is decided about one event and one destination."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from router.observe.reasons import SkipReason  # noqa: TC001 - type aliases are values


@dataclass(frozen=True, slots=True)
class Send:
    """The destination may have it; `rule` names what allowed it last."""

    rule: str
    options: dict[str, Any] | None = field(default=None, repr=False)
    """What the event's `integrations` map holds for this destination, when that is an object."""
    data: dict[str, Any] | None = field(default=None, repr=False)
    """The event's data as the destination's filters trimmed it; None when they left it alone."""


@dataclass(frozen=True, slots=True)
class Skip:
    """The destination does not get it; `rule` names the line of configuration that decided."""

    reason: SkipReason
    rule: str


Verdict: TypeAlias = Send | Skip


class Stripped(NamedTuple):
    """An event as one destination may see it: the policy's result, not yet bytes.

    `payload` is new where it differs and shared where not: never change it. `transformed` are
    the paths that a rule already changed (`traits.email`): a later policy leaves them alone.
    `options` went through the same policy.
    """

    payload: dict[str, Any]
    transformed: tuple[str, ...] = ()
    options: dict[str, Any] | None = None

    def __repr__(self) -> str:
        return f"<Stripped transformed={len(self.transformed)}>"


class PolicyError(Exception):
    """A rule failed, so nothing may leave. Its text never holds a value of the event."""
