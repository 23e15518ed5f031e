"""The functions of filters, as Segment documents them: strict about types, kind to null.

Where the documentation is silent: what cannot be converted is null; `bool` knows the words true
and false and takes what is null or empty for false; `string` writes a list as JSON.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from router.decide.filters.glob import compile_glob
from router.decide.filters.tokens import number_of
from router.decide.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Callable

_OTHER = re.compile("[^A-Za-z0-9]+")
_HUMP = re.compile("([a-z][0-9]*)([A-Z])")
_WORD = re.compile(r"\S+")
_VERSION = re.compile(r"(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?", re.ASCII)
_NUMBER = re.compile(
    r"[+-]?(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})(?:[eE][+-]?\d{1,3})?", re.ASCII
)


class Function(NamedTuple):
    """A function with the number of its operands."""

    call: Callable[..., Any]
    operands: int


def type_of(value: Any) -> str:
    """Name a value's type in the words of the filter language."""
    match value:
        case None:
            return "null"
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "list"
        case _:
            return "object"


def same(left: Any, right: Any) -> bool:
    """Compare strictly: values of different types are never equal."""
    if type_of(left) != type_of(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return bool(left == right)


def _contains(text: Any, part: Any) -> bool:
    return isinstance(text, str) and isinstance(part, str) and part in text


def _match(text: Any, pattern: Any) -> bool:
    if not isinstance(text, str) or not isinstance(pattern, str):
        return False
    try:
        return compile_glob(pattern)(text)
    except ValueError:
        return False


def _length(value: Any) -> int | None:
    if value is None:
        return 0
    if isinstance(value, str):
        return len(value.encode("utf-8", "surrogatepass"))
    return len(value) if isinstance(value, list) else None


def _on_text(change: Callable[[str], str]) -> Callable[[Any], str | None]:
    return lambda value: change(value) if isinstance(value, str) else None


def snakecase(text: str) -> str:
    """Write a name as warehouses do: `CStringRef` is `cstring_ref`, `2FA On` is `2fa_on`."""
    joined = _OTHER.sub("_", text).strip("_")
    return _HUMP.sub(r"\1_\2", joined).lower()


def _kebabcase(text: str) -> str:
    return snakecase(text).replace("_", "-")


def _titlecase(text: str) -> str:
    return _WORD.sub(lambda word: word[0][0].upper() + word[0][1:], text)


def _bool(value: Any) -> bool | None:
    match value:
        case str():
            return {"true": True, "false": False, "": False}.get(value.strip().lower())
        case None | bool() | int() | float() | list():
            return bool(value)
        case _:
            return None


def _string(value: Any) -> str | None:
    match value:
        case str():
            return value
        case bool() | int() | float() | list():
            return json_text(value)
        case _:
            return None


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        text = value.strip()
        return number_of(text) if _NUMBER.fullmatch(text) else None
    return value if type(value) in (int, float) else None


def _semver(left: Any, operator: Any, right: Any) -> bool:
    versions = _version(left), _version(right)
    if None in versions or operator not in ORDER:
        return False
    return bool(ORDER[operator](*versions))


def _version(value: Any) -> tuple[int, ...] | None:
    found = _VERSION.fullmatch(value) if isinstance(value, str) else None
    return tuple(int(part or 0) for part in found.groups()) if found else None


ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
}

FUNCTIONS = {
    "contains": Function(_contains, 2),
    "match": Function(_match, 2),
    "length": Function(_length, 1),
    "lowercase": Function(_on_text(str.lower), 1),
    "uppercase": Function(_on_text(str.upper), 1),
    "snakecase": Function(_on_text(snakecase), 1),
    "kebabcase": Function(_on_text(_kebabcase), 1),
    "titlecase": Function(_on_text(_titlecase), 1),
    "typeof": Function(type_of, 1),
    "bool": Function(_bool, 1),
    "string": Function(_string, 1),
    "number": Function(_number, 1),
    "semver": Function(_semver, 3),
}
