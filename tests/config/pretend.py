"""Adapters that exist for the configuration's tests alone, and the file they are written in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import field_validator

from destinations import Adapter, Batch, Field, SecretStr, Settings
from router.config import Config, ConfigError, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLE = Path(__file__).with_name("example.yaml").read_text("utf-8")
ENVIRON = {
    "SHOP_WRITE_KEY": "wk_shop",
    "MIXPANEL_TOKEN": "tok_canary_1",
    "HOOK_SECRET": "hook_canary_2",
}


class AnalyticsSettings(Settings):
    """What analytics needs."""

    token: SecretStr = Field(description="Project token.")


class Analytics(Adapter[AnalyticsSettings]):
    """Pretends to be analytics."""

    Settings = AnalyticsSettings
    name = "Analytics"
    batch = Batch(events=2000, bytes=10_000_000, in_order=True)


class HookSettings(Settings):
    """What a hook needs."""

    url: str = Field(description="Where to post.")
    secret: SecretStr | tuple[SecretStr, ...] = Field((), description="Signs requests.")
    log: Path | None = Field(None, description="A file beside.")
    tries: int = Field(1, ge=1, description="How often.")

    @field_validator("secret")
    @classmethod
    def _is_long(
        cls, secret: SecretStr | tuple[SecretStr, ...]
    ) -> SecretStr | tuple[SecretStr, ...]:
        if isinstance(secret, SecretStr) and secret.get_secret_value().startswith("short"):
            raise ValueError(f"too short: {secret.get_secret_value()}")
        return secret


class Hook(Adapter[HookSettings]):
    """Pretends to be a webhook."""

    Settings = HookSettings
    name = "Hook"
    batch = Batch(events=100)


ADAPTERS: Mapping[str, type[Adapter[Any]]] = {"mixpanel": Analytics, "webhook": Hook}


def parsed(text: str, environ: Mapping[str, str] = ENVIRON, folder: Path | None = None) -> Config:
    """Parse a configuration with the pretended adapters."""
    return parse(text, environ, folder=folder, adapters=ADAPTERS)


def said(text: str, environ: Mapping[str, str] = ENVIRON) -> list[str]:
    """Return the problems of a configuration, one a line."""
    with pytest.raises(ConfigError) as caught:
        parsed(text, environ)
    return str(caught.value).splitlines()


def one(section: str = "", settings: str = "{url: 'https://a.test/'}") -> str:
    """Return a configuration of one hook, with more lines for the destination."""
    lines = "".join(f"    {line}\n" for line in section.splitlines())
    return f"destinations:\n  hook:\n    type: webhook\n    settings: {settings}\n{lines}"


KEYED = (
    one()
    + "\nredis: redis://u:redis_canary@h/0\nbroker: redis://u:redis_canary@h/1\n"
    + "privacy_key: ${KEY}\n"
)
"""One hook with a server, and a privacy key from the environment."""
KEY = {"KEY": "key_canary_0123456789"}
