"""Privacy rules in the file: what is refused, where, and with which right word."""

from __future__ import annotations

from typing import get_args

import pytest

from router.config.sections.privacy import DetectKind, Privacy
from router.config.values.keys import root_of
from router.config.values.paths import HOW
from router.decide.detect.finder import KINDS
from tests.config.pretend import one, parsed, said

RULES = "privacy: {rules: [{match: %s, do: %s}]}"
ENVIRON = {"A": "an old key that is long", "B": "a new key that is long"}


def refused(match: str, do: str) -> list[str]:
    """Return what is said of one rule, without file and line."""
    told = said(one(RULES % (match, do)))
    assert all(each.startswith("router.yaml:5:") for each in told)
    return [each.split(": ", 1)[1] for each in told]


@pytest.mark.parametrize(
    ("match", "do", "told"),
    [
        ("a", "hash, as: mata.em", 'unknown word "mata" (did you mean "meta"?)'),
        ("a", "hash, as: meta.emial",
         'Meta Conversions API has no hashed field "emial" (did you mean "meta.email"?)'),
        ("a", "hash, as: google.city",
         "Google Ads wants city as it is (keep it, drop it or generalise it)"),
        ("a", "hash, as: meta", "which field of meta? (as: meta.email)"),
        ("a", "mask, as: meta.em", '"as" says nothing with do: mask (do: hash)'),
        ("a", "hash, country: US", '"country" says nothing without "as" (as: meta.phone)'),
        ("a", "hash, as: meta.em, country: US", '"country" is for phone numbers alone'),
        ("a", "hash, as: meta.ph, country: us",
         'no country is called "us" (two letters such as US or DE)'),
        ("{detect: [card]}", "hash, as: meta", 'Meta Conversions API has no hashed field "card"'),
        ("{}", "drop", "path, keys or detect must be given"),
        ("{path: a, keys: [red]}", "drop", "either path or keys, not both (write two rules)"),
        ("{path: a..b}", "drop", f"`` is no step of a path ({HOW})"),
        ("{keys: []}", "drop", '"keys" must not be empty'),
        ("{keys: ['42', red]}", "drop", '"42" has no word that a key could have'),
        ("{key: [red]}", "drop", 'unknown word "key" (did you mean "keys"?)'),
    ],
)  # fmt: skip
def test_refused_rules(match: str, do: str, told: str) -> None:
    """A rule that cannot be meant is refused in its line, with what is right."""
    assert told in refused(match, do)


@pytest.mark.parametrize(
    ("match", "do"),
    [
        ("a", "hash, as: meta.em"),
        ("a", "hash, as: pinterest.hashed"),
        ("a", "hash, as: google.phone, country: DE"),
        ("{detect: [email, phone]}", "hash, as: uid2, country: US"),
        ("{keys: [red, yellow, loyalty number]}", "drop"),
        ("{path: properties.**, detect: [email]}", "mask"),
    ],
)
def test_accepted_rules(match: str, do: str) -> None:
    """What the settings page offers is understood."""
    privacy = parsed(one(RULES % (match, do))).destinations["hook"].privacy

    assert privacy is not None
    assert do.partition(",")[0] == privacy.rules[0].do


def test_every_kind_can_be_asked_for() -> None:
    """The kinds of the file are the kinds that are looked for."""
    assert set(KINDS) == set(get_args(DetectKind))


def token_root(environ: dict[str, str], section: str) -> bytes | None:
    """Return the token key that a privacy section means."""
    privacy = parsed(one(f"privacy: {section}"), environ).destinations["hook"].privacy
    assert isinstance(privacy, Privacy)
    return privacy.token_root


def test_a_token_key_of_ones_own() -> None:
    """A destination may have its own token key; an old privacy key there keeps old tokens."""
    own = token_root(ENVIRON, '{token_key: "${A}"}')
    config = parsed(one("privacy: {}") + "privacy_key: ${A}\n", ENVIRON)

    assert config.privacy_key is not None
    assert root_of(config.privacy_key) == own != token_root(ENVIRON, '{token_key: "${B}"}')
    assert token_root(ENVIRON, "{}") is None


def test_a_short_token_key_is_refused() -> None:
    """A key that could be guessed protects nobody, and is not said."""
    wrong = "the token key is shorter than 16 characters (`openssl rand -hex 32`)"

    assert [f"router.yaml:5:26: {wrong}"] == said(one("privacy: {token_key: abc}"))
