"""Findings about consent: nowhere enforced, open on doubt, asked for but never declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.config.finding import Finding, Notes
from router.config.problem import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.config.model import Config


WRITE = 'write consent: {require: [...]}, or {not_required: "why"}'


def lint_consent(config: Config) -> Iterator[Finding]:
    """Yield the findings; a destination without `consent` gets nothing once any has it."""
    note = Notes(config)
    destinations = config.destinations
    if not config.consent.categories and all(
        each.consent is None for each in destinations.values()
    ):
        yield note.warning(
            "consent_nowhere", ("destinations",),
            "consent is enforced nowhere: every event goes out whatever it says of consent",
            WRITE,
        )  # fmt: skip
        return
    if config.consent.missing == "allow":
        yield note.warning(
            "consent_fails_open", ("consent", "missing"),
            "events without consent go to destinations that need it",
            "missing: deny is the safe reading",
        )  # fmt: skip
    for name, destination in destinations.items():
        if destination.consent is None:
            yield note.warning(
                "consent_undeclared", ("destinations", name),
                f"{quoted(name)} gets no event: it does not say which consent it needs",
                WRITE,
            )  # fmt: skip
    yield from _categories(config)


def _categories(config: Config) -> Iterator[Finding]:
    note = Notes(config)
    asked: set[str] = set()
    for name, destination in config.destinations.items():
        if destination.consent is None:
            continue
        needed = {*destination.consent.require, *destination.consent.any}
        asked |= needed
        if needed and not config.consent.categories:
            yield note.info(
                "consent_categories_open", ("destinations", name, "consent"),
                f"{quoted(name)} needs {', '.join(map(quoted, sorted(needed)))}, which nothing "
                "declares",
                "list all under consent.categories, so that a misspelled one is found",
            )  # fmt: skip
    for place, category in enumerate(config.consent.categories):
        if category not in asked:
            yield note.info(
                "consent_category_unused", ("consent", "categories", place),
                f"no destination needs the category {quoted(category)}",
            )  # fmt: skip
