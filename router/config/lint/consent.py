"""Findings about consent: nowhere enforced, open on doubt, asked for but never declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.config.lint.finding import Finding, Notes
from router.config.problem import quoted
from router.decide.routes import regime_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.config.sections.whole import Config


SYSTEMS = {
    "segment": "Segment: an event that says nothing goes everywhere",
    "rudderstack": "RudderStack: only a category that is denied keeps an event back",
}
WRITE = 'write consent: {require: [...]}, or {not_required: "why"}'


def lint_consent(config: Config) -> Iterator[Finding]:
    """Yield the findings; a destination without `consent` gets nothing once any has it."""
    note = Notes(config)
    yield from _opt_outs(config)
    regime = regime_of(config)
    if not regime.enforced:
        heard = "beside opt-outs" if regime.opt_outs else "of consent"
        yield note.warning(
            "consent_nowhere", ("destinations",),
            f"consent is enforced nowhere: every event goes out whatever it says {heard}",
            WRITE,
        )  # fmt: skip
        return
    yield from _open(config)
    for name, destination in config.destinations.items():
        if destination.consent is None and config.consent.compat is None:
            yield note.warning(
                "consent_undeclared", ("destinations", name),
                f"{quoted(name)} gets no event: it does not say which consent it needs",
                WRITE,
            )  # fmt: skip
        tcf = destination.consent and destination.consent.tcf
        if tcf and not (tcf.purposes or tcf.legitimate_interest):
            yield note.warning(
                "consent_tcf_purposeless", ("destinations", name, "consent", "tcf"),
                f"{quoted(name)} asks a TCF string for its vendor, and for no purpose",
                "write purposes: [...], as the global vendor list has them",
            )  # fmt: skip
    yield from _twice(config)
    yield from _categories(config)


def _open(config: Config) -> Iterator[Finding]:
    """Tell what lets events pass on doubt."""
    note = Notes(config)
    consent = config.consent
    if consent.compat is not None:
        yield note.warning(
            "consent_compat_open", ("consent", "compat"),
            f"consent fails open, as at {SYSTEMS[consent.compat]}",
            "leave compat out: then doubt denies",
        )  # fmt: skip
    if consent.missing == "allow":
        yield note.warning(
            "consent_fails_open", ("consent", "missing"),
            "events without consent go to destinations that need it",
            "missing: deny is the safe reading",
        )  # fmt: skip
    elif consent.compat is not None and "missing" in consent.model_fields_set:
        yield note.warning(
            "consent_missing_unheard", ("consent", "missing"),
            "missing: deny is not heeded beside compat",
            "leave one of them out",
        )  # fmt: skip


def _opt_outs(config: Config) -> Iterator[Finding]:
    """Tell who is denied by opt-outs because it does not say what it uses data for."""
    note = Notes(config)
    sections = config.destinations
    regime = regime_of(config)
    if regime.compat or not regime.opt_outs:
        return
    for name, section in sections.items():
        told_already = regime.enforced and section.consent is None
        exempt = section.consent is not None and section.consent.not_required
        if section.uses is None and not exempt and not told_already:
            yield note.info(
                "consent_uses_unknown", ("destinations", name),
                f"an opt-out (GPC, US Privacy, GPP) denies {quoted(name)}: it does not say what it "
                "uses data for",
                "write uses: [analytics], or what is true of it: sale, share, targeted_ads",
            )  # fmt: skip


def _twice(config: Config) -> Iterator[Finding]:
    """Tell of categories that a destination names more than once."""
    note = Notes(config)
    for name, section in config.destinations.items():
        for word in ("require", "any"):
            categories = getattr(section.consent, word, ())
            for place, category in enumerate(categories):
                if category in categories[:place]:
                    yield note.warning(
                        "consent_category_twice", ("destinations", name, "consent", word, place),
                        f"{quoted(name)} names the category {quoted(category)} twice",
                        "is another one meant?",
                    )  # fmt: skip


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
