"""What the linter finds about privacy rules: those that never act, or do less than they say."""

from __future__ import annotations

import pytest

from tests.config.lint.findings import found, ruled, told
from tests.config.pretend import one


@pytest.mark.parametrize(
    ("rules", "codes"),
    [
        (["{match: traits.email, do: hash}"], ["copy_untouched"]),
        (["{match: traits.email, do: hash}", "{match: context.traits.email, do: hash}"], []),
        (["{match: '**.email', do: hash}"], []),
        (["{match: traits.email, do: keep}"], []),
        (["{match: traits.email, do: hash}", "{match: {detect: [email]}, do: mask}"], []),
    ],
)
def test_traits_have_copies(rules: list[str], codes: list[str]) -> None:
    """A rule that takes a trait away and leaves its copy in context.traits is warned about."""
    assert codes == [finding.code for finding in found(ruled(*rules)) if finding.level == "warning"]


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("traits.email", "add a rule for context.traits.email, or match **.email"),
        ("traits", "add a rule for context.traits, or match **.traits"),
        ("traits.**", "add a rule for context.traits.**"),
    ],
)
def test_what_to_do_about_copies(path: str, hint: str) -> None:
    """The advice names a path that can be written."""
    text = ruled(f"{{match: '{path}', do: hash}}")

    assert hint in [finding.hint for finding in found(text)]


def test_a_rule_for_what_no_event_has_is_told() -> None:
    """A path that begins with no word of the spec matches nothing but custom fields."""
    text = ruled("{match: zzz.email, do: drop}")

    assert [("warning", "rule_root_unknown", 6)] == told(text)


def test_a_rule_for_what_always_stays_is_told() -> None:
    """Type, message id and timestamp leave whatever a rule says."""
    text = ruled("{match: messageId, do: drop}")

    assert [("warning", "rule_without_effect", 6)] == told(text)


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
    text = ruled(f"{{match: '{path}', do: drop}}")

    assert misspelt == ("rule_misspelt" in {finding.code for finding in found(text)})


def test_a_preset_is_misspelt() -> None:
    """A word of one's own that is nearly a preset is warned about."""
    text = ruled("{match: {keys: [yelow]}, do: drop}")

    assert ("warning", "rule_misspelt", 6) in told(text)


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        ("{match: {detect: [email, phone]}, do: truncate}", ["rule_redacts"]),
        ("{match: {detect: [email, ip]}, do: truncate}", []),
        ("{match: '**.phone', do: hash, as: google.phone}", ["national_phones_dropped"]),
        ("{match: {detect: [email, phone]}, do: hash, as: meta}", ["national_phones_dropped"]),
        ("{match: {detect: [email, phone]}, do: hash, as: meta, country: US}", []),
        ("{match: '**.email', do: hash, as: meta.em}", []),
    ],
)
def test_a_rule_that_leaves_less_than_it_says(rule: str, codes: list[str]) -> None:
    """Who truncates what has no network, or hashes phones of no country, is told what is lost."""
    mine = {"rule_redacts", "national_phones_dropped"}
    assert codes == [finding.code for finding in found(ruled(rule)) if finding.code in mine]
