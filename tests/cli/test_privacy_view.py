"""`router check --privacy`: who gets personal data and what of it, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from router.cli import main
from router.cli.preview.privacy_view import SEES, report
from router.config.reading.load import parse
from router.config.sections.whole import Pii
from router.decide.policy.people import WORDS

if TYPE_CHECKING:
    from pathlib import Path

HOOK = "type: webhook, settings: {url: 'https://hook.test/hidden-path'}"
KEY = "privacy_key: 0123456789abcdef\n"
WHOLE = f"""{KEY}consent: {{categories: [ads, analytics]}}
pii: {{trusted: [crm, audit]}}
destinations:
  crm:
    type: webhook
    settings: {{url: "https://crm.test/hidden-path"}}
    events: 'type = "identify"'
    uses: [analytics]
    consent: {{require: [ads, analytics]}}
    privacy:
      token_key: 0123456789abcdef-hidden
      rules:
        - {{match: traits.email, do: hash}}
        - {{match: {{detect: [phone]}}, do: drop}}
  audit: {{{HOOK}, consent: {{not_required: "our own log"}}}}
  shop: {{{HOOK}, consent: {{any: [ads, analytics]}}}}
  bare: {{{HOOK}}}
"""


def seen(text: str) -> dict[str, Any]:
    """Return what the report says of each destination."""
    told: dict[str, Any] = report(parse(text, {}))["destinations"]
    return told


def check(folder: Path, text: str, *how: str) -> str:
    """Return what the command prints."""
    file = folder / "router.yaml"
    file.write_text(text)
    result = CliRunner().invoke(main, ["check", "--privacy", "--config", str(file), *how])
    assert 0 == result.exit_code, result.output
    return result.stdout


def test_people_read_what_each_destination_needs_and_sees(tmp_path: Path) -> None:
    """Per destination: what it takes, its consent, its uses, what it sees, and each rule."""
    crm = check(tmp_path, WHOLE).split("\n\n")[1]

    assert [
        "crm (Webhook)",
        "  takes    alias, group, identify, page, screen, track of all sources",
        '  only if  type = "identify"',
        "  consent  ads and analytics",
        "  uses     analytics",
        "  sees     everything but what its rules take away or change",
        '    "traits.email": hashed',
        "    detected phone: taken out",
        "    everything else: sent as it is",
    ] == crm.splitlines()


def test_people_read_what_becomes_of_personal_data(tmp_path: Path) -> None:
    """Who is not trusted sees everything but what keys and values tell; the kinds are named."""
    shop = check(tmp_path, WHOLE).split("\n\n")[3]

    assert f"  sees     everything but personal data: {WORDS}" in shop.splitlines()
    assert WORDS in str(Pii.model_fields["trusted"].description)


def test_the_findings_follow(tmp_path: Path) -> None:
    """The report stands before what `router check` always says."""
    told = check(tmp_path, WHOLE)

    assert told.startswith("personal data: only crm, audit may see it (pii.trusted)\n")
    assert told.splitlines()[-1].startswith(str(tmp_path / "router.yaml"))


def test_no_secret_is_shown(tmp_path: Path) -> None:
    """Neither form shows a setting or a key."""
    assert "hidden" not in check(tmp_path, WHOLE) + check(tmp_path, WHOLE, "--json")


@pytest.mark.parametrize(
    ("text", "sees"),
    [
        (f"destinations: {{d: {{{HOOK}}}}}", "untouched"),
        (f"pii: {{trusted: [d]}}\ndestinations: {{d: {{{HOOK}}}}}", "untouched"),
        (f"pii: {{trusted: []}}\ndestinations: {{d: {{{HOOK}}}}}", "removed"),
        (f"destinations: {{d: {{{HOOK}, privacy: {{rules: [{{match: traits, do: drop}}]}}}}}}",
         "rules"),
        (f"destinations: {{d: {{{HOOK}, privacy: {{default: drop}}}}}}", "kept"),
    ],
)  # fmt: skip
def test_what_a_destination_sees(text: str, sees: str) -> None:
    """Personal data goes untouched, by rules, by an allow-list, or not at all."""
    assert sees == seen(KEY + text)["d"]["sees"]
    assert sees in SEES


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("crm", "ads and analytics"),
        ("audit", "none, because: our own log"),
        ("shop", "ads or analytics"),
        ("bare", "not declared, so it gets nothing"),
    ],
)
def test_what_consent_a_destination_needs(name: str, needs: str) -> None:
    """The words say which consent, or why none, or what it means that nothing is said."""
    assert needs == seen(WHOLE)[name]["needs"]


def test_transformations_are_told_without_values(tmp_path: Path) -> None:
    """What is renamed, copied, set and hashed after the rules is named by its place."""
    steps = """[{if: 'event = "A"', rename_event: B, copy: {context.ip: properties.ip},
        set: {properties.kind: web}, hash: {paths: [traits.id]}, drop: [traits.age]}]"""

    told = check(tmp_path, f"{KEY}destinations: {{d: {{{HOOK}, transform: {steps}}}}}")

    assert (
        "  then     rename the event to B; copy context.ip to properties.ip; set properties.kind;"
        ' hash traits.id; drop traits.age if event = "A"\n'
    ) in told


def test_nobody_is_asked_for_consent() -> None:
    """Where nothing speaks of consent, the report says so."""
    told = seen(f"{KEY}destinations: {{d: {{{HOOK}}}}}")["d"]["needs"]

    assert "none: this configuration asks nobody for any" == told


def test_signals_of_other_kinds_are_named() -> None:
    """What is needed of TCF and of Google's consent mode stands beside the categories."""
    consent = "{require: [a], tcf: {vendor: 7, purposes: [1]}, google: [ad_storage]}"

    told = seen(f"{KEY}destinations: {{d: {{{HOOK}, consent: {consent}}}}}")["d"]["needs"]

    assert "a; TCF vendor 7; Google ad_storage" == told


def test_people_read_what_becomes_of_free_text(tmp_path: Path) -> None:
    """The report says whether what people write reaches those who are not trusted."""
    assert "names and streets in it pass (pii.free_text)" in check(tmp_path, WHOLE)
    redacting = WHOLE.replace("[crm, audit]}", "[crm, audit], free_text: redact}")
    assert "redacted for all others (pii.free_text)" in check(tmp_path, redacting)
