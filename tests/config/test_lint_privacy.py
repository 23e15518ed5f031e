"""What the linter finds about personal data: who gets it, and which rules never act."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from router.config.rule_paths import covers
from router.decide.policy.paths import Steps, Wild, advance, parse_path
from tests.config.findings import FINE, found, told
from tests.config.pretend import one

KEYS = some.sampled_from(["a", "b"])
PATHS = some.lists(
    some.one_of(KEYS, some.sampled_from(["*", "**", "a[*]", "a[0]", "b[1][*]"])),
    min_size=1, max_size=5,
).map(".".join)  # fmt: skip
PLACES = some.lists(some.one_of(KEYS, some.integers(0, 1)), max_size=7)


def test_personal_data_for_everybody() -> None:
    """Without any privacy section or trusted list, the classic sentence is said once."""
    text = one("consent: {not_required: 'a test'}")

    first = found(text)[0]

    assert ("warning", "pii_everywhere", 1) == (first.level, first.code, first.line)
    assert "PII sent to all destinations: hook" == first.message


def test_personal_data_for_one() -> None:
    """A destination without a privacy section beside one that has it is named."""
    text = one(FINE) + "  bare:\n    type: webhook\n    settings: {url: 'https://b.test'}\n"
    text += "    consent: {not_required: 'a test'}\n"

    assert [("warning", "pii_untouched", 7)] == told(text)


@pytest.mark.parametrize(
    ("rules", "codes"),
    [
        ("[{match: traits.email, do: hash}]", ["copy_untouched"]),
        ("[{match: traits.email, do: hash}, {match: context.traits.email, do: hash}]", []),
        ("[{match: '**.email', do: hash}]", []),
        ("[{match: traits.email, do: keep}]", []),
        ("[{match: traits.email, do: hash}, {match: {detect: [email]}, do: mask}]", []),
    ],
)
def test_traits_have_copies(rules: str, codes: list[str]) -> None:
    """A rule that takes a trait away and leaves its copy in context.traits is warned about."""
    text = one(f"consent: {{not_required: 'a test'}}\nprivacy: {{rules: {rules}}}")

    assert codes == [finding.code for finding in found(text) if finding.level == "warning"]


def matches(steps: Steps, place: list[str | int]) -> bool:
    """Tell whether a path matches at a place of an event, or above it."""
    positions = {0}
    for at in [*place, None]:
        for position, step in enumerate(steps):
            if position in positions and step is Wild.DEEP:
                positions.add(position + 1)
        if len(steps) in positions:
            return True
        if at is None:
            break
        positions = {after for position in positions for after in advance(steps, position, at)}
    return False


@given(PATHS, PATHS, PLACES)
@example("a.*.b", "a.a.b", ["a", 0, "a", "b"])
@example("a.b", "a[*].b", ["a", 1, "b"])
def test_a_wider_path_matches_wherever_the_narrower_does(
    wide: str, narrow: str, place: list[str | int]
) -> None:
    """When a path is said to cover another, the policy agrees at every place of an event."""
    if covers(wide, narrow) and matches(parse_path(narrow), place):
        assert matches(parse_path(wide), place)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("traits.email", "traits.email"),
        ("traits", "traits.email"),
        ("**", "traits.email"),
        ("**.email", "traits.email"),
        ("**.email", "context.**.email"),
        ("**.email", "email.first"),
        ("traits.*", "traits.email"),
        ("properties.products[*]", "properties.products[0].note"),
        ("properties.products", "properties.products[*].note"),
        ("properties.*.note", "properties.*.note"),
        ("properties.products.note", "properties.products[*].note"),
        ("properties.*", "properties.products[0]"),
    ],
)
def test_a_rule_behind_a_wider_one_never_acts(first: str, second: str) -> None:
    """A later rule for what an earlier one takes already is told."""
    rules = "[{{match: '{}', do: drop}}, {{match: '{}', do: keep}}]"
    consent = "consent: {not_required: 'a test'}\n"
    shadowed = one(consent + "privacy: {rules: " + rules.format(first, second) + "}")

    assert ("warning", "rule_unreachable", 6) in told(shadowed)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("traits.email", "traits"),
        ("traits.email", "traits.emails"),
        ("traits.*", "**.email"),
        ("**.email", "traits.phone"),
        ("properties.products[0]", "properties.products[*]"),
        ("properties.*", "properties"),
        ("**.a.b", "**.b"),
        ("properties.products[*].note", "properties.products.note"),
    ],
)
def test_a_rule_beside_another_may_act(first: str, second: str) -> None:
    """What an earlier rule does not take in whole is not called unreachable."""
    assert not covers(first, second)


def test_rules_by_value_hide_each_other_too() -> None:
    """A kind that an earlier rule detects is gone; `**` leaves nothing for anybody."""
    rules = (
        "[{match: {detect: [email, phone]}, do: mask}, {match: {detect: [phone]}, do: drop}, "
        "{match: {detect: [ip]}, do: drop}, {match: '**', do: keep}, {match: traits, do: drop}]"
    )
    text = one("consent: {not_required: 'a test'}\nprivacy: {rules: " + rules + "}")

    assert ["destinations.hook.privacy.rules[1]", "destinations.hook.privacy.rules[4]"] == [
        each.where for each in found(text)
    ]


def test_a_rule_for_what_no_event_has_is_told() -> None:
    """A path that begins with no word of the spec matches nothing but custom fields."""
    rules = "privacy: {rules: [{match: zzz.email, do: drop}]}\nconsent: {not_required: 'a test'}"

    assert [("warning", "rule_root_unknown", 5)] == told(one(rules))


def test_a_rule_for_what_always_stays_is_told() -> None:
    """Type, message id and timestamp leave whatever a rule says."""
    rules = "privacy: {rules: [{match: messageId, do: drop}]}\nconsent: {not_required: 'a test'}"

    assert [("warning", "rule_without_effect", 5)] == told(one(rules))


def test_an_allow_list_of_nothing_is_told() -> None:
    """`default: drop` without a rule that keeps anything sends envelopes alone."""
    lines = "privacy: {default: drop}\nconsent: {not_required: 'a test'}"

    assert [("warning", "privacy_drops_all", 5)] == told(one(lines))


@pytest.mark.parametrize(
    ("path", "misspelt"),
    [("properties.emial", True), ("**.first_nme", True), ("properties.items[*].adress", True),
     ("properties.email", False), ("properties.region", False), ("properties.mail_id", False),
     ("properties.title", False), ("properties.*", False)],
)  # fmt: skip
def test_a_misspelt_key_is_noticed(path: str, misspelt: bool) -> None:  # noqa: FBT001 - a column
    """A rule for what is nearly a key of personal data is warned about, since it does nothing."""
    rules = (
        f"consent: {{not_required: 'a test'}}\nprivacy: {{rules: [{{match: '{path}', do: drop}}]}}"
    )

    assert misspelt == ("rule_misspelt" in {finding.code for finding in found(one(rules))})
