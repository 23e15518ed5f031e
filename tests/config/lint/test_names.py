"""What the linter finds about the names that events call destinations by."""

from __future__ import annotations

import pytest

from tests.config.lint.findings import FINE, found
from tests.config.pretend import one

SHARED = "name_shared"


@pytest.mark.parametrize(
    ("first", "second", "kind", "expected"),
    [
        ("[wh_1]", "two", "webhook", []),
        ("[wh_1]", "two, known_as: [wh_2]", "webhook", []),
        ("[wh_1]", "two, known_as: [WH-1]", "webhook", ["wh_1"]),
        ("[wh_1]", "wh-1", "webhook", ["wh_1"]),
        ("[wh_1]", "two, known_as: [hook, crm]", "webhook", ["hook"]),
        ("[wh_1]", "two, known_as: [crm, hook, WH_1]", "webhook", ["hook"]),
        ("[Analytics]", "two", "mixpanel", ["Analytics"]),
        ("[Mixpanel]", "two", "mixpanel", ["Mixpanel"]),
        ("[Hook]", "two", "webhook", []),
    ],
)
def test_names_of_two(first: str, second: str, kind: str, expected: list[str]) -> None:
    """A name of one that another answers to is told, once for the two; an adapter's own is not."""
    name, _, known_as = second.partition(", ")
    text = (
        one(f"known_as: {first}\n{FINE}")
        + "  "
        + "\n    ".join(filter(None, (f"{name}:", known_as, f"type: {kind}", *FINE.splitlines())))
    )
    settings = "{token: '${K}'}" if kind == "mixpanel" else "{url: 'https://b.test/'}"
    findings = found(f"{text}\n    settings: {settings}\n")

    assert [SHARED] * len(expected) == [each.code for each in findings]
    for finding, shared in zip(findings, expected, strict=True):
        assert f'"{shared}" too' in finding.message
