"""The tables of `docs/filters.md`, made from the cases that the tests hold the router to."""

from __future__ import annotations

import json
from typing import Any

from router.decide.filters.expression import compile_filter
from tests.decide.filters.answers import ANSWERS, EVENT
from tests.decide.filters.departures import ACTIONS, MEASURED, NONE_KNOWN, Departure, recorded


def render_answers() -> str:
    """Return the event, and what expressions answer of it."""
    event = json.dumps(EVENT, ensure_ascii=False)
    rows = [(_code(text), str(answer).lower()) for text, answer in ANSWERS]
    return f"```json\n{event}\n```\n\n" + _table(("expression", "answer"), rows)


def render_departures() -> str:
    """Return where Segment's engine leaves its documentation: the corpus first, then the rest."""
    found = list(map(_departure, filter(_departs, recorded())))
    expressions = _table(
        ("expression", "of", "documented, and here", "tsub-js", "because"),
        [
            (_code(case.expression), _code(json.dumps(case.data, ensure_ascii=False)),
             str(case.documented).lower(), str(case.engine).lower(), case.why)
            for case in (*found, *MEASURED)
        ],
    )  # fmt: skip
    return expressions + "\n\n" + _table(("action", "documented, and here", "tsub-js"), ACTIONS)


def _departs(case: dict[str, Any]) -> bool:
    answer: bool = case["segment_result"]["matched"]
    return compile_filter(case["if"])(case["event"]) is not answer


def _departure(case: dict[str, Any]) -> Departure:
    result = case["segment_result"]
    why = "; ".join(result.get("tsub_js_limitations", [NONE_KNOWN]))
    return Departure(case["if"], case["event"], result["matched"], why)


def _table(head: tuple[str, ...], rows: Any) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |"
                     for line in lines)  # fmt: skip


def _code(text: str) -> str:
    return f"`{text}`"
