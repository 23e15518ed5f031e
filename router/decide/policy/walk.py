"""Walk an event beside a policy: what is kept is shared, what is changed is new.

A policy is an automaton. Its `Node` knows, for each place of an event, what lies below a key (or
an index) and what becomes of a value there. Two nodes end the walk: KEEP, below which all stays,
and DROP.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_CHILDREN = 512
"""So many keys a node remembers; events may bring any number of others."""

GONE: Any = type("Gone", (), {"__slots__": (), "__repr__": lambda _: "GONE"})()
"""What becomes of a value that is dropped."""


class Changed(NamedTuple):
    """A value that a rule changed; in part when only what was detected in it was."""

    value: Any
    in_part: bool = False


Marks: TypeAlias = "dict[str | int, Any]"
"""A tree of what was transformed before: below each key a tree, or "whole" or "part"."""
WHOLE, PART = "whole", "part"


_SPECIAL = re.compile(r"([.\[\]\\~])")
_PART_OF_PATH = re.compile(r"\[(\d+)\]|\.?((?:[^.\[\\]|\\.)+)", re.DOTALL)
_NO_KEY = "\\ "
"""How the key "" is written; a space needs no backslash, so nothing else is."""
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def marks_of(transformed: tuple[str, ...]) -> Marks:
    """Return the tree of paths that a walk recorded."""
    tree: Marks = {}
    for path in transformed:
        keys = [
            int(index) if index else _read_key(key)
            for index, key in _PART_OF_PATH.findall(path.removeprefix("~"))
        ]
        below = tree
        for key in keys[:-1]:
            below = below.setdefault(key, {})
            if type(below) is not dict:
                break
        else:
            if keys:
                below[keys[-1]] = PART if path.startswith("~") else WHOLE
    return tree


def _read_key(written: str) -> str:
    return "" if written == _NO_KEY else _ESCAPED.sub(r"\1", written)


def spelled_key(key: str) -> str:
    """Write a key so that a path made of keys can be read back."""
    if key.isidentifier():
        return key
    return _SPECIAL.sub(r"\\\1", key) if key else _NO_KEY


class Node:
    """What a policy does at one place of an event."""

    __slots__ = ("__weakref__", "children", "leaf", "named", "partial", "prunes")

    def __init__(
        self,
        leaf: Callable[[Any], Any],
        child: Callable[[Any], Node] | None = None,
        *,
        partial: Callable[[Any], Any] | None = None,
        named: tuple[str, ...] | None = None,
        prunes: bool = False,
    ) -> None:
        self.leaf = leaf
        """Takes a value that is no container with something in it; returns it, GONE or Changed."""
        self.partial = partial or (lambda value: value)
        """The same for a value that was transformed in part before."""
        self.children = _Children(child or (lambda _: self))
        self.named = named
        """The only keys below which anything can change, when that is known."""
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


def _same(value: Any) -> Any:
    return value


KEEP = Node(_same)
DROP = Node(lambda _: GONE)


def walk(node: Node, value: Any, path: str, marks: Any, transformed: list[str]) -> Any:
    """Return what becomes of a value at `path`: the same object when nothing changes, or GONE.

    `marks` are those of what was transformed before; paths of what is transformed now, and of
    what was and stays, are added to `transformed`.
    """
    if node is DROP:
        return GONE
    kind = type(value)
    if value and kind is dict:
        prefix = path + "." if path else ""
        if type(marks) is dict:
            return _marked_map(node, value, prefix, marks, transformed)
        return _map(node, value, prefix, transformed)
    if value and kind is list:
        return _list(node, value, path, marks, transformed)
    return _leaf(node, value, path, marks, transformed)


def _map(node: Node, value: dict[str, Any], prefix: str, transformed: list[str]) -> Any:
    children = node.children
    out: dict[str, Any] | None = None
    for key in value if node.named is None else node.named:
        child = children[key]
        item = value.get(key, GONE)
        if child is KEEP or item is GONE:
            continue
        kind = type(item)
        if child is DROP:
            new = GONE
        elif kind is dict and item:
            new = _map(child, item, prefix + spelled_key(key) + ".", transformed)
        elif kind is list and item:
            new = _list(child, item, prefix + spelled_key(key), None, transformed)
        else:
            new = child.leaf(item)
        if new is item:
            continue
        if out is None:
            out = dict(value)
        if new is GONE:
            del out[key]
        elif type(new) is Changed:
            out[key] = _record(new, prefix + spelled_key(key), transformed)
        else:
            out[key] = new
    return value if out is None else out if out or not node.prunes else GONE


def _marked_map(
    node: Node, value: dict[str, Any], prefix: str, marks: Marks, transformed: list[str]
) -> Any:
    out: dict[str, Any] = {}
    changed = False
    for key, item in value.items():
        child = node.children[key]
        mark = marks.get(key)
        new = item
        if child is not KEEP:
            new = walk(child, item, prefix + spelled_key(key), mark, transformed)
        elif mark is not None:
            _carry(mark, prefix + spelled_key(key), transformed)
        changed = changed or new is not item
        if new is not GONE:
            out[key] = new
    return value if not changed else out if out or not node.prunes else GONE


def _list(node: Node, value: list[Any], path: str, marks: Any, transformed: list[str]) -> Any:
    marked = type(marks) is dict
    out: list[Any] = []
    changed = False
    for index, item in enumerate(value):
        child = node.children[index]
        mark = marks.get(index) if marked else None
        new = item
        if child is not KEEP:
            new = walk(child, item, f"{path}[{len(out)}]", mark, transformed)
        elif mark is not None:
            _carry(mark, f"{path}[{len(out)}]", transformed)
        changed = changed or new is not item
        if new is not GONE:
            out.append(new)
    return value if not changed else out if out or not node.prunes else GONE


def _leaf(node: Node, value: Any, path: str, mark: Any, transformed: list[str]) -> Any:
    if mark == WHOLE:
        if node.leaf(value) is GONE:
            return GONE
        new = value
    else:
        new = node.leaf(value) if mark is None else node.partial(value)
        if type(new) is Changed and not (mark and new.in_part):
            return _record(new, path, transformed)
    if mark is not None and new is not GONE:
        _carry(mark, path, transformed)
    return new.value if type(new) is Changed else new


def _record(changed: Changed, path: str, transformed: list[str]) -> Any:
    transformed.append("~" + path if changed.in_part else path)
    return changed.value


def _carry(mark: Any, path: str, transformed: list[str]) -> None:
    """Note again what was transformed before and is still there."""
    if type(mark) is dict:
        for key, below in mark.items():
            _carry(below, _joined(path, key), transformed)
    else:
        transformed.append("~" + path if mark == PART else path)


def _joined(path: str, key: str | int) -> str:
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{spelled_key(key)}" if path else spelled_key(key)
