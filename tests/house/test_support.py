"""Waiting, listening, multiplying and ending: the promises of the test support itself."""

from __future__ import annotations

import logging
import signal
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.support import canary as ears
from tests.support import corpus
from tests.support.processes import LAUNCHER, Process
from tests.support.waiting import wait_until, wait_until_async

FOREVER = [sys.executable, "-c", "import time; time.sleep(600)"]
TEMPLATES: list[corpus.JSON] = [
    {"type": "track", "event": "Seen", "properties": {"x": 1}},
    {"type": "identify", "traits": {"email": "a@b.test"}, "userId": "theirs"},
    {"type": "alias", "userId": "theirs", "previousId": "older"},
]


def test_waiting_ends_with_a_sentence() -> None:
    """A condition that never comes fails with the words of what was awaited."""
    with pytest.raises(AssertionError, match="in vain for the bus"):
        wait_until(lambda: False, within=0.05, what="the bus")


async def test_waiting_takes_coroutines() -> None:
    """The asynchronous form awaits its predicate and gives back its value."""

    async def found() -> str:
        return "it"

    assert "it" == await wait_until_async(found)


def test_canary_hears_a_debug_line(canary: ears.Canary) -> None:
    """A planted value is heard in arguments at DEBUG, even where nobody formats the line."""
    logging.getLogger("quiet.corner").debug("to %s", ears.EMAIL)

    heard, canary.sung = canary.sung, []
    assert heard


def test_multiplied_events_number_each_user() -> None:
    """Each user's events count up from 0, and no message id comes twice."""
    seqs = defaultdict(list)
    events = list(corpus.multiply(200, users=10, templates=TEMPLATES))
    for event in events:
        seqs[event["anonymousId"]].append(event["context"]["seq"])

    assert 200 == len({event["messageId"] for event in events})
    assert all(numbers == list(range(len(numbers))) for numbers in seqs.values())


def test_multiplied_users_never_change_their_key() -> None:
    """A user has a userId in all of its events or in none, so that its key stays the same."""
    names = defaultdict(set)
    for event in corpus.multiply(300, users=10, templates=TEMPLATES):
        names[event["anonymousId"]].add(event.get("userId"))

    assert all(len(of_one) == 1 for of_one in names.values())
    assert {None} in names.values()


def test_multiplying_repeats_itself() -> None:
    """The same seed gives the same events, another seed gives others."""
    first, again, other = (
        list(corpus.multiply(50, users=5, templates=TEMPLATES, seed=seed)) for seed in (1, 1, 2)
    )

    assert first == again
    assert first != other


def test_corpus_holds_what_fast_parsers_refuse() -> None:
    """The captured events are many and come in all six types."""
    types = {event.get("type") for event in corpus.events()}

    assert {"track", "identify", "page", "screen", "group", "alias"} <= types
    assert 200 < len(corpus.lines())


def test_started_programs_end_by_themselves(tmp_path: Path) -> None:
    """A program that nobody ends is ended by its own alarm."""
    process = Process(FOREVER, log=tmp_path / "log", seconds=1)

    assert process.wait(within=10) != 0


def test_started_programs_die_with_their_parent(tmp_path: Path) -> None:
    """When the process that started it is killed, so is the program."""
    if sys.platform != "linux":
        pytest.skip("the kernel's own bound exists on Linux only")
    inner = [sys.executable, "-SE", str(LAUNCHER), "60", "sh", "-c", "echo up; sleep 600"]
    script = f"import subprocess; p = subprocess.Popen({inner!r}); print(p.pid); p.wait()"
    process = Process([sys.executable, "-uc", script], log=tmp_path / "log", seconds=60)
    child = int(process.wait_for("up").split()[0])

    process.send(signal.SIGKILL)
    process.wait()

    wait_until(lambda: is_gone(child), what="the child to die")


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended, waited for or not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        return stat.rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True
