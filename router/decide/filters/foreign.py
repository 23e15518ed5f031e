"""Words and signs of other languages, with what is written here in their place."""

from __future__ import annotations

_MATCH = "`match( text, pattern )`"
_STARTS, _ENDS = "`match( text, 'x*' )`", "`match( text, '*x' )`"
_CONTAINS = "`contains( text, part )`"
_LIST = "`[` and `]` around a list"

_FOREIGN = dict.fromkeys("\u2018\u2019\u201c\u201d`", "a straight `'`") | {
    "&": "`and`", "and": "`and`", "|": "`or`", "or": "`or`", "in": "`in`",
    "not": "`!`", "not in": "`!( value in list )`",
    "is": "`=`", "is not": "`!=`", "==": "`=` once", ":": "`=`", "eq": "`=`", "equals": "`=`",
    "<>": "`!=`", "!==": "`!=`", "=!": "`!=`", "ne": "`!=`",
    "=>": "`>=`", "=<": "`<=`", "between": "`>=` and `<=`",
    "like": _MATCH, "matches": _MATCH, "regex": _MATCH, "~": _MATCH,
    "contains": _CONTAINS, "includes": f"{_CONTAINS} or `value in list`",
    "startswith": _STARTS, "starts_with": _STARTS, "endswith": _ENDS, "ends_with": _ENDS,
    "exists": "`path != null`", "isnull": "`path = null`", "is_null": "`path = null`",
    "size": "`length( value )`",
    "[": "`path.key`; no path leads into a list", "{": _LIST, "),": _LIST,
}  # fmt: skip


def advice(*written: str) -> str:
    """Return what is meant by the first of these words that another language knows, or ""."""
    for word in written:
        meant = _FOREIGN.get(word.casefold())
        if meant and meant != f"`{word}`":
            return f"; write {meant}"
    return ""
