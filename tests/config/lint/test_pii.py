"""What the linter finds about personal data: who gets it, and who keeps some untrusted."""

from __future__ import annotations

import pytest

from tests.config.lint.findings import FINE, found, told
from tests.config.pretend import one


def test_personal_data_for_everybody() -> None:
    """Without any privacy section or trusted list, the classic sentence is said once."""
    text = one("consent: {not_required: 'a test'}")

    first = found(text)[0]

    assert ("warning", "pii_everywhere", 1) == (first.level, first.code, first.line)
    assert "PII sent to all destinations: hook" == first.message


@pytest.mark.parametrize("privacy", ["", "    privacy: {}\n", "    privacy: {token_key: '${K}'}\n"])
def test_personal_data_for_one(privacy: str) -> None:
    """A destination without privacy rules beside one that has some is named."""
    text = one(FINE) + "  bare:\n    type: webhook\n    settings: {url: 'https://b.test'}\n"
    text += "    consent: {not_required: 'a test'}\n" + privacy

    assert [("warning", "pii_untouched", 7)] == told(text)


@pytest.mark.parametrize(
    ("match", "allow_list", "lost"),
    [
        ("traits.email", False, True), ("properties.address.city", False, True),
        ("context.traits.name", True, True), ("'**.phone'", True, True),
        ("{keys: [yellow]}", True, True), ("{detect: [ip]}", False, True),
        ("{path: properties.note, detect: [email]}", False, True),
        ("traits", False, True), ("'traits.**'", False, True), ("'traits.*'", True, False),
        ("properties.total", False, False), ("properties.name", False, False),
        ("'properties.**'", True, False), ("traits.plan", False, False),
    ],
)  # fmt: skip
def test_a_keep_that_the_line_of_trust_overrules_is_told(
    match: str,
    allow_list: bool,  # noqa: FBT001 - a column
    lost: bool,  # noqa: FBT001 - a column
) -> None:
    """Who is not trusted keeps no personal data, whatever its own rules keep."""
    default = "default: drop, " if allow_list else ""
    rules = f"privacy: {{{default}rules: [{{match: {match}, do: keep}}]}}"
    text = one(f"consent: {{not_required: 'a test'}}\n{rules}")

    told_of = [("warning", "keep_untrusted", 6)] * lost
    assert told_of == [each for each in told(f"{text}pii: {{trusted: []}}\n")
                       if each[1] == "keep_untrusted"]  # fmt: skip
    assert "keep_untrusted" not in {code for _, code, _ in told(text)}
    trusted = told(f"{text}pii: {{trusted: [hook]}}\n")
    assert "keep_untrusted" not in {code for _, code, _ in trusted}
