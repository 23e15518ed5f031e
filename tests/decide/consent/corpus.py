"""Other systems' own cases of consent, and what they come to here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.decide.making import Needs, To, event

if TYPE_CHECKING:
    from router.events.event import Event

CORPUS = Path(__file__).parents[2] / "corpora" / "consent_cases.jsonl"


def corpus(system: str) -> list[dict[str, Any]]:
    """Return the cases of a system."""
    cases = [json.loads(line) for line in CORPUS.read_text().splitlines()]
    return [case for case in cases if case["system"] == system]


def segments(case: dict[str, Any]) -> tuple[dict[str, Any], Event]:
    """Return the destinations that a case of Segment's speaks of, and its event."""
    needs: dict[str, list[str]] = {name: [] for name in case["expect"]}
    for category, names in case["category_map"].items():
        for name in names:
            needs.setdefault(name, []).append(category)
    context = {} if case["consent"] is None else {"consent": case["consent"]}
    fields = {} if case["integrations"] is None else {"integrations": case["integrations"]}
    sections: dict[str, Any] = {
        name: To(consent=Needs(tuple(need)) if need else None) for name, need in needs.items()
    }
    return sections, event(context=context, **fields)
