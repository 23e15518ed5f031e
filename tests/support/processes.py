"""Start programs in groups of their own, send them signals, and leave none behind."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
"""The folder of the repository: what every started program has on its path."""

LAUNCHER = Path(__file__).with_name("bounded.py")

_running: set[Process] = set()


class Process:
    """A started program with its process group and its log file."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        environ: Mapping[str, str] | None = None,
        seconds: int = 300,
    ) -> None:
        self.log = log
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                [sys.executable, "-SE", str(LAUNCHER), str(seconds), *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment(environ),
                start_new_session=True,
            )
        _running.add(self)

    @property
    def pid(self) -> int:
        """The process id, which is also that of its group."""
        return self._popen.pid

    @property
    def alive(self) -> bool:
        """Whether the program still runs (a frozen one does)."""
        return self._popen.poll() is None

    def output(self) -> str:
        """Return all that the program wrote."""
        return self.log.read_text("utf-8", "replace")

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the program alone, unless it has already ended."""
        if self.alive:
            os.kill(self.pid, number)

    def freeze(self) -> None:
        """Stop the whole group where it is (SIGSTOP)."""
        self._signal_group(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen group go on (SIGCONT)."""
        self._signal_group(signal.SIGCONT)

    def terminate(self) -> None:
        """Ask the program to end (SIGTERM); `wait` for it afterwards."""
        self.send(signal.SIGTERM)

    def kill(self) -> None:
        """End the whole group at once (SIGKILL) and wait until it is gone."""
        self._signal_group(signal.SIGKILL)
        self.wait()

    def wait(self, within: float = 15.0) -> int:
        """Wait until the program has ended by itself; return its exit status."""
        status = self._popen.wait(timeout=within)
        self._signal_group(signal.SIGKILL)
        _running.discard(self)
        return status

    def wait_for(self, text: str, *, within: float = 30.0) -> str:
        """Wait until the log holds `text`; fail with the log's end if the program ends first."""

        def seen() -> bool:
            if text in self.output():
                return True
            if not self.alive:
                raise AssertionError(f"ended before {text!r}:\n{self.output()[-3000:]}")
            return False

        wait_until(seen, within=within, what=f"{text!r} in {self.log.name}")
        return self.output()

    def _signal_group(self, number: signal.Signals) -> None:
        if self not in _running:  # reaped: its number may be another's by now
            return
        try:
            os.killpg(self.pid, number)
        except (ProcessLookupError, PermissionError):  # gone; macOS says the latter of a zombie
            return


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what a started program may know of this one, with the repository on its path."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
    own = {name: os.environ[name] for name in kept if name in os.environ}
    beside = str(Path(sys.executable).parent)
    path = os.pathsep.join([beside, own.get("PATH", os.defpath)])
    own |= {"PATH": path, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return own | dict(extra or {})


@atexit.register
def end_all() -> None:
    """Kill whatever is still running; also called when a test session ends."""
    for process in list(_running):
        process.kill()
