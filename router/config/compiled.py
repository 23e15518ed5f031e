"""The configuration's decisions, compiled: who may have what, and whose write key is whose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.config.secret_key import privacy_key
from router.decide.routes import compile_routes

if TYPE_CHECKING:
    from router.config import Config
    from router.decide.routes import Routes


def compiled(config: Config, key: bytes | None = None) -> Routes:
    """Return the ways to all destinations; `key` is for tokens, instead of the privacy key."""
    kinds = {section.type: section.adapter_class for section in config.destinations.values()}
    return compile_routes(config, kinds, privacy_key(config) if key is None else key)


def sources(config: Config) -> dict[str, str]:
    """Return the source of each write key."""
    return {key: name for name, source in config.sources.items() for key in source.write_keys}
