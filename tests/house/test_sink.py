"""The sink that compose.yaml starts takes what is sent to it and shows it."""

from __future__ import annotations

import gzip
import json
import re
import signal
import sys
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.support.documented import SINK_COMMAND
from tests.support.processes import Process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.system
ANY_PORT = SINK_COMMAND.replace("9001", "0").split()[1:]
START = "import sys; from router.cli import main; main(sys.argv[1:])"


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Process]:
    """Give a running sink with bodies, at a free port."""
    command = [sys.executable, "-c", START, *ANY_PORT, "--bodies"]
    process = Process(command, log=tmp_path / "log", seconds=60)
    process.wait_for("listening at")
    yield process
    process.kill()


def address(sink: Process) -> str:
    """Return where the sink says that it listens, from this machine."""
    found = re.search(r"http://0\.0\.0\.0:(\d+)/", sink.output())
    assert found
    return f"http://127.0.0.1:{found[1]}/hook"


def test_shows_a_line_for_each_request(sink: Process) -> None:
    """A delivery is shown with its path, its type and its message id, compressed or not."""
    body = gzip.compress(
        json.dumps([{"type": "track", "event": "Seen", "messageId": "m1"}]).encode()
    )

    answer = httpx.post(address(sink), content=body, headers={"content-encoding": "gzip"})

    assert 200 == answer.status_code
    assert "/hook  track Seen m1" in sink.wait_for("m1")


def test_obeys_no_terminal_codes(sink: Process) -> None:
    """What an event says cannot move the cursor of whoever watches."""
    httpx.post(address(sink), json={"type": "track", "event": "\x1b[2J", "messageId": "m2"})

    assert "\x1b" not in sink.wait_for("m2")


def test_bears_what_is_no_event(sink: Process) -> None:
    """Bytes that are no JSON, or no gzip, are taken or refused; the sink goes on."""
    taken = httpx.post(address(sink), content=b"\xff\x00")
    refused = httpx.post(address(sink), content=b"x", headers={"content-encoding": "gzip"})

    assert [200, 400] == [taken.status_code, refused.status_code]
    assert "2 bytes" in sink.wait_for("2 bytes")


def test_ends_when_asked_to(sink: Process) -> None:
    """SIGTERM, which is what a container gets, ends it at once with status 0."""
    sink.send(signal.SIGTERM)

    assert 0 == sink.wait(within=5)
