"""`${NAME}`: what it takes from the environment, and what it says when it cannot."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as some

from router.config.reading.environment import Missing, fill
from tests.config.pretend import HookSettings, one, parsed, said

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "environ", "filled"),
    [
        ("${A}", {"A": "x"}, "x"),
        ("a-${A}-${B}", {"A": "x", "B": "y"}, "a-x-y"),
        ("${A:-d}", {}, "d"),
        ("${A:-d}", {"A": ""}, "d"),
        ("${A:-d}", {"A": "x"}, "x"),
        ("${A:-}", {}, ""),
        ("${A:-http://x:1/}", {}, "http://x:1/"),
        ("$${A}", {"A": "x"}, "${A}"),
        ("$A {A} $", {"A": "x"}, "$A {A} $"),
        ("${A}", {"A": "${B}", "B": "x"}, "${B}"),
    ],
)
def test_filling(text: str, environ: dict[str, str], filled: str) -> None:
    """Names in braces are filled in once; a default stands in; `$${` is for the letters."""
    assert filled == fill(text, environ)[0]


@pytest.mark.parametrize(
    ("text", "environ", "message", "hint"),
    [
        ("${A}", {}, 'the environment variable "A" is not set', "set it, or write ${A:-default}"),
        ("${TOKN}", {"TOKEN": "x"}, 'the environment variable "TOKN" is not set',
         'did you mean "TOKEN"?'),
        ("${A}", {"A": ""}, 'the environment variable "A" is empty', "${A:-} would allow it"),
        ("${a-b}", {}, "`${` begins a name from the environment, but none follows",
         "write ${NAME}, or $${ for the two characters themselves"),
        ("${A", {"A": "x"}, "`${` begins a name from the environment, but none follows",
         "write ${NAME}, or $${ for the two characters themselves"),
    ],
)  # fmt: skip
def test_what_cannot_be_filled(text: str, environ: dict[str, str], message: str, hint: str) -> None:
    """A missing or empty variable is never an empty text by accident."""
    with pytest.raises(Missing) as caught:
        fill(f"x {text}", environ)

    assert (message, hint, 2) == (caught.value.message, caught.value.hint, caught.value.offset)


@given(some.text(), some.dictionaries(some.text(), some.text()))
def test_any_text_is_filled_or_refused(text: str, environ: dict[str, str]) -> None:
    """Filling raises nothing but `Missing`."""
    with suppress(Missing):
        assert isinstance(fill(text, environ)[0], str)


def test_a_file_may_hold_the_value(tmp_path: Path) -> None:
    """NAME_FILE names a file whose text counts, without its last line break."""
    (tmp_path / "secret").write_text("s3cret\n")

    assert ("s3cret", True) == fill("${KEY}", {"KEY_FILE": str(tmp_path / "secret")})


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A NAME_FILE that cannot be read is a problem, not an empty secret."""
    with pytest.raises(Missing, match='the file that "KEY_FILE" names cannot be read'):
        fill("${KEY}", {"KEY_FILE": str(tmp_path / "none")})


def test_numbers_may_come_from_the_environment() -> None:
    """A value of any type may be filled in, since all of the environment is text."""
    config = parsed("shards: ${SHARDS}\n" + one(), {"SHARDS": "4"})

    assert 4 == config.shards


def test_every_missing_variable_is_told_and_nothing_else_of_its_value() -> None:
    """What a missing variable would have been is not judged as well."""
    problems = said(one(settings='{url: "${A}", tries: "${B}"}'), {})

    told = "the environment variable"
    assert [f'router.yaml:4:22: {told} "A"', f'router.yaml:4:37: {told} "B"'] == [
        each.partition(" is")[0] for each in problems
    ]


def test_a_value_from_the_environment_is_not_yaml() -> None:
    """A variable cannot bring in sections, lists or further variables."""
    settings = parsed(one(settings='{url: "${A}"}'), {"A": "[x, ${B}]"}).destinations["hook"]

    assert isinstance(settings.settings, HookSettings)
    assert "[x, ${B}]" == settings.settings.url
