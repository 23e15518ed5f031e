"""Findings about personal data: who gets all of it, and which rules can never act."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from router.config.lint.coverage import hidden_by, matcher, shown, takes
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

    from router.config.reading.document import Where
    from router.config.sections.privacy import Privacy, Rule
    from router.config.sections.whole import Config

COMMON = ("email", "phone", "address", "firstname", "lastname", "birthday", "username", "password")
"""Keys of personal data that rules name most, as words run together."""


def lint_privacy(config: Config) -> Iterator[Finding]:
    """Yield the findings about `pii` and `privacy`."""
    note = Notes(config)
    yield from _untouched(config)
    for place, name in enumerate(config.pii.trusted or ()):
        if name not in config.destinations:
            yield note.warning(
                "trusted_unknown", ("pii", "trusted", place),
                f"no destination is called {quoted(name)}",
                f"destinations here: {', '.join(config.destinations)}",
            )  # fmt: skip
    for name, destination in config.destinations.items():
        if destination.privacy is not None:
            where = ("destinations", name, "privacy")
            yield from _rules(config, destination.privacy, where)
            yield from _copies(config, destination.privacy, where)
            if config.pii.trusted is not None and name not in config.pii.trusted:
                yield from _keeps(config, destination.privacy, where)
    yield from _key(config)


def _untouched(config: Config) -> Iterator[Finding]:
    note = Notes(config)
    if config.pii.trusted is not None:
        return
    bare = [name for name, each in config.destinations.items() if _sees_all(each.privacy)]
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


def _sees_all(privacy: Privacy | None) -> bool:
    return privacy is None or not (privacy.rules or privacy.default == "drop")


def _rules(config: Config, privacy: Privacy, where: Where) -> Iterator[Finding]:
    note = Notes(config)
    for place, rule in enumerate(privacy.rules):
        at = (*where, "rules", place)
        match = matcher(rule)
        if match.path is not None:
            yield from _path(config, match.path, at)
        yield from _keys(config, match.keys, at)
        yield from _losses(config, rule, at)
        hiding = hidden_by(privacy, place)
        if hiding:
            takers = " and ".join(
                f"the one for {shown(matcher(privacy.rules[n]))}, number {n + 1}," for n in hiding
            )
            yield note.warning(
                "rule_unreachable", at,
                f"the rule for {shown(match)} never acts: {takers} "
                f"{'take' if len(hiding) > 1 else 'takes'} everything it matches",
                "the first rule that matches wins: put the narrower one first",
            )  # fmt: skip
    if privacy.default == "drop" and all(rule.do == "drop" for rule in privacy.rules):
        yield note.warning(
            "privacy_drops_all", where,
            "default: drop and no rule that keeps anything: nothing but the envelope leaves",
        )  # fmt: skip


def _copies(config: Config, privacy: Privacy, where: Where) -> Iterator[Finding]:
    """Tell which traits are taken away, while their copies in `context.traits` stay.

    Browser SDKs repeat a known user's traits there on every event (RudderStack's on all).
    """
    note = Notes(config)
    matchers = [matcher(rule) for rule in privacy.rules]
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
        if any(kind in copy.rpartition(".")[2].lower() for kind in detected):
            continue
        of_copy = Matcher(path=copy)
        taken = any(takes(each, of_copy) for each in matchers if not each.detect)
        if path.startswith("traits") and not match.detect and not taken:
            yield note.warning(
                "copy_untouched", (*where, "rules", place),
                f"{quoted(copy)} stays: SDKs repeat traits there",
                f"add a rule for {copy}, or match **.{path.partition('.')[2] or 'traits'}",
            )  # fmt: skip


def _keeps(config: Config, privacy: Privacy, where: Where) -> Iterator[Finding]:
    """Tell which rules of a destination that is not trusted would keep personal data."""
    note = Notes(config)
    for place, rule in enumerate(privacy.rules):
        match = matcher(rule)
        listed = privacy.default == "drop" and not (match.keys or match.detect)
        if rule.do == "keep" and _is_personal(match, listed=listed):
            yield note.warning(
                "keep_untrusted", (*where, "rules", place),
                f"the rule for {shown(match)} keeps no personal data: pii.trusted takes it anyway",
                f"add {where[1]} to pii.trusted if it may see this",
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


def _losses(config: Config, rule: Rule, at: Where) -> Iterator[Finding]:
    """Tell which rule leaves less of a value than its words say."""
    note = Notes(config)
    match = matcher(rule)
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


def _keys(config: Config, keys: tuple[str, ...], at: Where) -> Iterator[Finding]:
    note = Notes(config)
    for key in keys:
        near = nearest(key, PRESETS)
        if near is not None and key not in PRESETS:
            yield note.warning(
                "rule_misspelt", at,
                f"{quoted(key)} is taken for a word of your own",
                f"did you mean {quoted(near)}?",
            )  # fmt: skip


def _path(config: Config, path: str, at: Where) -> Iterator[Finding]:
    note = Notes(config)
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


def _key(config: Config) -> Iterator[Finding]:
    """Tell who makes tokens with a key that nobody wrote down."""
    note = Notes(config)
    if config.privacy_key is not None:
        return
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
