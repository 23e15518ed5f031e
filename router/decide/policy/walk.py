"""Walk an event beside a policy: what is kept is shared, what is changed is new.

A policy is an automaton. Its `Node` knows, for each place of an event, what lies below a key (or
an index) and what becomes of a value there. Two nodes end the walk: KEEP, below which all stays,
and DROP.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from router.decide.policy.hints import is_no_field
from router.decide.policy.places import WHOLE, carry, path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from router.decide.policy.places import Marks, Place

MOST_CHILDREN = 512
"""So many keys a node remembers; events may bring any number of others."""

GONE: Any = type("Gone", (), {"__slots__": (), "__repr__": lambda _: "GONE"})()
"""What becomes of a value that is dropped."""


@dataclass(slots=True)
class Changed:
    """A value that a rule changed; in part when only what was detected in it was."""

    value: Any
    in_part: bool = False


Into: TypeAlias = "Callable[[Node, dict[str, Any], Place, list[str]], Any]"
"""Walks a map at a place, and notes what it transforms."""


class Node:
    """What a policy does at one place of an event."""

    __slots__ = ("__weakref__", "children", "clean", "form", "into", "leaf", "named", "partial",
                 "prunes")  # fmt: skip

    def __init__(  # noqa: PLR0913 - all that a place can say
        self,
        leaf: Callable[[Any], Any],
        child: Callable[[Any], Node] | None = None,
        *,
        partial: Callable[[Any], Any] | None = None,
        named: tuple[str, ...] | None = None,
        only: bool = False,
        prunes: bool = False,
        form: Callable[[dict[str, Any]], Node] | None = None,
        clean: Collection[Any] = (),
    ) -> None:
        self.leaf = leaf
        """Takes a value that is no container with something in it; returns it, GONE or Changed."""
        self.clean = clean
        """Values, no containers, that the leaf is known to return as they are."""
        self.partial = partial or (lambda value: value)
        """The same for a value that was transformed before: in part, or, if it stays, in whole."""
        self.children = _Children(child or (lambda _: self))
        below = ((key, self.children[key]) for key in named or ())
        self.named = tuple(pair for pair in below if only or pair[1] is not KEEP)
        """The keys that matter, with what lies below them, when they are known."""
        self.form = form
        """Returns the node of a map that may be a form's field, for what it says of itself."""
        by_name = _only if only else _some
        self.into: Into = _every if named is None else by_name
        """Walks a map: beside the named keys all stays, or (`only`) all goes."""
        self.prunes = prunes
        """Tells that a container of which nothing is left goes too (an allow-list)."""


