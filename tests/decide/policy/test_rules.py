"""An operator's rules: paths, order, actions, ids, allow-lists."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from router.decide.policy.paths import PathError, parse_path
from router.decide.verdict import PolicyError
from tests.decide.making import Matcher, policy, strip

EMAIL = "maya@example.com"
EMAIL_HASH = hashlib.sha256(EMAIL.encode()).hexdigest()
TREE: dict[str, Any] = {
    "traits": {"email": EMAIL, "phone": "+49 151 12345678", "plan": "pro"},
    "properties": {
        "products": [{"sku": "a", "note": "x"}, {"sku": "b", "note": "y", "phone": "1"}],
        "phone": 2,
    },
}


NO_NOTES = {
    "traits": TREE["traits"],
    "properties": {"products": [{"sku": "a"}, {"sku": "b", "phone": "1"}], "phone": 2},
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("traits", {"properties": TREE["properties"]}),
        ("traits.*", TREE | {"traits": {}}),
        ("traits.email", TREE | {"traits": {"phone": "+49 151 12345678", "plan": "pro"}}),
        ("traits.email.deeper", TREE),
        ("nothing.here", TREE),
        ("properties.products[*].note", NO_NOTES),
        ("properties.products.note", NO_NOTES),
        (
            "properties.products[0]",
            TREE | {"properties": {"products": TREE["properties"]["products"][1:], "phone": 2}},
        ),
        ("properties.*.*.note", NO_NOTES),
        (
            "**.phone",
            {
                "traits": {"email": EMAIL, "plan": "pro"},
                "properties": {"products": [{"sku": "a", "note": "x"}, {"sku": "b", "note": "y"}]},
            },
        ),
        ("**", {}),
        ("*", {}),
        ("**.products.**.note", NO_NOTES),
    ],
)
def test_paths(path: str, expected: dict[str, Any]) -> None:
    """A path takes away what it names and all below it, and nothing else."""
    assert expected == strip(policy((path, "drop")), **TREE)


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        ("properties.a\\.b", "a.b"), ("properties.\\*", "*"), ("properties.c\\[0\\]", "c[0]"),
        ("properties.d\\\\", "d\\"), ("properties.e f", "e f"), ("**.a\\.b", "a.b"),
        ("properties.\\g", "g"),
    ],
)  # fmt: skip
def test_signs_of_paths_within_keys(path: str, gone: str) -> None:
    """Behind a backslash stands a sign of the key itself."""
    properties = {"a.b": 1, "a": {"b": 2}, "*": 3, "c[0]": 4, "c": [5], "d\\": 6, "e f": 7, "g": 8}
    left = {key: value for key, value in properties.items() if key != gone}

    assert {"properties": left} == strip(policy((path, "drop")), properties=properties)


@pytest.mark.parametrize("path", ["", ".a", "a.", "a..b", "a[x]", "**[0]", "a[", "[*]", "a\\"])
def test_unreadable_paths(path: str) -> None:
    """A path that is none is refused with its column."""
    with pytest.raises(PathError) as refused:
        parse_path(path)

    assert 1 <= refused.value.column <= len(path) + 1


def test_first_match_wins() -> None:
    """The first rule that matches a value, by itself or by what holds it, decides."""
    keeps_plan = policy(("traits.plan", "keep"), ("traits", "drop"))
    drops_all = policy(("traits", "drop"), ("traits.plan", "keep"))

    assert {"traits": {"plan": "pro"}} == strip(keeps_plan, traits=TREE["traits"])
    assert {} == strip(drops_all, traits=TREE["traits"])


def test_what_holds_nothing_any_more_is_dropped() -> None:
    """Where a rule drops all, no empty container stays; where another kept some, that stays."""
    rules = policy(("traits.plan", "keep"), ("traits", "drop"), ("properties.*", "drop"))
    once = rules.strip({"type": "track", "traits": {"email": EMAIL}, "properties": {"a": [{}]}})

    assert {"type": "track", "properties": {}} == once.payload
    assert once == rules.strip(once.payload, once.transformed)


def test_allow_list() -> None:
    """`default: drop` leaves only what a rule keeps or changes; what is empty then goes too."""
    rules = [("traits.plan", "keep"), ("traits.email", "hash"), ("properties.products.sku", "keep")]
    allows = policy(*rules, default="drop")

    assert {
        "traits": {"email": EMAIL_HASH, "plan": "pro"},
        "properties": {"products": [{"sku": "a"}, {"sku": "b"}]},
    } == strip(allows, **TREE, event="x", userId="u", context={"ip": "1.2.3.4"})
    assert {} == strip(policy(default="drop"), **TREE)


def test_detection_does_not_open_an_allow_list() -> None:
    """A rule by value changes what others keep, and keeps nothing itself unless it says so."""
    masks = policy((("email",), "mask"), ("properties.*", "keep"), default="drop")
    keeps = policy((("email",), "keep"), default="drop")
    fields = {
        "properties": {"note": f"to {EMAIL}", "x": 1},
        "traits": {"email": EMAIL, "plan": "a"},
    }

    assert {"properties": {"note": "to ***@example.com", "x": 1}} == strip(masks, **fields)
    assert {"properties": {"note": f"to {EMAIL}"}, "traits": {"email": EMAIL}} == strip(
        keeps, **fields
    )


@pytest.mark.parametrize("trusted", [True, False])
def test_a_change_does_not_keep_what_is_dropped(trusted: bool) -> None:  # noqa: FBT001 - a column
    """What a rule by value finds in a text that a later rule drops saves neither; `keep` does."""
    hashes = policy((("email",), "hash"), ("**", "drop"), trusted=trusted)
    keeps = policy((("email",), "keep"), ("traits", "drop"))
    event = {"type": "track", "traits": {"note": f"to {EMAIL}", "x": "y"}, "userId": EMAIL}

    assert {"type": "track"} == hashes.strip(event).payload
    assert {"note": f"to {EMAIL}"} == keeps.strip(event).payload["traits"]


@pytest.mark.parametrize(
    ("do", "value", "expected"),
    [
        ("mask", EMAIL, "***@example.com"),
        ("mask", f"Maya <{EMAIL}>, Ada <ada@x.org>", "***"),
        ("mask", "4111 1111 1111 1111", "***1111"),
        ("mask", "Maya", "***"),
        ("mask", 17, "***"),
        ("mask", None, None),
        ("mask", "", ""),
        ("hash", "  MAYA@Example.com ", EMAIL_HASH),
        ("hash", "+49 (151) 123-45678", hashlib.sha256(b"4915112345678").hexdigest()),
        ("hash", "0049 151 12345678", hashlib.sha256(b"4915112345678").hexdigest()),
        ("hash", 17, hashlib.sha256(b"17").hexdigest()),
        ("hash", "Vale\u0301ry", hashlib.sha256("Val\u00e9ry".encode()).hexdigest()),
        ("truncate", "203.0.113.77", "203.0.113.0"),
        ("truncate", "2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("truncate", "::ffff:203.0.113.77", "::ffff:203.0.113.0"),
        ("truncate", "2002:cb00:714d::1", "2002:cb00:7100::"),
        ("truncate", "Maya", "[redacted]"),
        ("generalise", "1990-05-12", "1990"),
        ("generalise", "1990-05-12T10:00:00Z", "1990"),
        ("generalise", "12.05.1990", "1990"),
        ("generalise", "94107-1234", "941"),
        ("generalise", "03601", "000"),
        ("generalise", "SW1A 1AA", "SW1A"),
        ("generalise", 52.520008, 52.52),
        ("generalise", "52.520008, 13.404954", "52.52, 13.40"),
        ("generalise", "203.0.113.77", "203.0.113.0"),
        ("generalise", "Maya", "[redacted]"),
        ("redact", True, "[redacted]"),
        ("redact", {}, {}),
    ],
)
def test_actions(do: str, value: Any, expected: Any) -> None:
    """Each action makes of a value what its table says; nothing stays nothing."""
    assert {"traits": {"x": expected}} == strip(policy(("traits.x", do)), traits={"x": value})


def test_containers() -> None:
    """A rule on an object or a list changes every value in it."""
    left = strip(policy(("traits", "redact")), traits={"a": [1, {"b": "x"}], "c": None})

    assert {"traits": {"a": ["[redacted]", {"b": "[redacted]"}], "c": None}} == left


def test_options_follow_the_policy() -> None:
    """The event's options for a destination are `integrations.<name>`, by any of its names."""
    options = {"lookup": {"email": EMAIL}, "id": 7}
    for name in ("crm", "Salesforce", "*"):
        stripped = policy((f"integrations.{name}.lookup", "drop")).strip(
            {"type": "track"}, (), options
        )
        assert {"id": 7} == stripped.options
    assert policy(default="drop").strip({"type": "track"}, (), options).options is None
    assert options == policy().strip({"type": "track"}, (), options).options


