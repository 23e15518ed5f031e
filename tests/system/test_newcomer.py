"""A newcomer with nothing but the README: what it says to save and to type works the first time."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.processes import ROOT, Process
from tests.support.waiting import wait_until

README = (ROOT / "README.md").read_text("utf-8")
BIN = Path(sys.executable).parent
HASHED = sha256(b"ada@example.com").hexdigest()

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.system


def block(mark: str) -> str:
    """Return the code block that follows a mark in the README."""
    found = re.search(rf"<!-- {mark} -->\n\s*```\w*\n(.*?)\n\s*```", README, re.DOTALL)
    assert found, mark
    return textwrap.dedent(found[1]) + "\n"


def environment() -> dict[str, str]:
    """Return an environment in which the installed commands are on the path."""
    return {"PATH": f"{BIN}:{os.environ['PATH']}", "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def port() -> int:
    """Return a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def folder(tmp_path: Path, port: int) -> Path:
    """Return a folder with the README's configuration, for a free port instead of 9001."""
    text = block("file: router.yaml").replace("9001", str(port))
    (tmp_path / "router.yaml").write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def started(folder: Path, port: int) -> Iterator[tuple[Process, Process]]:
    """Start the receiver and type the README's commands; yield the shell and the receiver."""
    receiver = Process(
        ["bash", "-c", f"exec {block('receive').strip()} --port {port}"],
        log=folder / "received", environ=environment(), seconds=100,
    )  # fmt: skip
    receiver.wait_for("listening at")
    script = f"set -e\ncd {folder}\n{block('run')}echo $! > run.pid\nwait\n"
    shell = Process(
        ["bash", "-c", script], log=folder / "shell", environ=environment(), seconds=100
    )
    end = folder / "run.pid"
    try:
        wait_until(
            lambda: end.exists() and "identify" in receiver.output(), within=60, what="the event"
        )
        yield shell, receiver
    finally:
        wait_until(end.exists, what="the shell to reach its end")
        os.kill(int(end.read_text("utf-8")), signal.SIGTERM)
        shell.wait(within=30)
        receiver.kill()


def test_first_event_arrives(started: tuple[Process, Process]) -> None:
    """What the README says to save and type brings the first event, its e-mail hashed."""
    shell, receiver = started

    assert "conservation holds" in shell.output()
    assert HASHED in receiver.output()
    assert "ada@example.com" not in receiver.output()


@pytest.mark.usefixtures("started")
def test_operators_commands_work(folder: Path) -> None:
    """Each command that the README shows an operator runs and says what is so."""
    lines = [line.partition(" #")[0].strip() for line in block("operate").splitlines()]
    environ = {**environment(), "ROUTER_CONFIG": str(folder / "router.yaml")}

    ended = {
        line: subprocess.run(
            ["bash", "-c", line], cwd=folder, env=environ, capture_output=True, check=False,
            timeout=60,
        ).returncode
        for line in lines
        if line != "celery -A router worker"  # runs for ever: the worker tests start it
    }  # fmt: skip

    nothing_matched, not_found = 4, 6
    assert {
        "celery -A router inspect engine": 0,
        "router status": 0,
        'router destinations pause hook --reason "vendor asked"': 0,
        "router dead list dest:hook since:2h": nothing_matched,
        "router dead show hook/3/1795346630207-0": not_found,
        "router dead replay dest:hook reason:http_400 --dry-run": nothing_matched,
    } == ended


def test_typo_is_found_with_its_line(folder: Path) -> None:
    """A misspelt word is refused with its line and the right word, as the README shows."""
    config = folder / "router.yaml"
    config.write_text(config.read_text("utf-8").replace("type:", "tipe:"), "utf-8")

    done = subprocess.run(
        [BIN / "router", "check"], cwd=folder, env=environment(), capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip

    assert 2 == done.returncode
    assert block("output: router check").strip() in done.stdout + done.stderr
