"""Celery workers as an operator starts them, to be killed, frozen and asked to end."""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING, Self

from tests.support.documented import WORKER_COMMAND
from tests.support.processes import Process

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

APP = "router"
"""Where Celery finds the app; a fault test may name another place that wraps it."""


class Worker(Process):
    """One `celery -A router worker` with a host name of its own."""

    def __init__(
        self,
        name: str,
        config: Path,
        log: Path,
        *,
        options: Sequence[str] = (),
        environ: Mapping[str, str] | None = None,
        seconds: int = 300,
        app: str = APP,
        host: str = "%h",
    ) -> None:
        self.name = name
        words = [app if word == APP else word for word in WORKER_COMMAND.split()]
        command = [sys.executable, "-m", *words, "-n", f"{name}@{host}", *options]
        extra = {"ROUTER_CONFIG": str(config)} | dict(environ or {})
        super().__init__(command, log=log, environ=extra, seconds=seconds)

    def wait_ready(self, within: float = 60.0) -> None:
        """Wait until Celery says that the worker is ready."""
        self.wait_for(" ready.", within=within)


class Workers:
    """Any number of workers over one configuration; all are dead when the `with` ends."""

    host = "%h"
    """The host that they claim to be on, for Celery; by default the one that they are on."""

    def __init__(
        self,
        config: Path,
        folder: Path,
        *,
        options: Sequence[str] = (),
        environ: Mapping[str, str] | None = None,
        seconds: int = 300,
        app: str = APP,
    ) -> None:
        self.config = config
        self.app = app
        self.folder = folder
        self.options = options
        self.environ = environ
        self.seconds = seconds
        self.started: list[Worker] = []

    @property
    def alive(self) -> list[Worker]:
        """Those that still run."""
        return [worker for worker in self.started if worker.alive]

    def start(self, count: int = 1, *, ready: bool = True) -> list[Worker]:
        """Start more of them and, unless told otherwise, wait until each is ready."""
        fresh = [self._start_one() for _ in range(count)]
        if ready:
            for worker in fresh:
                worker.wait_ready()
        return fresh

    def kill_one(self, chance: random.Random | None = None) -> Worker:
        """SIGKILL one of those alive, chosen by `chance`, and return it."""
        victim = (chance or random.Random()).choice(self.alive)
        victim.kill()
        return victim

    def output(self) -> str:
        """Return what all of them ever wrote."""
        return "".join(worker.output() for worker in self.started)

    def stop(self) -> None:
        """Kill all that is left."""
        for worker in self.started:
            worker.kill()

    def _start_one(self) -> Worker:
        name = f"w{len(self.started) + 1}"
        log = self.folder / f"{name}.log"
        worker = Worker(name, self.config, log, options=self.options,
                        environ=self.environ, seconds=self.seconds, app=self.app,
                        host=self.host)  # fmt: skip
        self.started.append(worker)
        return worker

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
