"""What detection costs: CPU time of a policy per event, and of hostile texts.

`python -m tests.decide.detect.costs` (`make scores`) prints both. Events are labelled ones, each
seen once by a policy that has met their keys, but no text; times are of this thread's CPU, scaled
to an event of 1.5 KB, and stand beside what writing such an event as JSON costs on the same machine
at the same time.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from router.decide.detect.finder import compile_finder
from router.decide.detect.manner import Manner
from router.decide.policy.people import clean_of
from tests.decide.detect.scores import BY_VALUE, CORPORA
from tests.decide.making import policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BYTES = 1_500
ROUNDS = 5
"""Each event counts with its best round, so that other programs are left out."""
HOSTILE_BYTES = 32_000
HOSTILE = ("a", "a.", "1-", "1", "1 ", "a@", "%40", "4111 1111 1111 1111 ", "call 0151 1234567 ")


def main(path: str) -> None:
    """Print the costs of the events in a file, and of hostile texts."""
    lines = Path(path).read_bytes().splitlines()
    events = [orjson.dumps(orjson.loads(line)["event"]) for line in lines]
    for name, work_of in (
        ("written as JSON", lambda: orjson.dumps),
        ("detect six kinds", lambda: policy((BY_VALUE, "mask")).strip),
        ("pii.trusted", lambda: policy(trusted=False).strip),
    ):
        middle, worst = percentiles(events, work_of)
        sys.stdout.write(f"{name:28}p50 {middle:6.0f} µs   p99 {worst:6.0f} µs an event\n")
    for unit, milliseconds in hostile():
        sys.stdout.write(f"{HOSTILE_BYTES // 1000} KB of {unit!r:26}{milliseconds:6.1f} ms\n")


def percentiles(
    events: list[bytes], work_of: Callable[[], Callable[[Any], Any]]
) -> tuple[float, float]:
    """Return p50 and p99 of what each event costs, in microseconds, scaled to 1.5 KB.

    In each round the work is made anew, so that it remembers no text of the round before.
    """
    best = [float("inf")] * len(events)
    for _ in range(ROUNDS):
        compile_finder.cache_clear()
        clean_of.cache_clear()
        work = work_of()
        for raw in events:
            work(without_texts(orjson.loads(raw)))
        gc.disable()
        for place, raw in enumerate(events):
            event = orjson.loads(raw)
            started = time.thread_time_ns()
            work(event)
            best[place] = min(best[place], (time.thread_time_ns() - started) / 1000)
        gc.enable()
    scale = BYTES / statistics.mean(map(len, events))
    ordered = sorted(cost * scale for cost in best)
    return ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]


def without_texts(value: Any) -> Any:
    """Return a value whose keys and numbers are the same, and whose texts are empty."""
    if isinstance(value, dict):
        return {key: without_texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_texts(item) for item in value]
    return "" if isinstance(value, str) else value


def hostile() -> Iterator[tuple[str, float]]:
    """Yield what texts cost that repeat one thing, in milliseconds."""
    find = compile_finder(frozenset(BY_VALUE), Manner(prose=True)).find
    for unit in HOSTILE:
        text = unit * (HOSTILE_BYTES // len(unit))
        started = time.thread_time_ns()
        find(text)
        yield unit, (time.thread_time_ns() - started) / 1e6


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else str(CORPORA / "pii_events.jsonl"))
