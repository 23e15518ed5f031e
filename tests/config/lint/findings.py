"""What the linter says of a configuration, in the short form that the tests compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.config import lint
from tests.config.pretend import ENVIRON, one, parsed

if TYPE_CHECKING:
    from router.config import Finding

FINE = "consent: {not_required: 'a test'}\nprivacy: {rules: [{match: properties.note, do: drop}]}"


def ruled(*rules: str) -> str:
    """Return a configuration of one destination with these privacy rules."""
    return one(f"consent: {{not_required: 'a test'}}\nprivacy: {{rules: [{', '.join(rules)}]}}")


def found(text: str) -> list[Finding]:
    """Return the findings of a configuration but for those that are always there."""
    environ = ENVIRON | {"K": "x" * 20}
    return [each for each in lint(parsed(text, environ)) if each.code != "retry_worst_case"]


def told(text: str) -> list[tuple[str, str, int | None]]:
    """Return level, code and line of each finding."""
    return [(each.level, each.code, each.line) for each in found(text)]
