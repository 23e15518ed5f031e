"""Findings about personal data: who gets it untouched, and who keeps some without being trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.config.lint.finding import Finding, Notes
from router.config.problem import quoted
from router.config.sight import sight
from router.decide.policy.keys import Colour, colour_of
from router.decide.policy.paths import parse_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.config.sections.privacy import Matcher, Privacy
    from router.config.sections.whole import Config


def lint_pii(config: Config) -> Iterator[Finding]:
    """Yield the findings about `pii`, and about whoever it says nothing of."""
    note = Notes(config)
    trusted = config.pii.trusted
    if trusted is None:
        yield from _untouched(config)
    for place, name in enumerate(trusted or ()):
        if name not in config.destinations:
            yield note.warning(
                "trusted_unknown", ("pii", "trusted", place),
                f"no destination is called {quoted(name)}",
                f"destinations here: {', '.join(config.destinations)}",
            )  # fmt: skip
    for name, destination in config.destinations.items():
        if destination.privacy is not None and trusted is not None and name not in trusted:
            yield from _keeps(note, name, destination.privacy)
    if config.privacy_key is None:
        yield from _key(config)


def _untouched(config: Config) -> Iterator[Finding]:
    note = Notes(config)
    bare = [name for name in config.destinations if sight(config, name) == "untouched"]
    hint = "name those that may see it in pii.trusted, or give each a privacy section"
    if bare and len(bare) == len(config.destinations):
        yield note.warning(
            "pii_everywhere", ("destinations",),
            f"PII sent to all destinations: {', '.join(bare)}", hint,
        )  # fmt: skip
        return
    for name in bare:
        yield note.warning(
            "pii_untouched", ("destinations", name),
            f"personal data goes to {quoted(name)} untouched", hint,
        )  # fmt: skip


def _keeps(note: Notes, name: str, privacy: Privacy) -> Iterator[Finding]:
    """Tell which rules of a destination that is not trusted would keep personal data."""
    for place, rule in enumerate(privacy.rules):
        match = rule.matcher
        listed = privacy.default == "drop" and not (match.keys or match.detect)
        if rule.do == "keep" and _is_personal(match, listed=listed):
            yield note.warning(
                "keep_untrusted", ("destinations", name, "privacy", "rules", place),
                f"the rule for {match.in_words} keeps no personal data: pii.trusted takes it "
                "anyway",
                f"add {name} to pii.trusted if it may see this",
            )  # fmt: skip


def _is_personal(match: Matcher, *, listed: bool) -> bool:
    """Tell whether a rule speaks of personal data: by value, by key, or by the keys of its path.

    Whole objects of people (`traits`, `traits.*`) count unless the rule is `listed`: an
    allow-list names them for the sake of what else is in them.
    """
    if match.path is None or match.detect:
        return True
    steps = parse_path(match.path)
    colours = [colour_of(step) if isinstance(step, str) else None for step in steps]
    if not {Colour.RED, Colour.YELLOW, Colour.CONTACT}.isdisjoint(colours):
        return True
    if Colour.PERSON not in colours:
        return False
    below = set(colours[colours.index(Colour.PERSON) + 1 :])
    return Colour.NAME in below or (not listed and below <= {None})


def _key(config: Config) -> Iterator[Finding]:
    """Tell who makes tokens with a key that nobody wrote down."""
    note = Notes(config)
    for name, destination in config.destinations.items():
        rules = destination.privacy.rules if destination.privacy else ()
        if destination.privacy and destination.privacy.token_key:
            continue
        trusted = config.pii.trusted
        untrusted = trusted is not None and name not in trusted
        if untrusted or any(rule.do == "token" for rule in rules):
            yield note.info(
                "token_key_embedded", ("destinations", name),
                f"the tokens of {quoted(name)} are made with the key in data/secret.key",
                "keep a copy of it: another key makes other tokens of the same people",
            )  # fmt: skip
            return
