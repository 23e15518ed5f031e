r"""Glob patterns of the filter function `match`: `*`, `?`, `[a-z]`, `\x`; linear time.

Between two stars all has a fixed length, so the first place where it fits is as good as any:
no backtracking, whatever pattern and text are.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_ELEMENT = re.compile(
    r"(?P<star>\*+)|(?P<any>\?)|(?P<set>\[\^?+(?:(?:[^\]\\-]|\\.)(?:-(?:[^\]\\-]|\\.))?)++\])|\\(?P<escaped>.)|(?P<plain>[^\[\\])",
    re.DOTALL,
)
_MEMBER = re.compile(r"\\?(.)(?:-\\?(.))?", re.DOTALL)


@lru_cache(maxsize=512)
def compile_glob(pattern: str) -> Callable[[str], bool]:
    """Return what tells whether a whole text fits the pattern; raises ValueError."""
    pieces = [""]
    position = 0
    while position < len(pattern):
        found = _ELEMENT.match(pattern, position)
        if found is None:
            rest = pattern[position:]
            if "]" in rest[2:]:
                raise ValueError(f"a set that cannot be read, from `{rest}`; a minus is `\\-`")
            raise ValueError(f"a pattern that does not end, from `{rest}`")
        if found["star"]:
            pieces.append("")
        else:
            pieces[-1] += _translate(found)
        position = found.end()
    return _matcher([re.compile(piece, re.DOTALL) for piece in pieces])


def _matcher(pieces: list[re.Pattern[str]]) -> Callable[[str], bool]:
    first, *middle = pieces
    if not middle:
        return lambda text: first.fullmatch(text) is not None
    last = re.compile(f"(?:{middle.pop().pattern})\\Z", re.DOTALL)

    def matches(text: str) -> bool:
        found = first.match(text)
        for piece in middle:
            if found is None:
                return False
            found = piece.search(text, found.end())
        return found is not None and last.search(text, found.end()) is not None

    return matches


def _translate(found: re.Match[str]) -> str:
    if found["any"]:
        return "."
    if found["set"] is None:
        return re.escape(found["escaped"] or found["plain"])
    inside = found["set"][1:-1]
    negated = inside.startswith("^") and len(inside) > 1
    members = []
    for member in _MEMBER.finditer(inside[1:] if negated else inside):
        low, high = member.groups()
        if high and low > high:
            raise ValueError(f"a range that runs backwards, `{low}-{high}`")
        members.append(re.escape(low) + (f"-{re.escape(high)}" if high else ""))
    return f"[{'^' if negated else ''}{''.join(members)}]"
