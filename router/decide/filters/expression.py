"""A destination's `events:` filter, compiled to one function of the event.

Semantics are those that Segment documents, not those of its published engine: an absent value is
null; types are strict (`'5' = 5` is false, `>` compares numbers only); `and`, `or` and `!` know
only true; no value of an event makes a filter fail. `all` lets everything pass.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeAlias

from router.decide.filters.foreign import advice
from router.decide.filters.functions import FUNCTIONS, ORDER, same
from router.decide.filters.glob import compile_glob
from router.decide.filters.syntax import (
    Call,
    Items,
    Literal,
    Path,
    Tree,
    parse_filter,
)
from router.decide.filters.tokens import FilterError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Data: TypeAlias = "Mapping[str, Any]"
Value: TypeAlias = "Callable[[Data], Any]"
Filter: TypeAlias = "Callable[[Data], bool]"

__all__ = ["Filter", "FilterError", "compile_filter"]


def compile_filter(text: str) -> Filter:
    """Return the function that tells whether an event's data passes; raises FilterError."""
    if text.strip() == "all":
        return lambda _: True
    value = _compile(parse_filter(text))
    return lambda data: value(data) is True


def _compile(tree: Tree) -> Value:
    match tree:
        case Literal(value=value):
            return lambda _: value
        case Path(keys=keys):
            return _path(keys)
        case Items(items=items):
            values = [_compile(item) for item in items]
            return lambda data: [value(data) for value in values]
        case Call(name=name, operands=operands):
            return _operator(name, operands) or _function(tree)


def _path(keys: tuple[str, ...]) -> Value:
    if len(keys) == 1:
        only = keys[0]
        return lambda data: data.get(only)

    def follow(data: Data) -> Any:
        value: Any = data
        for key in keys:
            if type(value) is not dict:
                return None
            value = value.get(key)
        return value

    return follow


def _operator(name: str, operands: tuple[Tree, ...]) -> Value | None:
    if name in ("and", "or"):
        return _junction(name, [_compile(operand) for operand in operands])
    if name == "!":
        value = _compile(operands[0])
        return lambda data: value(data) is not True
    if name in ("=", "!="):
        return _equality(operands[0], operands[1], wanted=name == "=")
    if name == "in":
        needle, stack = map(_compile, operands)
        return lambda data: _within(needle(data), stack(data))
    if name in ORDER:
        return _order(name, *map(_compile, operands))
    return None


def _junction(name: str, parts: list[Value]) -> Value:
    if len(parts) == 2:
        first, second = parts
        if name == "and":
            return lambda data: first(data) is True and second(data) is True
        return lambda data: first(data) is True or second(data) is True
    if name == "and":
        return lambda data: all(part(data) is True for part in parts)
    return lambda data: any(part(data) is True for part in parts)


def _equality(left: Tree, right: Tree, *, wanted: bool) -> Value:
    first, second = _compile(left), _compile(right)
    if isinstance(right, Literal) and isinstance(right.value, str):
        text = right.value
        return lambda data: (first(data) == text) is wanted
    return lambda data: same(first(data), second(data)) is wanted


def _order(name: str, left: Value, right: Value) -> Value:
    compare = ORDER[name]

    def ordered(data: Data) -> bool:
        first, second = left(data), right(data)
        numbers = (int, float)
        return type(first) in numbers and type(second) in numbers and compare(first, second)

    return ordered


def _within(value: Any, items: Any) -> bool:
    return isinstance(items, list) and any(same(value, item) for item in items)


def _function(call: Call) -> Value:
    function = FUNCTIONS.get(call.name)
    if function is None:
        near = get_close_matches(call.name.casefold(), FUNCTIONS, 1)
        known = f"; known: {', '.join(FUNCTIONS)}"
        how = f"; did you mean `{near[0]}`?" if near else advice(call.name) or known
        raise FilterError(f"unknown function `{call.name}`{how}", call.column)
    if len(call.operands) != function.operands:
        raise FilterError(
            f"`{call.name}` takes {function.operands} operand(s), not {len(call.operands)}",
            call.column,
        )
    _check_constants(call)
    perform = function.call
    values = [_compile(operand) for operand in call.operands]
    if len(values) == 1:
        only = values[0]
        return lambda data: perform(only(data))
    return lambda data: perform(*[value(data) for value in values])


def _check_constants(call: Call) -> None:
    """Refuse what could never work: a broken pattern, an unknown comparison of versions."""
    second = call.operands[1] if len(call.operands) > 1 else None
    if not isinstance(second, Literal):
        return
    if call.name == "match" and isinstance(second.value, str):
        try:
            compile_glob(second.value)
        except ValueError as error:
            raise FilterError(str(error), second.column) from None
    if call.name == "semver" and second.value not in ORDER:
        raise FilterError(
            f"the second operand of `semver` is a comparison: {', '.join(ORDER)}", second.column
        )
