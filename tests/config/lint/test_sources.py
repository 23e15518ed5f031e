"""What the linter finds about sources whose events go nowhere."""

from __future__ import annotations

from tests.config.lint.findings import FINE, told
from tests.config.pretend import one


def test_sources_that_nobody_takes() -> None:
    """A source whose events go nowhere is told."""
    text = one(FINE + "\nsources: [a]") + "sources: {a: {}, b: {}}\n"

    assert [("warning", "source_unused", 8), ("info", "source_default_unused", 1)] == told(text)