class _Children(dict[Any, Node]):
    """The nodes below a node, by key, made when first met."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[Any], Node]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, key: str | int) -> Node:
        node = self.make(key)
        if len(self) < MOST_CHILDREN:
            self[key] = node
        return node


def walk(node: Node, value: Any, place: Place, marks: Any, transformed: list[str]) -> Any:
    """Return what becomes of a value at a place: the same object when nothing changes, or GONE.

    `marks` are those of what was transformed before; paths of what is transformed now, and of
    what was and stays, are added to `transformed`.
    """
    if node is DROP:
        return GONE
    kind = type(value)
    if value and kind is dict:
        if type(marks) is dict:
            return _marked_map(node, value, place, marks, transformed)
        return node.into(node, value, place, transformed)
    if value and kind is list:
        return _list(node, value, place, marks, transformed)
    return _leaf(node, value, place, marks, transformed)


def _every(node: Node, value: dict[str, Any], place: Place, transformed: list[str]) -> Any:
    """Walk a map below all its keys, as it says of itself what its values are."""
    if node.form and not is_no_field(value):
        node = node.form(value)
    children = node.children
    out: dict[str, Any] | None = None
    for key, item in value.items():
        child = children[key]
        kind = type(item)
        if child is KEEP:
            continue
        if kind is dict and item and child is not DROP:  # as _below does, without its call
            new = child.into(child, item, (place, key), transformed)
        elif kind is dict or kind is list:
            new = _below(child, item, place, key, transformed)
        elif item in child.clean:
            continue
        else:
            new = child.leaf(item)
            if type(new) is Changed:
                new = _record(new, (place, key), transformed)
        if new is not item:
            out = _put(out, value, key, new)
    return value if out is None else out if out or not node.prunes else GONE


def _some(node: Node, value: dict[str, Any], place: Place, transformed: list[str]) -> Any:
    """Walk below the named keys; the others stay."""
    out: dict[str, Any] | None = None
    for key, child in node.named:
        item = value.get(key, GONE)
        if item is GONE:
            continue
        new = _below(child, item, place, key, transformed)
        if new is not item:
            out = _put(out, value, key, new)
    return value if out is None else out if out or not node.prunes else GONE


def _put(out: dict[str, Any] | None, value: dict[str, Any], key: str, new: Any) -> dict[str, Any]:
    """Note what became of one key, in a copy that is made at the first change."""
    out = dict(value) if out is None else out
    if new is GONE:
        del out[key]
    else:
        out[key] = new
    return out


def _only(node: Node, value: dict[str, Any], place: Place, transformed: list[str]) -> Any:
    """Walk below the named keys; the others go."""
    out: dict[str, Any] = {}
    changed = False
    for key, child in node.named:
        item = value.get(key, GONE)
        if item is GONE:
            continue
        new = item if child is KEEP else _below(child, item, place, key, transformed)
        changed = changed or new is not item
        if new is not GONE:
            out[key] = new
    if not changed and len(out) == len(value):
        return value
    return out if out or not node.prunes else GONE


def _below(child: Node, item: Any, place: Place, key: str, transformed: list[str]) -> Any:
    if child is DROP:
        return GONE
    if item:
        kind = type(item)
        if kind is dict:
            return child.into(child, item, (place, key), transformed)
        if kind is list:
            return _list(child, item, (place, key), None, transformed)
    new = child.leaf(item)
    return _record(new, (place, key), transformed) if type(new) is Changed else new


def _marked_map(
    node: Node, value: dict[str, Any], place: Place, marks: Marks, transformed: list[str]
) -> Any:
    out: dict[str, Any] = {}
    changed = False
    node = node.form(value) if node.form and not is_no_field(value) else node
    for key, item in value.items():
        child = node.children[key]
        mark = marks.get(key)
        new = item
        if child is not KEEP:
            new = walk(child, item, (place, key), mark, transformed)
        elif mark is not None:
            carry(mark, (place, key), transformed)
        changed = changed or new is not item
        if new is not GONE:
            out[key] = new
    return value if not changed else out if out or not node.prunes else GONE


def _list(node: Node, value: list[Any], place: Place, marks: Any, transformed: list[str]) -> Any:
    marked = type(marks) is dict
    out: list[Any] = []
    changed = False
    for index, item in enumerate(value):
        child = node.children[index]
        mark = marks.get(index) if marked else None
        new = item
        if child is not KEEP:
            new = walk(child, item, (place, len(out)), mark, transformed)
        elif mark is not None:
            carry(mark, (place, len(out)), transformed)
        changed = changed or new is not item
        if new is not GONE:
            out.append(new)
    return value if not changed else out if out or not node.prunes else GONE


def _leaf(node: Node, value: Any, place: Place, mark: Any, transformed: list[str]) -> Any:
    if mark == WHOLE:
        if node.partial(value) is GONE:
            return GONE
        new = value
    else:
        new = node.leaf(value) if mark is None else node.partial(value)
        if type(new) is Changed and not (mark and new.in_part):
            return _record(new, place, transformed)
    if mark is not None and new is not GONE:
        carry(mark, place, transformed)
    return new.value if type(new) is Changed else new


def _record(changed: Changed, place: Place, transformed: list[str]) -> Any:
    path = path_of(place)
    transformed.append("~" + path if changed.in_part else path)
    return changed.value


KEEP = Node(lambda value: value)
DROP = Node(lambda _: GONE)