@pytest.mark.parametrize("compiled", [policy(), policy(("traits", "keep")), policy(trusted=False)])
def test_the_map_never_leaves(compiled: Any) -> None:
    """No destination learns from the `integrations` map which others there are."""
    assert {"event": "x"} == strip(
        compiled, event="x", integrations={"All": True, "Ads": {"id": 1}}
    )


@pytest.mark.parametrize(
    "do", ["mask", "hash", "hash as meta.em", "hash as uid2.hashed", "token", "truncate",
           "generalise", "redact"],
)  # fmt: skip
def test_an_error_names_no_value(do: str) -> None:
    """When a rule fails nothing leaves, and neither the error nor its causes hold the value."""
    with pytest.raises(PolicyError) as failed:
        policy(("traits.x", do)).strip({"type": "track", "traits": {"x": {EMAIL}}})

    assert "the policy of crm failed: TypeError" == str(failed.value)
    assert failed.value.__context__ is None
    assert failed.value.__cause__ is None


def test_digest() -> None:
    """Policies that strip alike have one digest; tokens bring the destination's key in."""
    drops = [policy(("a", "drop"), name=name).digest for name in ("crm", "ads")]
    tokens = [policy(("a", "token"), name=name).digest for name in ("crm", "ads")]
    others = [policy().digest, policy(("a", "hash")).digest, policy(default="drop").digest,
              policy(trusted=False).digest, policy((("ip",), "drop")).digest,
              policy(("a", "token"), key=b"k2").digest,
              policy(("a", "token"), token_root=b"k3").digest,
              policy(("a", "hash as meta.em")).digest, policy(("a", "hash as meta.ph")).digest,
              policy(("a", "hash as meta.ph in US")).digest,
              policy((Matcher(keys=("a",)), "hash")).digest,
              policy((Matcher(path="a", detect=("ip",)), "hash")).digest]  # fmt: skip

    assert drops[0] == drops[1]
    assert len({*drops, *tokens, *others}) == len(others) + 3
    assert policy().plain
    assert not policy(("a", "drop")).plain
