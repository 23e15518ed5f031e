"""Findings about privacy rules: those that can never act, and those that do less than they say."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from router.config.lint.coverage import hidden_by, takes
from router.config.lint.finding import Finding, Notes
from router.config.problem import quoted
from router.config.sections.privacy import Matcher
from router.config.values.paths import has_known_root
from router.decide.policy.keys import Colour, colour_of, words_of
from router.decide.policy.named import PRESETS
from router.decide.policy.paths import parse_path
from router.decide.policy.rules import ALWAYS_KEPT
from router.decide.policy.vendors import split, wants_country
from router.decide.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.config.document import Where
    from router.config.sections.privacy import Privacy, Rule
    from router.config.sections.whole import Config

COMMON = ("email", "phone", "address", "firstname", "lastname", "birthday", "username", "password")
"""Keys of personal data that rules name most, as words run together."""


def lint_privacy(config: Config) -> Iterator[Finding]:
    """Yield the findings about each destination's `privacy`."""
    note = Notes(config)
    for name, destination in config.destinations.items():
        if destination.privacy is not None:
            where = ("destinations", name, "privacy")
            yield from _rules(note, destination.privacy, where)
            yield from _copies(note, destination.privacy, where)


def _rules(note: Notes, privacy: Privacy, where: Where) -> Iterator[Finding]:
    for place, rule in enumerate(privacy.rules):
        at = (*where, "rules", place)
        match = rule.matcher
        if match.path is not None:
            yield from _path(note, match.path, at)
        yield from _keys(note, match.keys, at)
        yield from _losses(note, rule, at)
        hiding = hidden_by(privacy, place)
        if hiding:
            takers = " and ".join(
                f"the one for {privacy.rules[n].matcher.in_words}, number {n + 1}," for n in hiding
            )
            yield note.warning(
                "rule_unreachable", at,
                f"the rule for {match.in_words} never acts: {takers} "
                f"{'take' if len(hiding) > 1 else 'takes'} everything it matches",
                "the first rule that matches wins: put the narrower one first",
            )  # fmt: skip
    if privacy.default == "drop" and all(rule.do == "drop" for rule in privacy.rules):
        yield note.warning(
            "privacy_drops_all", where,
            "default: drop and no rule that keeps anything: nothing but the envelope leaves",
        )  # fmt: skip


def _path(note: Notes, path: str, at: Where) -> Iterator[Finding]:
    root = parse_path(path)[0]
    if not has_known_root(path):
        yield note.warning(
            "rule_root_unknown", at,
            f"no event of the Segment spec has what {quoted(path)} begins with",
            "paths begin with traits, properties, context ..., or with **",
        )  # fmt: skip
    if root in ALWAYS_KEPT:
        yield note.warning(
            "rule_without_effect", at,
            f"the rule for {quoted(path)} never acts: {quoted(root)} always stays",
        )  # fmt: skip

    near = _misspelt(path)
    if near is not None:
        yield note.warning(
            "rule_misspelt", at,
            f"{quoted(path)} looks misspelt, and such a rule protects nothing",
            f"did you mean {quoted(near)}?",
        )  # fmt: skip


def _misspelt(path: str) -> str | None:
    """Return the common key that the last one of a path resembles and is not."""
    last = parse_path(path)[-1]
    if not isinstance(last, str) or colour_of(last) is not Colour.PLAIN:
        return None
    return next(iter(get_close_matches("".join(words_of(last)), COMMON, n=1, cutoff=0.8)), None)


def _keys(note: Notes, keys: tuple[str, ...], at: Where) -> Iterator[Finding]:
    for key in keys:
        near = nearest(key, PRESETS)
        if near is not None and key not in PRESETS:
            yield note.warning(
                "rule_misspelt", at,
                f"{quoted(key)} is taken for a word of your own",
                f"did you mean {quoted(near)}?",
            )  # fmt: skip


def _losses(note: Notes, rule: Rule, at: Where) -> Iterator[Finding]:
    """Tell which rule leaves less of a value than its words say."""
    match = rule.matcher
    if rule.do == "truncate" and match.detect and "ip" not in match.detect:
        yield note.warning(
            "rule_redacts", at,
            f"truncate makes [redacted] of {', '.join(match.detect)}: only an IP address has a "
            "network",
            "write do: redact, or mask, if that is meant",
        )  # fmt: skip
    if rule.as_ is None or rule.country is not None:
        return
    vendor, field = split(rule.as_)
    if any(wants_country(vendor, each) for each in ([field] if field else match.detect)):
        yield note.info(
            "national_phones_dropped", at,
            "phone numbers that begin with no + or 00 are dropped here: whose country they are of "
            "is not said",
            "add country: DE, or where your customers are",
        )  # fmt: skip


def _copies(note: Notes, privacy: Privacy, where: Where) -> Iterator[Finding]:
    """Tell which traits are taken away, while their copies in `context.traits` stay.

    Browser SDKs repeat a known user's traits there on every event (RudderStack's on all).
    """
    matchers = [rule.matcher for rule in privacy.rules]
    detected = {
        kind
        for rule, match in zip(privacy.rules, matchers, strict=True)
        if match.path is None and not match.keys and rule.do != "keep"
        for kind in match.detect
    }
    for place, match in enumerate(matchers):
        path = match.path
        if privacy.default == "drop" or privacy.rules[place].do == "keep" or path is None:
            continue
        copy = f"context.{path}"
        rest = "" if path.endswith("*") else path.partition(".")[2] or path
        if any(kind in copy.rpartition(".")[2].lower() for kind in detected):
            continue
        of_copy = Matcher(path=copy)
        taken = any(takes(each, of_copy) for each in matchers if not each.detect)
        if path.startswith("traits") and not match.detect and not taken:
            yield note.warning(
                "copy_untouched", (*where, "rules", place),
                f"{quoted(copy)} stays: SDKs repeat traits there",
                f"add a rule for {copy}" + (f", or match **.{rest}" if rest else ""),
            )  # fmt: skip
