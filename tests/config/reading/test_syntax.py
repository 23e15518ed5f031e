"""YAML as it is really written: repeated words, anchors, odd scalars, and what is no YAML."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from router.config import ConfigError
from router.config.reading.syntax import read
from tests.config.pretend import EXAMPLE, one, parsed, said

if TYPE_CHECKING:
    from router.config import Problem

KEYS = some.sampled_from(
    ["destinations", "hook", "type", "settings", "consent", "privacy", "rules", "match", "do",
     "delivery", "retry", "for", "redis", "sources", "events", "pii", "trusted", "worker", "<<"]
)  # fmt: skip
SCALARS = some.one_of(
    some.text(max_size=8), some.integers(), some.floats(), some.booleans(), some.none(),
    some.sampled_from(["webhook", "24h", "${A}", "${A:-b}", "*a", "&a x", "track", "embedded"]),
)  # fmt: skip
TREES = some.recursive(
    SCALARS,
    lambda inner: some.one_of(
        some.lists(inner, max_size=3), some.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)


def judged(text: str) -> list[Problem]:
    """Return what is wrong with a text; raises whatever is no `ConfigError`."""
    try:
        parsed(text)
    except ConfigError as error:
        return error.problems
    return []


@settings(deadline=None)  # a machine may be busy; that no text takes long is not the point here
@given(some.text())
@example("a: !!python/object/apply:os.system [ls]")
@example('a: "\\U00110000"')
@example('a: "\\ud800"')
@example("a: 0x_")
@example("- &a [*a]")
@example("a: &a {b: *a}")
@example("<<: {a: 1}")
@example("? [a]\n: b")
@example("%YAML 9.9\n---\na: 1")
@example("[" * 2000)
@example("a: 190:20:30:99999999999999999999")
@example("{'\x00': 1}")
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever a file holds, it is read or refused with a line."""
    problems = judged(text)

    assert all(each.line >= 1 and each.column >= 1 and str(each) for each in problems)


@settings(deadline=None)  # as above
@given(TREES)
def test_no_tree_breaks_the_models(tree: object) -> None:
    """Right words in wrong places, with wrong values, are refused and never crash."""
    text = json.dumps({"destinations": {"hook": tree}, "sources": tree, "queue": tree})

    assert all(map(str, judged(text)))


@settings(deadline=None)  # as above
@given(some.data())
def test_no_cut_or_changed_example_breaks_the_reader(data: some.DataObject) -> None:
    """A file that was cut off, or in which one character is wrong, is told and never crashes."""
    place = data.draw(some.integers(0, len(EXAMPLE) - 1))
    put = data.draw(some.sampled_from(["", ":", "{", "]", '"', "\t", "- ", "\n", "é", "&x ", "!"]))

    for text in (EXAMPLE[:place], EXAMPLE[:place] + put + EXAMPLE[place + 1 :]):
        assert all(map(str, judged(text)))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", '1:1: the file is empty (it needs at least "destinations:")'),
        ("# nothing yet\n", '1:1: the file is empty (it needs at least "destinations:")'),
        ("- a\n", "1:1: the file must be a section of `word: value` lines"),
        ("a: 1\n\tb: 2\n", "2:1: a tab indents this line (YAML wants spaces)"),
        ("a: b: c\n",
         ("1:5: this is not YAML: mapping values are not allowed here "
          "(a text with a colon needs quotes; else look at the indentation)")),
        ("a: {b: ${C}}\n",
         ("1:9: this is not YAML: expected ',' or '}', but got '{' "
          '(inside { } and [ ], write "${NAME}" with the quotes)')),
        ("a: [1\n", "2:1: this is not YAML: expected ',' or ']', but got '<stream end>'"),
        ("a: \x07\n", "1:1: this is not YAML: a character that cannot be in a text"),
        ("a: *b\n", "1:4: this is not YAML: found undefined alias 'b'"),
        ("a: 1\n---\nb: 2\n", "2:1: this is not YAML: but found another document"),
    ],
)  # fmt: skip
def test_what_is_no_yaml_is_told_with_its_line(text: str, told: str) -> None:
    """A syntax error gives a line, a sentence, and where one is known a remedy."""
    assert [f"router.yaml:{told}"] == said(text)


def test_a_word_may_stand_once() -> None:
    """The second of two equal words would silently win; it is refused instead."""
    assert ['router.yaml:6:5: "type" stands here twice (also in line 3)'] == said(
        one("events: all\ntype: webhook")
    )


def test_values_may_be_shared() -> None:
    """Anchors, aliases and `<<` work; a section's own words win."""
    config = parsed(
        "destinations:\n"
        "  a: &a {type: webhook, settings: {url: 'https://a.test'}, delivery: {concurrency: 2}}\n"
        "  b: {<<: *a, delivery: {concurrency: 3}}\n"
        "  c: {<<: [*a, {events: all}]}\n"
    )

    assert [2, 3, 2] == [each.delivery.concurrency for each in config.destinations.values()]
    assert "all" == config.destinations["c"].events


def test_a_slip_in_a_shared_section_is_told_once_where_it_stands() -> None:
    """What `<<` brings in is told at the line on which somebody wrote it."""
    assert ['router.yaml:2:71: unknown word "rat" (did you mean "rate"?)'] == said(
        "destinations:\n"
        "  a: {type: webhook, settings: {url: 'https://a.test'}, delivery: &d {rat: 1/s}}\n"
        "  b: {type: webhook, settings: {url: 'https://a.test'}, delivery: {<<: *d}}\n"
    )


def test_aliases_cannot_make_a_small_file_huge() -> None:
    """Nine lines of aliases are refused before they become a billion values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]

    assert ["router.yaml:1:1: the file has more than 100,000 values"] == said("\n".join(lines))


def test_words_that_yaml_would_turn_into_something_else_stay_words() -> None:
    """A destination may be called `on`, `1` or `2024-01-01`: names are texts."""
    hook = "{type: webhook, settings: {url: 'https://a.test'}}"

    config = parsed(f"destinations:\n  on: {hook}\n  1: {hook}\n  2024-01-01: {hook}\n")

    assert ["on", "1", "2024-01-01"] == list(config.destinations)


def test_tags_of_other_languages_are_refused() -> None:
    """A file cannot make objects."""
    told = 'the tag "tag:yaml.org,2002:python/name:os.system" cannot stand in a configuration'

    assert [f"router.yaml:5:13: {told}"] == said(one("events: !!python/name:os.system ''"))


def test_a_document_knows_where_everything_stands() -> None:
    """Keys, values and items have their lines; what is not there has that of what is around it."""
    document = read("a:\n  b: [1, 'two']\n", "f.yaml", {})

    assert (2, 3) == (document.spot(("a", "b"), key=True).line, document.spot(("a", "b"),
                      key=True).column)  # fmt: skip
    assert (2, 10) == (document.spot(("a", "b", 1)).line, document.spot(("a", "b", 1)).column)
    assert document.spot(("a", "b", 7)) == document.spot(("a", "b"))
    assert "two" == document.at(("a", "b", 1))
