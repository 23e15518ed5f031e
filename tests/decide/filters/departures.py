"""Where Segment's published engine (tsub-js 2.0.1) departs from Segment's documentation.

The corpus holds what that engine answered; the rest was measured in the same way. The router
answers as documented: tests hold it to this table, and `docs/filters.md` is made from it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).parents[2] / "corpora" / "fql_cases.jsonl"
NONE_KNOWN = "no reason is known"


@dataclass(frozen=True)
class Departure:
    """An expression, an event's data, and what that engine answers: a verdict, or in words."""

    expression: str
    data: dict[str, Any] = field(default_factory=dict)
    engine: bool | str = False
    why: str = NONE_KNOWN

    @property
    def documented(self) -> bool:
        """What the documentation says, of all cases that are listed here: the opposite."""
        return self.engine is not True


MEASURED = (
    Departure("'dark-mode' in properties.features", {"properties": {"features": ["dark-mode"]}},
              why="items of an event's list are looked up as paths"),
    Departure("properties.x != null", {"properties": {}}, engine=True,
              why="what is absent is undefined, and undefined is not null"),
    Departure("contains(lowercase(event), 'order')", {"event": "Order Completed"},
              why="calls within `contains` and `match` are not evaluated"),
    Departure("snakecase(event) = 'a_b'", {"event": "a b"}, why="not implemented"),
    Departure("kebabcase(event) = 'a-b'", {"event": "a b"}, why="not implemented"),
    Departure("titlecase(event) = 'A B'", {"event": "a b"}, why="not implemented"),
    Departure("bool(event)", {"event": "true"}, "an error", "not implemented"),
    Departure("string(properties.n) = '5'", {"properties": {"n": 5}}, why="not implemented"),
    Departure("number(properties.n) = 5", {"properties": {"n": "5"}}, why="not implemented"),
    Departure("typeof(properties.a) = 'null'", {"properties": {}},
              why="names of JavaScript: boolean, object, undefined"),
    Departure("length(properties.s) = 3", {"properties": {"s": "\u30a2"}},
              why="counts UTF-16 units, not bytes"),
)  # fmt: skip
ACTIONS = (
    ("`sample` with a path, at any percent", "a fixed share", "every event passes"),
    ("moving a value that is false, 0 or empty", "it is moved", "it is copied"),
    ("`hash_properties`", "the value is hashed", "nothing happens"),
    ("`to_string` of what is absent", "nothing", 'the text "undefined"'),
)
"""What the engine does with an event that matches: the action, as documented, as it does it."""


def recorded() -> list[dict[str, Any]]:
    """Return the cases of the corpus that are expressions alone."""
    cases = [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()]
    return [case for case in cases if "if" in case and "transformers" not in case]


def transformed() -> list[dict[str, Any]]:
    """Return the cases of the corpus in which something is done with the event."""
    cases = [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()]
    return [case for case in cases if "transformers" in case]
