"""What a destination needs and may see, in the few words that `router destinations list` has."""

from __future__ import annotations

import pytest

from router.cli.destinations.access import consent_of, sees_of
from router.config.reading.load import parse

LOG = "destinations: {log: {type: console%s}}"
DROPS = "privacy: {default: %s, rules: [{match: traits, do: drop}]}"


@pytest.mark.parametrize(
    ("consent", "words"),
    [
        ("", "not declared"),
        (", consent: {not_required: 'our own'}", "not required"),
        (", consent: {require: [ads, sale]}", "ads and sale"),
        (", consent: {any: [ads, sale], provider: oneTrust}", "ads or sale of oneTrust"),
        (", consent: {require: [ads], tcf: {vendor: 7}}", "ads; TCF vendor 7"),
        (", consent: {google: [ad_storage, ad_user_data]}", "Google ad_storage and ad_user_data"),
    ],
)
def test_consent_in_words(consent: str, words: str) -> None:
    """All that must be consented to is named, and the platform whose categories count."""
    assert words == consent_of(parse(LOG % consent, {}).destinations["log"])


@pytest.mark.parametrize(
    ("trusted", "privacy", "words"),
    [
        ("", "", "everything"),
        ("", f", {DROPS % 'keep'}", "everything, 1 rule"),
        ("", f", {DROPS % 'drop'}", "only what its rules keep, 1 rule"),
        ("", ", privacy: {default: drop}", "only what its rules keep"),
        ("pii: {trusted: [log]}\n", "", "everything"),
        ("pii: {trusted: []}\n", "", "no personal data"),
        ("pii: {trusted: []}\n", f", {DROPS % 'keep'}", "no personal data, 1 rule"),
    ],
)
def test_sight_in_words(trusted: str, privacy: str, words: str) -> None:
    """Who is trusted, what rules keep, and how many there are."""
    assert words == sees_of(parse(trusted + LOG % privacy, {}), "log")
