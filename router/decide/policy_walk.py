"""Walk an event beside a policy: what is kept is shared, what is changed is new.

A policy is an automaton. Its `Node` knows, for each place of an event, what lies below a key (or
an index) and what becomes of a value there. Two nodes end the walk: KEEP, below which all stays,
and DROP.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
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


_CONTAINERS = frozenset({dict, list})
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


@dataclass(slots=True)
class Walk:
    """One walk over one event; collects the paths of what was transformed."""

    transformed: list[str]

    def below(self, node: Node, value: Any, path: str, marks: Any) -> Any:
        """Return what becomes of a value at `path`; the same object when nothing changes."""
        kind = type(value)
        if value and kind is dict:
            return self._map(node, value, path + "." if path else "", marks)
        if value and kind is list:
            return self._list(node, value, path, marks)
        return self._leaf(node, value, path, marks)

    def _map(self, node: Node, value: dict[str, Any], prefix: str, marks: Any) -> Any:
        children = node.children
        marked = type(marks) is dict
        if node.named is None or marked:
            keys: Any = value
        else:
            keys = [key for key in node.named if key in value]
        out: dict[str, Any] | None = None
        for key in keys:
            child = children[key]
            item = value[key]
            mark = marks.get(key) if marked else None
            if child is KEEP:
                if mark is not None:
                    self._carry(mark, prefix + spelled_key(key))
                continue
            if child is DROP:
                new = GONE
            elif mark is None and not (item and type(item) in _CONTAINERS):
                new = child.leaf(item)
                if type(new) is Changed:
                    new = self._record(new, prefix + spelled_key(key))
            else:
                new = self.below(child, item, prefix + spelled_key(key), mark)
            if new is not item:
                if out is None:
                    out = dict(value)
                if new is GONE:
                    del out[key]
                else:
                    out[key] = new
        return value if out is None else out if out or not node.prunes else GONE

    def _list(self, node: Node, value: list[Any], path: str, marks: Any) -> Any:
        marked = type(marks) is dict
        out: list[Any] = []
        changed = False
        for index, item in enumerate(value):
            child = node.children[index]
            mark = marks.get(index) if marked else None
            if child is DROP:
                changed = True
                continue
            place = f"{path}[{len(out)}]"
            if child is KEEP:
                if mark is not None:
                    self._carry(mark, place)
                out.append(item)
                continue
            new = self.below(child, item, place, mark)
            changed = changed or new is not item
            if new is not GONE:
                out.append(new)
        return value if not changed else out if out or not node.prunes else GONE

    def _leaf(self, node: Node, value: Any, path: str, mark: Any) -> Any:
        if mark is None:
            new = node.leaf(value)
            return self._record(new, path) if type(new) is Changed else new
        if node is DROP:
            return GONE
        if mark == PART:
            new = node.partial(value)
            if type(new) is Changed and not new.in_part:
                return self._record(new, path)
            if new is not GONE:
                self._carry(mark, path)
            return new.value if type(new) is Changed else new
        if node.leaf(value) is GONE:
            return GONE
        self._carry(mark, path)
        return value

    def _record(self, changed: Changed, path: str) -> Any:
        self.transformed.append("~" + path if changed.in_part else path)
        return changed.value

    def _carry(self, mark: Any, path: str) -> None:
        if type(mark) is dict:
            for key, below in mark.items():
                self._carry(below, _joined(path, key))
        else:
            self.transformed.append("~" + path if mark == PART else path)


def _joined(path: str, key: str | int) -> str:
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{spelled_key(key)}" if path else spelled_key(key)
