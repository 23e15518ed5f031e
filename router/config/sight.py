"""What a destination sees of personal data, told from its configuration alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from router.config.sections.whole import Config

Sight: TypeAlias = Literal["untouched", "rules", "kept", "removed"]
"""Everything; all but what its rules take; only what they keep; all but personal data."""


def sight(config: Config, name: str) -> Sight:
    """Return what the destination of this name sees."""
    privacy, trusted = config.destinations[name].privacy, config.pii.trusted
    if privacy is not None and privacy.default == "drop":
        return "kept"
    if trusted is not None and name not in trusted:
        return "removed"
    return "rules" if privacy is not None and privacy.rules else "untouched"
