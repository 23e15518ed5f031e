"""Findings about filters and transformations: what can never act, and words that are no event's."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from router.config.lint.coverage import covers
from router.config.lint.finding import Finding, Notes
from router.config.problem import quoted
from router.config.values.paths import ROOTS
from router.decide.filters.analysis import always, exclusive, never, parts_of, tree_of
from router.decide.filters.syntax import Call, Items, Literal, Path
from router.decide.filters.tokens import keys_of
from router.decide.policy.rules import ALWAYS_KEPT
from router.decide.spelling import nearest
from router.events.parse import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.config.document import Where
    from router.config.sections.filters import Filter
    from router.config.sections.transform import Step
    from router.config.sections.whole import Config
    from router.decide.filters.syntax import Tree

CONSTANTS = ("true", "false", "null")


def lint_filters(config: Config) -> Iterator[Finding]:
    """Yield the findings about `events`, `filters` and `transform`."""
    note = Notes(config)
    for name, destination in config.destinations.items():
        where: Where = ("destinations", name)
        if destination.events is not None:
            at = (*where, "events")
            yield from _words(note, destination.events, at)
            if never(_accepted(tree_of(destination.events), destination.adapter_class.accepts)):
                yield note.warning(
                    "filter_never", at, f"no event can match this: {quoted(name)} gets nothing"
                )
        for place, each in enumerate(destination.filters):
            yield from _filter(note, each, (*where, "filters", place))
        yield from _transform(note, destination.transform, (*where, "transform"))
    for name, source in config.sources.items():
        yield from _transform(note, source.transform, ("sources", name, "transform"))
        yield from _past_rules(config, source.transform, ("sources", name, "transform"))


def _accepted(tree: Tree, accepts: frozenset[str]) -> Tree:
    kinds = Items(tuple(Literal(kind, 1) for kind in sorted(accepts)), 1)
    return Call("and", (Call("in", (Path(("type",), 1), kinds), 1), tree), 1)


def _filter(note: Notes, section: Filter, where: Where) -> Iterator[Finding]:
    yield from _words(note, section.if_, (*where, "if"))
    tree = tree_of(section.if_)
    if never(tree):
        yield note.warning("filter_never", (*where, "if"), "no event can match this filter")
    elif section.do == "drop" and always(tree):
        yield note.warning(
            "filter_drops_all", where, "this filter drops every event: nothing leaves"
        )
    elif section.percent == 0 and always(tree):
        yield note.warning(
            "filter_drops_all", where, "a share of 0 of all events is none: nothing leaves",
            "0.1 is ten percent",
        )  # fmt: skip
    if section.percent == 1:
        yield note.warning(
            "filter_without_effect", (*where, "percent"), "a share of 1 is every event",
            "0.1 is ten percent",
        )  # fmt: skip
    if section.path:
        yield from _root(note, section.path, (*where, "path"))
    for path, keys in section.fields.items():
        yield from _root(note, path, (*where, "fields", path)) if path else ()
        kept = ALWAYS_KEPT.intersection(keys) if not path else ()
        if section.do == "drop_properties" and kept:
            yield note.warning(
                "filter_without_effect", (*where, "fields", path),
                f"{', '.join(sorted(kept))} always stays",
            )  # fmt: skip


def _words(note: Notes, text: str, where: Where) -> Iterator[Finding]:
    """Tell of an expression's words that no event has: its types and the roots of its paths."""
    for part in parts_of(tree_of(text)):
        match part:
            case Path(keys=(root, *rest)) if root not in ROOTS:
                yield _unknown_root(note, root, where, alone=not rest)
            case Call(name="=" | "!=" | "in", operands=(Path(keys=("type",)), right)):
                for each in parts_of(right):
                    if isinstance(each, Literal) and each.value not in TYPES:
                        yield _unknown_type(note, each.value, where)


def _unknown_root(note: Notes, root: str, where: Where, *, alone: bool) -> Finding:
    constant = root.lower() if root.lower() in CONSTANTS else None
    near = constant or nearest(root, [*ROOTS, *CONSTANTS])
    hint = f"did you mean {quoted(near)}?" if near else ""
    if alone and not near:
        hint = f"'{root}' in quotes is text"
    message = f"no event of the Segment spec has {quoted(root)}: it counts as null"
    return note.warning("filter_root_unknown", where, message, hint)


def _unknown_type(note: Notes, value: object, where: Where) -> Finding:
    near = nearest(str(value), TYPES)
    hint = f"did you mean {quoted(near)}?" if near else f"types: {', '.join(sorted(TYPES))}"
    return note.warning(
        "filter_type_unknown", where, f"no event has the type {quoted(value)}", hint
    )


def _root(note: Notes, path: str, where: Where) -> Iterator[Finding]:
    root = keys_of(path)[0]
    if root not in ROOTS:
        near = nearest(root, ROOTS)
        hint = (
            f"did you mean {quoted(near)}?" if near else "paths begin with properties, traits ..."
        )
        yield note.warning(
            "path_root_unknown", where, f"no event of the Segment spec has {quoted(root)}", hint
        )


def _transform(note: Notes, steps: tuple[Step, ...], where: Where) -> Iterator[Finding]:
    for place, step in enumerate(steps):
        at = (*where, place)
        if step.if_ is not None:
            yield from _words(note, step.if_, (*at, "if"))
            if never(tree_of(step.if_)):
                yield note.warning("filter_never", (*at, "if"), "no event can match this step")
        hashed = step.hash_.paths if step.hash_ else ()
        for path in (*step.rename, *step.copy_, *step.drop, *hashed, *sorted(_writes(step))):
            yield from _root(note, path, at)
    for (first, one), (second, other) in combinations(enumerate(steps), 2):
        shared = sorted(_writes(one) & _writes(other))
        if shared and not exclusive(tree_of(one.if_ or "all"), tree_of(other.if_ or "all")):
            yield note.warning(
                "transform_overlaps", (*where, second),
                f"steps {first + 1} and {second + 1} both make {quoted(shared[0])}, and an event "
                "may match both: the later one wins",
                "make their conditions exclude each other",
            )  # fmt: skip


def _writes(step: Step) -> set[str]:
    name = {"event"} if step.rename_event else set()
    return {*step.rename.values(), *step.copy_.values(), *step.set_, *name}


def _past_rules(config: Config, steps: tuple[Step, ...], where: Where) -> Iterator[Finding]:
    """Tell which values leave the places where a destination's privacy rules look for them.

    Only of destinations whose rules all go by place: others may find a value anywhere.
    """
    note = Notes(config)
    for name, destination in config.destinations.items():
        rules = destination.privacy.rules if destination.privacy else ()
        paths = [each.match for each in rules if isinstance(each.match, str)]
        if not paths or len(paths) < len(rules):
            continue
        guarded = [each.match for each in rules if each.do != "keep"]
        for place, step in enumerate(steps):
            for old, new in (*step.rename.items(), *step.copy_.items()):
                if "\\" not in old + new and _is_covered(old, guarded) > _is_covered(new, paths):
                    yield note.warning(
                        "transform_past_rule", (*where, place),
                        f"{quoted(old)} goes to {quoted(new)}, where no privacy rule of "
                        f"{quoted(name)} looks for it",
                        "add a rule for it",
                    )  # fmt: skip


def _is_covered(path: str, rules: list[Any]) -> bool:
    return any(covers(rule, path) for rule in rules)
