"""What can be told of an expression without any event: that it never matches, or always does.

Only what is certain is told. A conjunct is a part that must be true for the whole to be.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from router.decide.filters.functions import FUNCTIONS, ORDER, same, type_of
from router.decide.filters.syntax import Call, Items, Literal, Path, parse_filter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.decide.filters.syntax import Tree

_TRUTHS = frozenset({"contains", "match", "semver", "bool"})
"""Functions that may answer true."""


def tree_of(text: str) -> Tree:
    """Return the tree of an expression, `all` included; raises FilterError."""
    return Literal(True, 1) if text.strip() == "all" else parse_filter(text)  # noqa: FBT003 - a value


def always(tree: Tree) -> bool:
    """Tell whether an expression certainly matches every event."""
    match tree:
        case Literal(value=value):
            return value is True
        case Call(name="!", operands=(inner,)):
            return never(inner)
        case Call(name="and", operands=parts):
            return all(map(always, parts))
        case Call(name="or", operands=parts):
            return any(map(always, parts))
        case Call(name="=" | "!=" as name, operands=(Literal(value=left), Literal(value=right))):
            return same(left, right) is (name == "=")
        case _:
            return False


def never(tree: Tree) -> bool:  # noqa: PLR0911 - one line for each kind of tree
    """Tell whether an expression certainly matches no event."""
    match tree:
        case Literal(value=value):
            return value is not True
        case Items():
            return True
        case Call(name="!", operands=(inner,)):
            return always(inner)
        case Call(name="or", operands=parts):
            return all(map(never, parts))
        case Call(name="and"):
            conjuncts = list(conjuncts_of(tree))
            return any(map(never, conjuncts)) or any(
                _exclude(one, other) for one, other in combinations(conjuncts, 2)
            )
        case Call(name="=" | "!=" as name, operands=(Literal(value=left), Literal(value=right))):
            return same(left, right) is (name != "=")
        case Call(name="in", operands=(_, Items(items=items))):
            return not items
        case Call(name=name, operands=operands) if name in FUNCTIONS or name in ORDER:
            return _is_never_true(name, operands)
        case _:
            return False


def exclusive(one: Tree, other: Tree) -> bool:
    """Tell whether certainly no event matches both."""
    return never(Call("and", (one, other), 1))


def conjuncts_of(tree: Tree) -> Iterator[Tree]:
    """Yield the parts of an expression that must all be true."""
    if isinstance(tree, Call) and tree.name == "and":
        for part in tree.operands:
            yield from conjuncts_of(part)
    else:
        yield tree


def parts_of(tree: Tree) -> Iterator[Tree]:
    """Yield an expression and all that is in it."""
    yield tree
    inner = tree.operands if isinstance(tree, Call) else ()
    for part in tree.items if isinstance(tree, Items) else inner:
        yield from parts_of(part)


def _is_never_true(name: str, operands: tuple[Tree, ...]) -> bool:
    literals = [each.value for each in operands if isinstance(each, Literal)]
    if name in ("<", "<=", ">", ">="):
        return any(type_of(value) != "number" for value in literals)
    if name in ("contains", "match"):
        return any(not isinstance(value, str) for value in literals)
    return name in FUNCTIONS and name not in _TRUTHS


def _exclude(one: Tree, other: Tree) -> bool:
    """Tell whether two conjuncts want different values at the same path."""
    wanted, also = _wanted(one), _wanted(other)
    if wanted is None or also is None or wanted[0] != also[0]:
        return False
    return not any(same(value, each) for value in wanted[1] for each in also[1])


def _wanted(tree: Tree) -> tuple[tuple[str, ...], list[Any]] | None:
    """Return a path and the only values there with which a conjunct can be true."""
    match tree:
        case Path(keys=keys):
            return keys, [True]
        case Call(name="=", operands=(Path(keys=keys), Literal(value=value))):
            return keys, [value]
        case Call(name="=", operands=(Literal(value=value), Path(keys=keys))):
            return keys, [value]
        case Call(name="in", operands=(Path(keys=keys), Items(items=items))):
            values = [each.value for each in items if isinstance(each, Literal)]
            return (keys, values) if len(values) == len(items) else None
        case _:
            return None
