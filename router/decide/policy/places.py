"""Places in an event: written as paths, and read back as a tree of what was changed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Place: TypeAlias = "str | tuple[Any, str | int]"
"""Where a value is: a path, or the place above it and its key there. Few are ever spelled."""
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


def _written_key(key: str) -> str:
    """Write a key so that a path made of keys can be read back."""
    if key.isidentifier():
        return key
    return _SPECIAL.sub(r"\\\1", key) if key else _NO_KEY


@lru_cache(maxsize=4096)
def path_of(place: Place, shown: Callable[[str], str] | None = None) -> str:
    """Return the path of a place; `shown` returns what stands for a key, if not itself."""
    steps: list[str | int] = []
    while not isinstance(place, str):
        place, step = place
        steps.append(step)
    path: str = place
    for step in reversed(steps):
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            key = step if shown is None else shown(step)
            key = key if key.isidentifier() else _written_key(key)
            path = f"{path}.{key}" if path else key
    return path


def carry(mark: Any, place: Place, transformed: list[str]) -> None:
    """Note again what was transformed before and is still there."""
    if type(mark) is dict:
        for key, below in mark.items():
            carry(below, (place, key), transformed)
    else:
        path = path_of(place)
        transformed.append("~" + path if mark == PART else path)
