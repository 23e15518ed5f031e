"""Make the compression dictionary that ships with the store, from synthetic events.

Run `python tests/dictionary/make.py router/store/dictionary-1.zdict`. A dictionary holds values
whole, so every value here is made up; only the shapes are real. Entries name the dictionary that
packed them: once one is released, a better one gets the next number and the old one stays.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import TypeAlias

import orjson
import zstandard

from router.store.codec import ending
from tests.dictionary.events import Events

Buffer: TypeAlias = "bytes | bytearray | memoryview[int]"

SIZE = 64 * 1024
SAMPLES = 12_000
SEED = 20


def sample(events: Events) -> bytes:
    """Return an entry's text, as the codec packs it."""
    chance = events.values.chance
    event, received = events.event()
    transformed: list[str] = []
    if chance.random() < 0.15:
        event = events.tokenised(event)
        transformed = chance.choice([[], ["context.ip"], ["traits.email", "traits.name"]])
    source = chance.choice(["default", "web", "ios", "server", events.values.word()])
    envelope = [event["messageId"], event["type"], source, transformed, _signals(event), None]
    body = orjson.dumps(event).removesuffix(ending(received))
    return orjson.dumps(envelope) + b"\n" + body


def _signals(event: dict[str, object]) -> dict[str, object] | None:
    context = event["context"]
    consent = context.get("consent") if isinstance(context, dict) else None
    return {"categories": consent["categoryPreferences"]} if consent else None


def make() -> bytes:
    """Return the dictionary: the same bytes each time."""
    events = Events(random.Random(SEED))
    samples: list[Buffer] = [sample(events) for _ in range(SAMPLES)]
    trained = zstandard.train_dictionary(
        SIZE, samples, k=2000, d=8, f=20, accel=1, dict_id=1, level=1
    )
    return bytes(trained.as_bytes())


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(make())
