"""What the linter says of a whole configuration, the gravest first; silence where all is said."""

from __future__ import annotations

from router.config import lint
from tests.config.lint.findings import FINE, told
from tests.config.pretend import EXAMPLE, one, parsed


def test_a_good_configuration_gives_no_finding() -> None:
    """Nothing is said about a configuration that says everything."""
    assert [] == told(one(FINE))


def test_the_documented_example_is_sound() -> None:
    """The full example has no error; what it leaves open is told."""
    assert [
        ("warning", "trusted_unknown", 5),
        ("warning", "trusted_unknown", 5),
        ("info", "consent_category_unused", 9),
        ("info", "token_key_embedded", 12),
        ("info", "consent_uses_unknown", 12),
    ] == told(EXAMPLE)


def test_findings_come_gravest_first() -> None:
    """Errors stand before warnings, warnings before notes."""
    levels = [each.level for each in lint(parsed(one() + "egress: {allow: ['0.0.0.0/0']}\n"))]

    assert ["error", "warning", "warning", "info"] == levels
