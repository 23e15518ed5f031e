"""Tokens, and what stands for ids: people stay apart, keys can be changed."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest

from router.decide.policy.tokens import compile_tokens, key_id
from tests.decide.making import KEY, policy, strip

EMAIL = "maya@example.com"
EMAIL_HASH = hashlib.sha256(EMAIL.encode()).hexdigest()


def test_tokens() -> None:
    """A token is stable, the same for spellings of one address, and another at another place."""
    here, there = policy(("traits.*", "token")), policy(("traits.*", "token"), name="ads")
    traits = {"a": EMAIL, "b": " Maya@EXAMPLE.com", "c": 17, "d": "17", "e": 17.0}

    left = strip(here, traits=traits)["traits"]
    assert left["a"] == left["b"] != left["c"] == left["d"] == left["e"]
    assert left == strip(here, traits=traits)["traits"]
    assert set(left.values()).isdisjoint(strip(there, traits=traits)["traits"].values())
    assert left["a"].startswith("tok_")
    assert len("tok_0123_") + 32 == len(left["a"])


@pytest.mark.parametrize("length", [1, 32, 63, 64, 65, 200])
@pytest.mark.parametrize("text", ["", EMAIL, "Zo\u00eb \ud800" * 40])
def test_tokens_are_hmacs(length: int, text: str) -> None:
    """A token is the first half of HMAC-SHA256 as RFC 2104 has it, whatever the key's length."""
    key = bytes(range(length))
    digest = hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")

    assert compile_tokens(key)(text) == f"tok_{key_id(key)}_{digest[:16].hex()}"


def test_tokens_are_rotated() -> None:
    """Another token key makes other tokens, told apart by their key ids; queued ones stay."""
    event = {"type": "track", "traits": {"email": EMAIL}, "userId": EMAIL}
    pairs = [("**.email", "token"), ("userId", "token")]
    old = policy(*pairs).strip(event)
    new = policy(*pairs, token_root=b"another key")
    fresh = new.strip(event).payload
    queued = new.strip(old.payload, old.transformed).payload

    assert fresh["userId"][:8] != old.payload["userId"][:8]
    assert fresh["userId"][9:] != old.payload["userId"][9:]
    assert old.payload == queued
    assert old.payload == policy(*pairs, token_root=KEY, key=b"new").strip(event).payload


def test_one_token_key_does_not_join_two_destinations() -> None:
    """Tokens differ between destinations even where somebody gave both the same key."""
    tokens = {
        strip(policy(("userId", "token"), name=name, token_root=b"same"), userId="u")["userId"]
        for name in ("crm", "ads")
    }

    assert 2 == len(tokens)


@pytest.mark.parametrize("do", ["token", "mask", "redact", "truncate", "generalise"])
@pytest.mark.parametrize("match", ["userId", "*", "**", ("email",)])
def test_ids_stay_apart(match: Any, do: str) -> None:
    """On ids every action that would make two people one makes tokens instead."""
    compiled = policy((match, do))

    maya, ada = (
        strip(compiled, userId=f"{name}@example.com")["userId"] for name in ("maya", "ada")
    )

    assert maya != ada
    assert all(token.startswith("tok_") for token in (maya, ada))


def test_ids_can_be_dropped_and_hashed() -> None:
    """Dropping and hashing an id do as they say."""
    assert {} == strip(policy(("userId", "drop")), userId=EMAIL)
    assert {} == strip(policy((("email",), "drop")), userId=EMAIL)
    assert {"userId": EMAIL_HASH} == strip(policy(("userId", "hash")), userId=EMAIL)
    assert {"userId": "u-1"} == strip(policy((("email",), "drop")), userId="u-1")


def test_marks_follow_the_elements_of_a_list() -> None:
    """What was made a token is noted where it stands now, when elements before it went."""
    event = {"type": "track", "properties": {"products": [{"phone": "1"}, {"phone": "2"}]}}
    once = policy(("**.phone", "token")).strip(event)
    again = policy(("properties.products[0]", "drop")).strip(once.payload, once.transformed)

    assert ("properties.products[0].phone",) == again.transformed


def test_tokens_need_a_key() -> None:
    """Without a privacy key nothing that makes tokens compiles; what makes none does."""
    for pairs in ([("a", "token")], [("userId", "mask")], [(("email",), "mask")]):
        with pytest.raises(ValueError, match="privacy_key"):
            policy(*pairs, key=b"")
    assert {} == strip(policy(("traits", "drop"), key=b""), traits={})


def test_the_untrusted_get_tokens_of_the_same_key() -> None:
    """What `pii.trusted` makes tokens of is made with the destination's own token key too."""
    by_rule = strip(policy(("traits.email", "token"), token_root=b"own"), traits={"email": EMAIL})
    by_distrust = strip(policy(trusted=False, token_root=b"own"), traits={"email": EMAIL})

    assert by_rule == by_distrust != strip(policy(trusted=False), traits={"email": EMAIL})
