"""Detection takes time in proportion to the text: patterns reach so far and no further."""

from __future__ import annotations

import importlib
import pkgutil
import re
from typing import TYPE_CHECKING, Any

import pytest

import router.decide.detect
from router.decide.detect.finder import KINDS, compile_finder
from router.decide.detect.manner import Manner
from router.decide.policy import enclosed

if TYPE_CHECKING:
    from collections.abc import Iterator

parser = importlib.import_module("re._parser")
"""The only door to what a pattern is made of."""

LONGEST_REACH = 2_500
"""Characters that one try of a pattern may look at; each place of a text is tried once."""


def modules() -> Iterator[Any]:
    """Yield the modules that search texts."""
    for found in pkgutil.iter_modules(router.decide.detect.__path__):
        yield importlib.import_module(f"router.decide.detect.{found.name}")
    yield enclosed


def patterns_in(value: Any) -> Iterator[re.Pattern[str]]:
    """Yield the patterns that a module's constant holds."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from patterns_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from patterns_in(item)


PATTERNS = [
    pytest.param(pattern, id=f"{module.__name__.rpartition('.')[2]}.{name}-{place}")
    for module in modules()
    for name, value in vars(module).items()
    for place, pattern in enumerate(patterns_in(value))
]


def endless(parsed: Any) -> Iterator[str]:
    """Yield the repeats of a pattern that may give back what they took, without an end."""
    for operation, argument in parsed:
        if operation in (parser.MAX_REPEAT, parser.MIN_REPEAT) and (
            argument[1] is parser.MAXREPEAT or argument[1] > LONGEST_REACH
        ):
            yield str(argument)
        for part in argument if isinstance(argument, list | tuple) else [argument]:
            for below in part if isinstance(part, list) else [part]:
                if isinstance(below, parser.SubPattern):
                    yield from endless(below)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_reach(pattern: re.Pattern[str]) -> None:
    """No pattern repeats without end, but where it keeps what it took (`++`)."""
    assert [] == list(endless(parser.parse(pattern.pattern, pattern.flags)))


@pytest.mark.parametrize(
    "pattern", [".*", "(?:a|b+)c", r"(?P<x>a{2,})b", "x(?=a*b)", "(?:a|(?:b*c))"]
)
def test_endless_patterns_are_seen(pattern: str) -> None:
    """The proof itself finds what it is to find."""
    assert list(endless(parser.parse(pattern)))


@pytest.mark.parametrize("text", ["x" * 70_000, "%2" + "5" * 70_000, "1 " * 40_000])
def test_what_is_too_long_is_personal(text: str) -> None:
    """A text that is longer than is searched counts as personal data as a whole."""
    find = compile_finder(frozenset(KINDS)).find

    assert [(0, len(text))] == [(span.start, span.end) for span in find(text)]


HOSTILE = [
    *(",,,@a.bc", "x@a.bc,", "a@", "%40", "%2540a.", "1 ", "+1", "+491511234567 ", "1.", ":", "::"),
    *("AA11", "GB11 A ", "(2", "4111 ", "%25", "0 0.", "a", "00491", "&#64;", "tok_", "a.", "-1"),
    *("call 0151 ", "QUJD", "eyJhbGciOiJ", "a (at) b ", "\\u0040", "%E2%80%8B", "\uff11", "DE89 "),
    *("AB123456", "?a=b", '{"a":', "0x1234567890abcdef ", "maya@example.com ", "1111-"),
]


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("manner", [Manner(), Manner(prose=True)])
def test_hostile_texts_are_searched_to_their_end(unit: str, manner: Manner) -> None:
    """Whatever is repeated in 32 KB, the search ends, and what follows it is still found."""
    text = unit * (32_000 // len(unit)) + " , maya@example.org"
    spans = compile_finder(frozenset({"email", "phone", "card"}), manner).find(text)

    assert any(span.plain.endswith("maya@example.org") or span.end == len(text) for span in spans)
