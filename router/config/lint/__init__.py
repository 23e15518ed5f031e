"""The linter: what is allowed in a configuration, and probably not meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.config.lint.consent import lint_consent
from router.config.lint.delivery import lint_delivery
from router.config.lint.filters import lint_filters
from router.config.lint.finding import Finding, Notes
from router.config.lint.names import lint_names
from router.config.lint.network import lint_network
from router.config.lint.privacy import lint_privacy
from router.config.lint.secrets import lint_secrets
from router.config.problem import quoted
from router.config.reading.checks import DEFAULT_SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.config.sections.whole import Config

LEVELS = ("error", "warning", "info")


def lint(config: Config) -> list[Finding]:
    """Return what should be known about a configuration, the gravest first.

    Looks at nothing but the configuration: no network, no store, no clock.
    """
    found = [
        *lint_privacy(config),
        *lint_consent(config),
        *lint_filters(config),
        *lint_names(config),
        *lint_network(config),
        *lint_secrets(config),
        *lint_delivery(config),
        *_sources(config),
    ]
    return sorted(found, key=lambda each: (LEVELS.index(each.level), each.line or 0))


def _sources(config: Config) -> Iterator[Finding]:
    note = Notes(config)
    wanted = [destination.sources for destination in config.destinations.values()]
    if any(sources is None for sources in wanted):
        return
    named = {name for sources in wanted for name in sources or ()}
    for name in config.sources:
        if name not in named:
            yield note.warning(
                "source_unused", ("sources", name),
                f"no destination takes the source {quoted(name)}",
                "its events are accepted and go nowhere",
            )  # fmt: skip
    if DEFAULT_SOURCE not in named:
        yield note.info(
            "source_default_unused", ("destinations",),
            "events that name no source go nowhere",
            f"they count as source {DEFAULT_SOURCE}; no destination takes it",
        )  # fmt: skip


__all__ = ["Finding", "lint"]
