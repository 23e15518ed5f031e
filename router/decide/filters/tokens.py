r"""The words of a filter: a text becomes tokens, each with its column.

A path is `properties.plan`; a character in it that is no letter, digit, `_`, `-` or `$` stands
behind a backslash (`properties.total\ price`, and `\.` for a dot within a key). In a string a
backslash stands before a quote or another backslash; before anything else it is itself, so that
the `\*` of a pattern arrives.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from router.decide.filters.foreign import advice

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<string>'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+")
      | (?P<number>[+-]?[0-9]{1,300}(?:\.[0-9]{1,300})?(?:[eE][+-]?[0-9]{1,3})?(?![\w.\\$-]))
      | (?P<path>(?:[\w$-]|\\.)+(?:\.(?:[\w$-]|\\.)+)*)
      | (?P<sign>!=|>=|<=|[=<>!()\[\],])""",
    re.VERBOSE | re.DOTALL,
)
_FOREIGN_IN_KEY = re.compile(r"""[^\w$\-\s.\\=<>!,()\[\]'"&|]""")
_KEY_GOES_ON = re.compile(r"[\w$\-.]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_QUOTED = re.compile(r"""\\(['"\\])""")
_KEY = re.compile(r"((?:[^.\\]|\\.)+)(?:\.(?!\Z)|\Z)", re.DOTALL)


class FilterError(ValueError):
    """A filter that cannot be read; `column` counts from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(f"{message} (column {column})")
        self.message = message
        self.column = column


class Token(NamedTuple):
    """A word of a filter; its kind is a name in the grammar of tokens, or `end`."""

    kind: str
    text: str
    column: int


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a filter, the last of them its end; raises FilterError."""
    tokens = []
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise _unreadable(text, position)
        if found.lastgroup != "space":
            tokens.append(Token(str(found.lastgroup), found[0], position + 1))
        position = found.end()
    tokens.append(Token("end", "", len(text) + 1))
    return tokens


def _unreadable(text: str, position: int) -> FilterError:
    character = text[position]
    if character in "'\"":
        return FilterError("a string that does not end", position + 1)
    if character == "." and _FOREIGN_IN_KEY.match(text, position + 1):
        position += 1
        character = text[position]
    how = advice(character)
    if not how and character != "." and _KEY_GOES_ON.match(text, position - 1):
        how = f"; in a path write \\{character}"
    return FilterError(f"unexpected character {character!r}{how}", position + 1)


def constant(token: Token) -> str | int | float:
    """Return the value of a string or a number; raises FilterError for one out of range."""
    text = token.text
    if token.kind == "string":
        return _QUOTED.sub(r"\1", text[1:-1])
    number = number_of(text)
    if number is None:
        raise FilterError("a number beyond every JSON number", token.column)
    return number


def number_of(text: str) -> int | float | None:
    """Return the number that these digits write; None for one that no JSON number reaches."""
    if not set(text) & set(".eE"):
        return int(text)
    number = float(text)
    return number if math.isfinite(number) else None


def keys_of(path: str) -> tuple[str, ...]:
    """Return the keys of a path; raises FilterError for one with an empty key."""
    keys: list[str] = []
    position = 0
    while position < len(path):
        found = _KEY.match(path, position)
        if found is None:
            break
        keys.append(_ESCAPED.sub(r"\1", found[1]))
        position = found.end()
    if not keys or position < len(path):
        raise FilterError("a path with an empty key", position + 1)
    return tuple(keys)
