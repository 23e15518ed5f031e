"""The captured events, and as many more like them as a fault test needs.

Multiplied events have new message ids and users of the test's own making. Each carries its
number within its user in `context.seq` (and `properties.seq` where it has properties), so that
the order in which they arrive can be judged.
"""

from __future__ import annotations

import copy
import json
import random
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

JSON: TypeAlias = dict[str, Any]

FILE = Path(__file__).resolve().parents[1] / "corpora" / "events.jsonl"
NEEDS_USER = frozenset({"identify", "alias", "group"})


@cache
def lines() -> tuple[bytes, ...]:
    """Return the captured events as they were on the wire, one JSON text each."""
    return tuple(line for line in FILE.read_bytes().splitlines() if line.strip())


def events() -> list[JSON]:
    """Return those that are JSON objects, decoded; NaN and lone surrogates included."""
    values = (_decoded(line) for line in lines())
    return [value for value in values if isinstance(value, dict)]


def encode(event: JSON) -> bytes:
    """Return an event as ASCII JSON, its NaN and lone surrogates as SDKs send them."""
    return json.dumps(event, separators=(",", ":")).encode()


def multiply(
    count: int,
    *,
    users: int,
    templates: Iterable[JSON] | None = None,
    anonymous: float = 0.2,
    seed: int = 1,
) -> Iterator[JSON]:
    """Yield `count` events of `users` users, by chance but the same for the same seed.

    `anonymous` is the share of users that have no userId in any of their events.
    """
    chance = random.Random(seed)
    chosen = list(templates if templates is not None else events())
    chance.shuffle(chosen)
    unnamed = [event for event in chosen if event.get("type") not in NEEDS_USER]
    named, nameless = cycle(chosen), cycle(unnamed or chosen)
    seqs = [0] * users
    for number in range(count):
        user = chance.randrange(users)
        without_id = user < users * anonymous
        template = next(nameless if without_id else named)
        yield _rewritten(template, f"m-{seed}-{number:06d}", user, seqs[user], named=not without_id)
        seqs[user] += 1


def batches(events_: Iterable[JSON], size: int) -> Iterator[list[JSON]]:
    """Cut a stream of events into lists, for pipelined pushing."""
    rest = iter(events_)
    while batch := list(islice(rest, size)):
        yield batch


def _rewritten(template: JSON, message_id: str, user: int, seq: int, *, named: bool) -> JSON:
    event = copy.deepcopy(template)
    event["messageId"] = message_id
    event["anonymousId"] = f"anon-{user:05d}"
    event.pop("userId", None)
    if named:
        event["userId"] = f"user-{user:05d}"
    if "previousId" in event:
        event["previousId"] = f"anon-{user:05d}"
    context = event.get("context")
    event["context"] = {**(context if isinstance(context, dict) else {}), "seq": seq}
    if isinstance(event.get("properties"), dict):
        event["properties"]["seq"] = seq
    return event


def _decoded(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None
