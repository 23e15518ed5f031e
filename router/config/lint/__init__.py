"""The linter: what is allowed in a configuration, and probably not meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.config.lint.consent import lint_consent
from router.config.lint.delivery import lint_delivery
from router.config.lint.filters import lint_filters
from router.config.lint.finding import Finding
from router.config.lint.names import lint_names
from router.config.lint.network import lint_network
from router.config.lint.pii import lint_pii
from router.config.lint.privacy import lint_privacy
from router.config.lint.secrets import lint_secrets
from router.config.lint.sources import lint_sources

if TYPE_CHECKING:
    from router.config.sections.whole import Config

LEVELS = ("error", "warning", "info")


def lint(config: Config) -> list[Finding]:
    """Return what should be known about a configuration, the gravest first.

    Looks at nothing but the configuration: no network, no store, no clock.
    """
    found = [
        *lint_pii(config),
        *lint_privacy(config),
        *lint_consent(config),
        *lint_filters(config),
        *lint_names(config),
        *lint_network(config),
        *lint_secrets(config),
        *lint_delivery(config),
        *lint_sources(config),
    ]
    return sorted(found, key=lambda each: (LEVELS.index(each.level), each.line or 0))


__all__ = ["Finding", "lint"]
