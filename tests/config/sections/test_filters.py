"""Filters and transformations in the file: every slip with its place, every doubt as a finding."""

from __future__ import annotations

import pytest

from tests.config.lint.findings import FINE, found, told
from tests.config.pretend import one, parsed, said

SLIPS = [
    ("filters: [{if: all}]", ('5:15: "do" is missing here (it wants one of drop, sample, '
     "drop_properties, allow_properties)")),
    ("filters: [{do: drop}]", '5:15: "if" is missing here (it wants a filter (FQL))'),
    ("filters: [{if: all, do: dorp}]", '5:29: unknown word "dorp" (did you mean "drop"?)'),
    ("filters: [{if: all, do: drop, percent: 1}]",
     '5:15: "percent" says nothing to drop (for sample)'),
    ("filters: [{if: all, do: drop, fields: {a: [b]}}]",
     '5:15: "fields" says nothing to drop (for drop_properties, allow_properties)'),
    ("filters: [{if: all, do: sample}]",
     '5:15: "percent" is missing here (the share that passes, from 0 to 1)'),
    ("filters: [{if: all, do: sample, percent: 10}]",
     '5:46: "percent" must be at most 1 (0.1 is 10 percent)'),
    ("filters: [{if: all, do: sample, percent: 101}]", '5:46: "percent" must be at most 1'),
    ("filters: [{if: all, do: sample, percent: ten}]",
     "5:46: expected a number, found text"),
    ("filters: [{if: all, do: drop_properties}]",
     '5:15: "fields" is missing here ({properties: [key, ...]})'),
    ("filters: [{if: all, do: drop_properties, fields: {context: ip}}]",
     "5:64: expected a list, found text (write [ip])"),
    ("filters: [{if: all, do: drop_properties, fields: {a..b: [x]}}]",
     "5:57: a path with an empty key (keys between dots; a dot within a key is `\\.`)"),
    ("filters: [{if: all, do: drop_properties, fields: {integrations.Hook: [x]}}]",
     ('5:55: the "integrations" map never leaves, so there is nothing to trim '
     "(a privacy rule for integrations.NAME reaches the options of a destination)")),
    ("filters: [{if: \"event = 'x\", do: drop}]",
     "5:29: this filter cannot be read: a string that does not end"),
    ("filters: [{if: \"contans(event, 'x')\", do: drop}]",
     "5:21: this filter cannot be read: unknown function `contans`; did you mean `contains`?"),
    ("transform: [{}]",
     "5:17: a step that changes nothing (rename_event, rename, copy, set, hash, drop)"),
    ("transform: [{renam: {a: b}}]", '5:18: unknown word "renam" (did you mean "rename"?)'),
    ("transform: [{if: event =, drop: [traits.a]}]",
     "5:29: this filter cannot be read: expected a value or a path, found the end"),
    ("transform: [{rename: {userId: traits.id}}]", "5:27: `userId` is never transformed"),
    ("transform: [{rename: {traits.id: userId}}]", "5:38: `userId` is never transformed"),
    ("transform: [{set: {event: x}}]", "5:24: `event` is changed by `rename_event` alone"),
    ("transform: [{drop: [traits..a]}]", "5:32: a path with an empty key"),
    ("transform: [{set: {context.consent.x: true}}]", "5:24: consent is never transformed"),
    ("transform: [{set: {traits.a: 1}, drop: [traits.a.b]}]",
     "5:17: two changes of one step meet at `traits.a` and `traits.a.b` (make two steps of it)"),
    ("transform: [{hash: {paths: [traits.a], key: short}}]",
     "5:49: the key of a hash is shorter than 16 characters (`openssl rand -hex 32`)"),
    ("transform: [{hash: {paths: [traits.a], encoding: hxe}}]",
     '5:54: unknown word "hxe" (did you mean "hex"?)'),
    ("transform: [{hash: {paths: []}}]", '5:32: "paths" must not be empty'),
    ("transform: [{set: {traits.a: .nan}}]",
     "5:34: no event can hold this value (put it in quotes)"),
]  # fmt: skip


@pytest.mark.parametrize(("section", "expected"), SLIPS)
def test_a_slip_is_told_with_its_place(section: str, expected: str) -> None:
    """The line, the column and what could stand there instead."""
    assert [f"router.yaml:{expected}"] == said(one(section))


