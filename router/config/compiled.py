"""The configuration's decisions, compiled: who may have what, and whose write key is whose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.config.secret_key import privacy_key
from router.decide.oddities import compile_names
from router.decide.routes import compile_routes
from router.decide.segment.comparison import compile_comparison

if TYPE_CHECKING:
    from router.config import Config
    from router.config.adapters import AdapterClass
    from router.decide.oddities import Names
    from router.decide.routes import Routes
    from router.decide.segment.comparison import Comparison


def compiled(config: Config, key: bytes | None = None) -> Routes:
    """Return the ways to all destinations; `key` is for tokens, instead of the privacy key."""
    return compile_routes(config, _kinds(config), privacy_key(config) if key is None else key)


def compared(config: Config) -> dict[str, Comparison]:
    """Return what Segment would do, by destination."""
    return compile_comparison(config, _kinds(config))


def names(config: Config) -> Names:
    """Return all names that events may use."""
    return compile_names(config, _kinds(config))


def sources(config: Config) -> dict[str, str]:
    """Return the source of each write key."""
    return {key: name for name, source in config.sources.items() for key in source.write_keys}


def _kinds(config: Config) -> dict[str, AdapterClass]:
    return {section.type: section.adapter_class for section in config.destinations.values()}
