"""Which rules are said never to act: those, and only those, without which nothing changes."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from router.config.lint.coverage import covers, hidden_by
from router.config.sections.privacy import Matcher, Privacy, Rule
from router.decide.policy.paths import Steps, Wild, advance, parse_path
from router.decide.policy.policy import compile_policy
from tests.config.lint.findings import found, ruled, told

KEYS = some.sampled_from(["a", "b"])
PATHS = some.lists(
    some.one_of(KEYS, some.sampled_from(["*", "**", "a[*]", "a[0]", "b[1][*]"])),
    min_size=1, max_size=5,
).map(".".join)  # fmt: skip
PLACES = some.lists(some.one_of(KEYS, some.integers(0, 1)), max_size=7)


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
    shadowed = ruled(f"{{match: '{first}', do: drop}}", f"{{match: '{second}', do: keep}}")

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
    text = ruled(
        "{match: {detect: [email, phone]}, do: mask}", "{match: {detect: [phone]}, do: drop}",
        "{match: {detect: [ip]}, do: drop}", "{match: '**', do: keep}", "{match: traits, do: drop}",
    )  # fmt: skip

    assert ["destinations.hook.privacy.rules[1]", "destinations.hook.privacy.rules[4]"] == [
        each.where for each in found(text)
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{keys: [red, yellow]}", "{keys: [red]}"),
        ("{keys: [red, yellow]}", "{keys: [email address]}"),
        ("{keys: [red]}", "{keys: [user password]}"),
        ("{keys: [number]}", "{keys: [loyalty number]}"),
        ("{keys: [yellow]}", "'**.email'"),
        ("{keys: [yellow]}", "context.user.name"),
        ("{keys: [loyalty number]}", "properties.loyaltyNumber.x"),
        ("'**'", "{keys: [red]}"),
        ("{path: traits}", "{path: traits.email, detect: [email]}"),
        ("{path: properties.**, detect: [email, ip]}", "{path: properties.a, detect: [ip]}"),
        ("{detect: [email]}", "{keys: [note], detect: [email]}"),
        ("{keys: [note], detect: [email]}", "{path: properties.note, detect: [email]}"),
    ],
)
def test_any_rule_may_hide_any_other(first: str, second: str) -> None:
    """Keys, paths and kinds hide each other where the one takes all of the other."""
    shadowed = ruled(f"{{match: {first}, do: drop}}", f"{{match: {second}, do: mask}}")

    assert ("warning", "rule_unreachable", 6) in told(shadowed)


def test_rules_hide_another_together() -> None:
    """Kinds that earlier rules take one by one are gone; the finding names them all."""
    text = ruled(
        "{match: {detect: [email]}, do: mask}", "{match: {detect: [ip]}, do: drop}",
        "{match: {path: traits, detect: [ip, email]}, do: hash}",
    )  # fmt: skip
    message = next(each.message for each in found(text) if each.code == "rule_unreachable")

    assert message == (
        'the rule for detected ip, email in "traits" never acts: the one for detected email, '
        "number 1, and the one for detected ip, number 2, take everything it matches"
    )


WORDS = ["email", "note", "name", "a", "loyalty number", "number", "red", "yellow", "password"]
SECTIONS = some.one_of(
    some.builds(Matcher, path=PATHS),
    some.builds(Matcher, path=some.sampled_from(["traits.name", "**.email", "a.note", "traits"])),
    some.builds(Matcher, keys=some.lists(some.sampled_from(WORDS), min_size=1, max_size=3)),
)
KINDS = some.lists(some.sampled_from(["email", "ip", "card"]), min_size=1, unique=True)
MATCHERS = some.one_of(
    SECTIONS,
    some.builds(Matcher, detect=KINDS),
    some.builds(lambda where, kinds: where.model_copy(update={"detect": kinds}), SECTIONS, KINDS),
)
DEEDS = some.sampled_from(["keep", "drop", "redact", "mask"])
DRAWN = some.lists(some.builds(Rule, match=MATCHERS, do=DEEDS), min_size=2, max_size=4)
REPEATED = some.builds(
    lambda rules, do: [*rules, rules[0].model_copy(update={"do": do})], DRAWN, DEEDS
)
"""The last rule of these matches what the first did: it is hidden, if that can hide anything."""
EVENT_KEYS = ["traits", "a", "b", "email", "note", "name", "loyaltyNumber", "userPassword", "user",
              "userId", "number"]  # fmt: skip
LEAVES = some.sampled_from(["a@b.co", "to a@b.co", "10.1.2.3", "x", 1, True])
EVENTS = some.recursive(
    LEAVES,
    lambda inner: (
        some.lists(inner, max_size=2)
        | some.dictionaries(some.sampled_from(EVENT_KEYS), inner, max_size=4)
    ),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(
    DRAWN | REPEATED, some.sampled_from(["keep", "drop"]),
    some.dictionaries(some.sampled_from(EVENT_KEYS), EVENTS), some.sampled_from(["track", "group"]),
)  # fmt: skip
def test_what_is_hidden_never_acts(
    rules: list[Rule], default: Literal["keep", "drop"], fields: dict[str, Any], kind: str
) -> None:
    """Without a rule that is called unreachable, every event comes out the same."""
    privacy = Privacy(rules=tuple(rules), default=default)
    hidden = [place for place in range(len(rules)) if hidden_by(privacy, place)]
    event = fields | {"type": kind}

    for each in hidden:
        rest = tuple(rule for place, rule in enumerate(rules) if place != each)
        assert strips(privacy, event) == strips(Privacy(rules=rest, default=default), event)


def strips(privacy: Privacy, event: dict[str, Any]) -> Any:
    """Return what a privacy section leaves of an event."""
    made = compile_policy(
        name="hook", display_name="Hook", names=frozenset({"hook"}), privacy=privacy, trusted=True,
        key=b"a key for tests",
    )  # fmt: skip
    return made.strip(event).payload
