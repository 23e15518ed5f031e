"""Everything that real SDKs were seen to send is an event."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson

from router.events.event import Arrival
from router.events.parse import parse
from router.events.timestamps import milliseconds
from tests.support import corpus

CAPTURES = Path(__file__).parents[1] / "corpora" / "captures.jsonl"


def items_of(body: str) -> list[bytes]:
    """Cut a captured request's body into events, each as its own text (NaN stays NaN)."""
    value: Any = json.loads(body)
    merged = {key: value[key] for key in ("context", "integrations", "sentAt") if key in value}
    events = [merged | item for item in value["batch"]] if "batch" in value else [value]
    return [json.dumps(item).encode() for item in events]


def test_events_of_six_sdks() -> None:
    """Each captured event is read; only those with half an emoji had to be mended."""
    parsed = [parse(Arrival(line, f"events:{n}-0", None, n), {}, n)
              for n, line in enumerate(corpus.lines(), 1_795_338_740_000)]  # fmt: skip

    assert 7 == sum("repaired_json" in event.notes for event in parsed)
    assert all(orjson.dumps(event.data) for event in parsed)
    assert all("writeKey" not in event.data and "_metadata" not in event.data for event in parsed)


def test_captured_requests() -> None:
    """Items of captured requests are read, NaN included; none happened after it was received."""
    captured = [json.loads(line) for line in CAPTURES.read_text().splitlines()]
    mended = 0
    for capture in captured:
        received = milliseconds(capture["received_at"], [])
        assert received is not None
        for raw in items_of(capture["body_text"]):
            event = parse(Arrival(raw, "events:1-0", None, received), {}, received)
            happened = milliseconds(event.data["timestamp"], [])
            mended += "repaired_json" in event.notes
            assert happened is not None
            assert happened <= received

    assert 1 == mended
