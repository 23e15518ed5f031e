"""Secrets of a configuration reach adapters, and nothing that is written or shown."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from router.config import ConfigError, privacy_key
from tests.config.pretend import ENVIRON, EXAMPLE, one, parsed, said

if TYPE_CHECKING:
    from pathlib import Path

SERVER = "\nredis: redis://u:redis_canary@h/0\nbroker: redis://u:redis_canary@h/1\n"
KEYED = one() + SERVER + "privacy_key: ${KEY}\n"
KEY = {"KEY": "key_canary_0123456789"}


def test_no_repr_shows_a_secret() -> None:
    """A configuration can be printed: neither settings, addresses nor keys are in it."""
    shown = repr(parsed(EXAMPLE)) + repr(parsed(KEYED, KEY)) + str(parsed(KEYED, KEY))

    assert "canary" not in shown
    assert "wk_shop" not in shown


def test_no_problem_shows_a_secret() -> None:
    """A refused secret is not repeated, not even by an adapter's own words."""
    text = one(settings="{url: 'https://a.test', secret: '${S}'}")

    assert ["router.yaml:4:47: too short: ***"] == said(text, {"S": "short_canary"})


@pytest.mark.parametrize("secret", ["o", "too", "short"])
def test_a_short_secret_does_not_garble_a_problem(secret: str) -> None:
    """Where gaps in a sentence would tell a short secret, the sentence is not told at all."""
    text = one(settings="{url: 'https://a.test', secret: '${S}', log: '${L}'}")
    (problem,) = said(text, {"S": "short_canary", "L": secret})

    assert problem.startswith('router.yaml:4:47: "secret" is not accepted (why is not told: ')


def test_a_short_secret_elsewhere_hides_nothing() -> None:
    """A sentence in which no secret stands is told as it is."""
    text = one(settings="{url: 'https://a.test', secret: '${S}', log: '${L}'}")

    assert ["router.yaml:4:47: too short: ***"] == said(text, {"S": "short_canary", "L": "q"})


@pytest.mark.parametrize("secret", ["{a: canary}", "[[canary]]", "[canary, {}]"])
def test_a_secret_of_the_wrong_shape_is_not_shown(secret: str) -> None:
    """Even where a secret stands in the wrong place, the problem does not repeat it."""
    problems = said(one(settings=f"{{url: 'https://a.test', secret: {secret}}}"))

    assert problems
    assert "canary" not in str(problems)


def test_digests_change_with_secrets_and_do_not_tell_them() -> None:
    """Workers can see that a secret differs between them, and not which it is."""
    first = parsed(EXAMPLE)
    second = parsed(EXAMPLE, ENVIRON | {"HOOK_SECRET": "other"})

    assert first.digest != second.digest
    assert first.destinations["hook"].digest != second.destinations["hook"].digest
    assert (
        first.destinations["product-analytics"].digest
        == second.destinations["product-analytics"].digest
    )
    assert parsed(KEYED, KEY).digest != parsed(KEYED, {"KEY": "0123456789abcdef"}).digest


@pytest.mark.parametrize(
    ("right", "other"),
    [("do: hash", "do: mask"), ("[shop]", "[default]"), ("100/s", "99/s"), ("deny", "allow"),
     ("event != ", "event = "), ("[crm, warehouse]", "[crm]"), ("type: webhook", "type: mixpanel"),
     ("127.0.0.0/8", "10.0.0.0/8"), ("stream: events", "stream: evts")],
)  # fmt: skip
def test_digests_change_with_the_meaning(right: str, other: str) -> None:
    """Whatever makes events be treated otherwise changes the digest."""
    text = EXAMPLE.replace(right, other)
    if "type: mixpanel" in other:
        text = text.replace('{url: "http://127.0.0.1:9001/", secret:', "{token:")

    assert parsed(EXAMPLE).digest != parsed(text).digest


@pytest.mark.parametrize(
    ("right", "other"),
    [("./router-data", "./elsewhere"), ("24h", "1440m"), ("1MB", "1000KB"),
     ("# the adapter", "# adapter")],
)  # fmt: skip
def test_digests_do_not_change_with_the_wording(right: str, other: str) -> None:
    """Comments, spellings and what belongs to one host alone do not change the digest."""
    assert parsed(EXAMPLE).digest == parsed(EXAMPLE.replace(right, other)).digest


def test_the_configured_privacy_key_makes_the_same_bytes_everywhere() -> None:
    """Two hosts with one key make equal tokens; another key makes others."""
    keys = [privacy_key(parsed(KEYED, KEY)) for _ in range(2)]

    assert keys[0] == keys[1]
    assert 32 == len(keys[0])
    assert keys[0] != privacy_key(parsed(KEYED, {"KEY": "0123456789abcdef"}))


def test_the_embedded_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    """Processes that start together agree on one key, which only its owner can read."""
    config = parsed(one(), folder=tmp_path)
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(privacy_key, [config] * 16))

    assert 1 == len(keys)
    assert 32 == len(keys.pop())
    assert ["secret.key"] == [path.name for path in config.data.iterdir()]
    assert 0o600 == stat.S_IMODE((config.data / "secret.key").stat().st_mode)
    assert 0o700 == stat.S_IMODE(config.data.stat().st_mode)


@pytest.mark.parametrize("text", ["", "abc", "z" * 64, "0" * 63, "é" * 32])
def test_a_damaged_key_is_not_replaced(tmp_path: Path, text: str) -> None:
    """A new key in place of a damaged one would change every token: the damage is told."""
    config = parsed(one(), folder=tmp_path)
    config.data.mkdir()
    (config.data / "secret.key").write_text(text)

    with pytest.raises(ConfigError, match="this is no privacy key"):
        privacy_key(config)
