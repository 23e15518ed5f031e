"""What a destination needs and may see, in few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.cli.wording import count
from router.config.sight import sight

if TYPE_CHECKING:
    from router.config import Config
    from router.config.sections.destination import Destination

SEES = {"kept": "only what its rules keep", "removed": "no personal data"}


def consent_of(section: Destination) -> str:
    """Return the consent that a destination needs, in words."""
    needed = section.consent
    if needed is None:
        return "not declared"
    if needed.not_required:
        return "not required"
    categories = " and ".join(needed.require) or " or ".join(needed.any)
    parts = [f"{categories} of {needed.provider}" if needed.provider else categories]
    if needed.tcf is not None:
        parts.append(f"TCF vendor {needed.tcf.vendor}")
    if needed.google:
        parts.append(f"Google {' and '.join(needed.google)}")
    return "; ".join(filter(None, parts))


def sees_of(config: Config, name: str) -> str:
    """Return what a destination may see, and by how many rules."""
    what = SEES.get(sight(config, name), "everything")
    privacy = config.destinations[name].privacy
    rules = len(privacy.rules) if privacy is not None else 0
    return f"{what}, {count(rules, 'rule')}" if rules else what
