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


def consent_of(section: Destination) -> str:
    """Return the consent that a destination needs, in words."""
    needed = section.consent
    if needed is None:
        return "not declared"
    if needed.not_required:
        return "not required"
    parts = [" and ".join(needed.require), " or ".join(needed.any)]
    if needed.tcf is not None:
        parts.append(f"TCF vendor {needed.tcf.vendor}")
    if needed.google:
        parts.append(f"Google {' and '.join(needed.google)}")
    return "; ".join(filter(None, parts))


def sees_of(config: Config, name: str, section: Destination) -> str:
    """Return what a destination may see, in words."""
    trusted = config.pii.trusted
    open_to_all = trusted is None or name in trusted
    rules = 0 if section.privacy is None else len(section.privacy.rules)
    only = section.privacy is not None and section.privacy.default == "drop"
    what = (
        "only what its rules keep" if only else "everything" if open_to_all else "no personal data"
    )
    return f"{what}, {rules} {'rule' if rules == 1 else 'rules'}" if rules else what
