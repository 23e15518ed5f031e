"""The texts of the published cases and events, one after the other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from tests.decide.detect.scores import leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPORA = Path(__file__).parents[2] / "corpora"


def of_cases() -> Iterator[str]:
    """Yield every case's text."""
    for line in (CORPORA / "pii_cases.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)["text"]


def of_events() -> Iterator[str]:
    """Yield every value of the events as a text."""
    for line in (CORPORA / "pii_events.jsonl").read_text("utf-8").splitlines():
        for _, value in leaves(json.loads(line)["event"]):
            yield str(value)