def test_of_a_source_too() -> None:
    """A source's transformation is read as a destination's is."""
    text = one() + "sources: {shop: {transform: [{if: a b, set: {type: page}}]}}\n"

    assert [
        "router.yaml:5:37: this filter cannot be read: expected `and`, `or` or the end, found `b`",
        "router.yaml:5:46: `type` is never transformed",
    ] == said(text)


DOUBTS = [
    ("events: type = 'trak'", ["filter_type_unknown", "filter_never"]),
    ("events: type = 'track' and type = 'page'", ["filter_never"]),
    ("events: event in []", ["filter_never"]),
    ("events: lowercase(event)", ["filter_never"]),
    ("events: event > 'a'", ["filter_never"]),
    ("events: type in ['track', 'page'] and !(event = 'x')", []),
    ("events: proprties.a = TRUE", ["filter_root_unknown", "filter_root_unknown"]),
    ("events: event = Signup", ["filter_root_unknown"]),
    ("filters: [{if: all, do: drop}]", ["filter_drops_all"]),
    ("filters: [{if: \"event = 'x' and event = 'y'\", do: drop}]", ["filter_never"]),
    ("filters: [{if: all, do: sample, percent: 0}]", ["filter_drops_all"]),
    ("filters: [{if: \"event = 'x'\", do: sample, percent: 0}]", []),
    ("filters: [{if: all, do: sample, percent: 1, path: usrId}]",
     ["filter_without_effect", "path_root_unknown"]),
    ("filters: [{if: all, do: drop_properties, fields: {'': [type, userId], trait: [a]}}]",
     ["filter_without_effect", "path_root_unknown"]),
    ("filters: [{if: all, do: allow_properties, fields: {'': [type, userId], traits: [a]}}]", []),
    ("transform: [{if: \"type = 'x'\", drop: [traits.a]}]",
     ["filter_type_unknown"]),
    ("transform: [{if: 'false', drop: [propertes.a]}]",
     ["filter_never", "path_root_unknown"]),
    ("transform: [{rename: {traits.a: trait.b}, set: {custom: 1}}]",
     ["path_root_unknown", "path_root_unknown"]),
    ("transform: [{rename_event: A}, {rename_event: B}]", ["transform_overlaps"]),
    (("transform: [{if: \"event = 'a'\", set: {traits.x: 1}}, "
     "{if: \"event = 'b'\", set: {traits.x: 2}}]"), []),
    (("transform: [{if: \"event = 'a'\", set: {traits.x: 1}}, "
     "{if: \"event in ['b', 'a']\", set: {traits.x: 2}}]"), ["transform_overlaps"]),
    ("transform: [{hash: {paths: [traits.x], key: 0123456789abcdefg}}]", ["secret_in_file"]),
]  # fmt: skip


@pytest.mark.parametrize(("section", "codes"), DOUBTS)
def test_doubts(section: str, codes: list[str]) -> None:
    """What can never act, acts on everything, or names nothing of an event is a finding."""
    assert sorted(codes) == sorted(code for _, code, _ in told(one(f"{FINE}\n{section}")))


def test_doubts_name_what_was_meant() -> None:
    """Each finding says the nearest right word, or that text stands in quotes."""
    text = one(
        FINE + "\nevents: type = 'trak' or propertys.a = 1 or event = Signup or userId = NULL"
    )

    assert [
        'did you mean "track"?',
        'did you mean "properties"?',
        "'Signup' in quotes is text",
        'did you mean "null"?',
    ] == [each.hint for each in found(text)]


def test_a_source_that_carries_values_past_a_rule() -> None:
    """A value that leaves the place where a rule would find it is told."""
    section = "consent: {not_required: x}\nprivacy: {rules: [{match: '**.email', do: drop}]}"
    kept = one(section) + "sources: {default: {transform: [{copy: {traits.email: context.email}}]}}"
    lost = one(section) + "sources: {default: {transform: [{copy: {traits.email: context.mail}}]}}"

    assert [] == told(kept)
    assert ["transform_past_rule"] == [code for _, code, _ in told(lost)]


def test_the_digest_knows_transformations() -> None:
    """Another step, or another key of one, is another configuration."""
    texts = [
        one("transform: [{drop: [traits.a]}]"),
        one("transform: [{hash: {paths: [traits.a], key: 0123456789abcdefg}}]"),
        one("transform: [{hash: {paths: [traits.a], key: 0123456789abcdefh}}]"),
        one("filters: [{if: all, do: drop}]"),
    ]

    assert 4 == len({parsed(text).digest for text in texts})
