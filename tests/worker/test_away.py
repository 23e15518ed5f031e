"""A broker that is away is told once, in a sentence that names its setting."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from router.config import parse
from router.worker.away import AGAIN, Away

if TYPE_CHECKING:
    from collections.abc import Callable

ERROR = "consumer: Cannot connect to %s: %s.\n%s\n"
"""As Celery logs it."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set the time that is read."""
    now = [1000.0]
    monkeypatch.setattr("router.worker.away.time.monotonic", lambda: now[0])

    def later(seconds: float) -> None:
        now[0] += seconds

    return later


def lines(filtering: Away, *messages: tuple[str, ...]) -> list[str]:
    """Return what is written of messages with their arguments."""
    made = [
        logging.LogRecord("celery", logging.ERROR, "x.py", 1, text, tuple(args), None)
        for text, *args in messages
    ]
    return [f"{one.levelname} {one.getMessage()}" for one in made if filtering.filter(one)]


def of(text: str) -> Away:
    """Return the filter of a configuration."""
    return Away(parse(f"{text}\ndestinations: {{out: {{type: console}}}}\n", {}))


def test_it_is_told_once_and_then_seldom(clock: Callable[[float], None]) -> None:
    """The first attempt is told with its cause and the setting, the next not for minutes."""
    filtering = of("broker: redis://127.0.0.1:1/0")
    refused = (ERROR, "redis://***@a", "Error 111: Connection refused.", "Trying again in 2 s")

    others = [("consumer: Connection to broker lost. (%r)", "x"), ("a CPendingDeprecationWarning",)]
    (told,) = lines(filtering, refused, refused, *others)
    assert told == (
        "WARNING the broker (`broker:`) does not answer: Error 111: Connection refused. Start it or"
        " mend that line; delivery goes on without it"
    )
    clock(AGAIN - 1)
    assert [] == lines(filtering, refused)
    clock(2)
    assert 1 == len(lines(filtering, refused))


def test_its_return_is_told_and_its_next_absence_as_well(clock: Callable[[float], None]) -> None:
    """After an answer everything is told anew; other lines of Celery pass as they are."""
    filtering = of("")
    refused = (ERROR, "redis://***@a", "gone", "")
    clock(1)

    told = lines(filtering, refused, ("Connected to %s", "redis://***@a"), refused, ("another",))

    first, back, again, other = told
    assert first == again
    assert first.startswith(
        "WARNING the broker (another database of `redis:`) does not answer: gone"
    )
    assert ("ERROR Connected to redis://***@a", "ERROR another") == (back, other)


def test_slices_depend_on_it() -> None:
    """Where the engine runs in tasks, nobody is told that delivery goes on."""
    filtering = of("worker: {hosting: slices}")

    (told,) = lines(filtering, (ERROR, "redis://***@a", "gone", ""))
    assert told.endswith("nothing is delivered until then")
