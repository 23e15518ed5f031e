"""The destination that an argument names, and how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from router.cli.failure import Exit, Failure
from router.cli.wording import moment
from router.config.problem import quoted
from router.decide.spelling import nearest

if TYPE_CHECKING:
    from router.config import Config
    from router.config.sections.destination import Destination
    from router.store.holds import Hold

HEALTHY = "healthy"


def chosen(config: Config, name: str) -> Destination:
    """Return the configured destination of this name, or end the command."""
    found = config.destinations.get(name)
    if found is None:
        near = nearest(name, config.destinations)
        hint = (
            f"did you mean {quoted(near)}?" if near else f"known: {', '.join(config.destinations)}"
        )
        raise Failure(f"there is no destination {quoted(name)}: {hint}", Exit.NOT_FOUND)
    return found


def standing(hold: Hold | None) -> dict[str, Any]:
    """Return how a destination stands, as programs read it."""
    if hold is None:
        return {"state": HEALTHY, "reason": None, "since": None, "next_probe": None, "by": None}
    return {
        "state": hold.state,
        "reason": hold.reason,
        "since": moment(hold.since),
        "next_probe": moment(hold.probe_at),
        "by": hold.by,
    }
