"""A store, a broker apart from it, and commands as they are typed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
import yaml

from tests.support import configuration
from tests.support.processes import Process, environment
from tests.support.stores import StoreServer
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.vendor import Vendor

BIN = Path(sys.executable).parent
COMMAND_WITHIN = 60


class Write(Protocol):
    """Writes a configuration with a webhook `hook`, and `more` sections."""

    def __call__(self, **more: Any) -> Path:
        """Return its path."""


@pytest.fixture
def store() -> Iterator[StoreServer]:
    """Give a store of the test's own."""
    with tempfile.TemporaryDirectory(prefix="rt-") as folder:
        server = StoreServer(Path(folder)).start()
        yield server
        server.kill()


@pytest.fixture
def broker() -> Iterator[StoreServer]:
    """Give a broker that is not the store."""
    with tempfile.TemporaryDirectory(prefix="rt-") as folder:
        server = StoreServer(Path(folder), tcp=True).start()
        yield server
        server.kill()


@pytest.fixture
def write(store: StoreServer, vendor: Vendor, tmp_path: Path) -> Write:
    """Write configurations over the store of the test."""

    def written(**more: Any) -> Path:
        hook = configuration.webhook(vendor, "/hook")
        return configuration.write(tmp_path, store, {"hook": hook}, **more)

    return written


@pytest.fixture
def embedded(vendor: Vendor, tmp_path: Path) -> Path:
    """Give a configuration with the embedded store, two workers and a webhook."""
    file = tmp_path / "router.yaml"
    value = {
        "data": "data",
        "worker": {"processes": 2},
        "egress": {"allow": ["127.0.0.0/8"]},
        "destinations": {"hook": configuration.webhook(vendor, "/hook")},
    }
    file.write_text(yaml.safe_dump(value))
    return file


def command(config: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run an installed command to its end."""
    return subprocess.run(
        [str(BIN / words[0]), *words[1:]],
        env=environment({"ROUTER_CONFIG": str(config)}),
        cwd=config.parent,
        capture_output=True,
        text=True,
        timeout=COMMAND_WITHIN,
        check=False,
    )


def started(config: Path, log: Path, *words: str, seconds: int = 120) -> Process:
    """Start an installed command."""
    environ = {"ROUTER_CONFIG": str(config)}
    return Process([str(BIN / words[0]), *words[1:]], log=log, environ=environ, seconds=seconds)


class Run:
    """A `router run` with what it said when it was ready."""

    def __init__(self, config: Path, name: str) -> None:
        self.process = started(config, config.parent / f"{name}.log", "router", "run", "--json")

    def ready(self, within: float = 40.0) -> dict[str, Any]:
        """Wait until its workers work; returns `{"pid": ..., "workers": {NAME: PID}}`."""
        self.process.wait_for("router: ready", within=within)
        said = next(line for line in self.process.output().splitlines() if line.startswith("{"))
        facts: dict[str, Any] = json.loads(said)
        return facts


def push(config: Path, *ids: str) -> None:
    """Queue an event under each of these message ids."""
    lines = (
        json.dumps({"type": "track", "event": "Seen", "messageId": each, "userId": f"user-{each}"})
        for each in ids
    )
    file = config.parent / "pushed.jsonl"
    file.write_text("".join(f"{line}\n" for line in lines))
    done = command(config, "router", "push", str(file))
    assert 0 == done.returncode, done.stderr


def wait_gone(pid: int, within: float = 30.0) -> None:
    """Wait until no process has this id, or only its remains."""

    def gone() -> bool:
        stat = Path(f"/proc/{pid}/stat")
        try:
            return stat.read_text().rpartition(") ")[2].startswith("Z")
        except OSError:
            return True

    wait_until(gone, within=within, what=f"the end of process {pid}")
