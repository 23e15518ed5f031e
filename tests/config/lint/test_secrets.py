"""What the linter finds of secrets that stand in the file itself."""

from __future__ import annotations

import pytest

from tests.config.lint.findings import FINE, found, told
from tests.config.pretend import one


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("settings: {url: 'https://a.test', secret: abc}", "destinations.hook.settings.secret"),
        ("settings: {url: 'https://a.test', secret: [abc]}",
         "destinations.hook.settings.secret[0]"),
        ("settings: {url: 'https://u:p@a.test'}", "destinations.hook.settings.url"),
        ("settings: {url: 'https://a.test', secret: '${NONE:-abc}'}",
         "destinations.hook.settings.secret"),
    ],
)  # fmt: skip
def test_secrets_in_the_file(line: str, place: str) -> None:
    """A secret that did not come from the environment is told, without its value."""
    text = f"destinations:\n  hook:\n    type: webhook\n    {line}\n    " + FINE.replace(
        "\n", "\n    "
    )

    findings = found(text)

    assert [("secret_in_file", place)] == [(each.code, each.where) for each in findings]
    assert "abc" not in str(findings)
    assert "u:p" not in str(findings)


def test_a_privacy_key_in_the_file() -> None:
    """The key of all tokens counts as a secret like any other."""
    assert [("warning", "secret_in_file", 7)] == told(one(FINE) + "privacy_key: 0123456789abcdef\n")
    assert [] == told(one(FINE) + "privacy_key: ${K}\n")
