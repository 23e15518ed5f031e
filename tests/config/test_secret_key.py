"""The privacy key: everywhere the same when configured, else made once and never replaced."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from router.config import ConfigError, privacy_key
from tests.config.pretend import KEY, KEYED, one, parsed

if TYPE_CHECKING:
    from pathlib import Path


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
