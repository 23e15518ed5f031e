"""Findings about sources: whose events are accepted and go nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.config.lint.finding import Finding, Notes
from router.config.problem import quoted
from router.events.parse import DEFAULT_SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.config.sections.whole import Config


def lint_sources(config: Config) -> Iterator[Finding]:
    """Yield the findings about `sources`, once every destination says whose events it takes."""
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
