"""Console: one line per event on standard output."""

from __future__ import annotations

import asyncio
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from destinations import Delivered, Retry
from destinations.conformance import SendContract, a_delivery, carrying, drive
from destinations.console import Console, ConsoleSettings, harmless


class TestConsole(SendContract):
    """The console keeps the contract."""

    @pytest.fixture
    def adapter(self) -> Console:
        """Return a console as it is without settings."""
        return Console(ConsoleSettings())


def test_json_is_the_event(capsys: pytest.CaptureFixture[str]) -> None:
    """Each line is the event as the destination would get it."""
    deliveries = [a_delivery(event="Größe ✓"), a_delivery("page")]
    outcomes = drive(Console(ConsoleSettings()), deliveries)

    assert set(outcomes.values()) == {Delivered()}
    out = capsys.readouterr().out
    assert [json.loads(line) for line in out.splitlines()] == [d.payload for d in deliveries]
    assert "Größe ✓" in out


def test_short_says_what_happened(capsys: pytest.CaptureFixture[str]) -> None:
    """The short form names destination, type, what happened and the message id."""
    drive(Console(ConsoleSettings(format="short")), [a_delivery(), a_delivery("alias")])
    assert capsys.readouterr().out.splitlines() == [
        "rehearsal track Order Completed message-1",
        "rehearsal alias message-1",
    ]


@pytest.mark.parametrize("form", ["json", "short"])
def test_an_event_cannot_command_the_terminal(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Control and invisible characters are written out: a line is a line."""
    settings = ConsoleSettings.model_validate({"format": form})
    drive(Console(settings), [carrying({"event": "a\nb\x1b[2J\x9b\u202e\x7f\U000e0041"})])

    (line,) = capsys.readouterr().out.splitlines()
    assert line.isprintable()


@given(st.text())
def test_what_is_written_out_is_the_same_json(text: str) -> None:
    """Writing a character out does not change what the JSON says."""
    assert json.loads(harmless(json.dumps(text, ensure_ascii=False))) == text


def test_a_closed_output_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """When standard output cannot be written, the deliveries wait."""

    class Broken(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(len(text))

    monkeypatch.setattr("sys.stdout", Broken())
    delivery = a_delivery()
    outcomes = asyncio.run(Console(ConsoleSettings()).send([delivery]))
    assert outcomes == {delivery: Retry("stdout_closed")}
