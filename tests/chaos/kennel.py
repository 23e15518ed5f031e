"""One worker after the other, each until it dies of its fault: `python -m tests.chaos.kennel FILE`.

FILE (JSON) says `config`, `proof`, `lives` and `celery`: whether a worker's life is that of a whole
Celery worker, or of its engine alone, forked from here, which starts in no time. A life is a fault
point, its occurrence, and the words of a command, if it is none of a worker; one without a point
lives until SIGTERM. What a dead one owned is given back at once, as `router run` does. A line for
each life: its point, and the signal that ended it.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import secrets
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import uvloop

from router.cli import main as run_command
from router.config import Config, load
from router.store.opening import open_store
from router.worker import owner
from router.worker.configured import Configured
from router.worker.hosting import run_engine
from tests.chaos.dying import VARIABLE, arm, sign
from tests.support.bounded import PR_SET_PDEATHSIG

LONGEST_LIFE = 45
"""Seconds after which a life that did not reach its point ends by itself."""
LAST_LIFE = 600


@dataclass(frozen=True, slots=True)
class Kennel:
    """What all lives share."""

    file: str
    proof: Path
    celery: bool
    config: Config

    def live(self, point: str, occurrence: int, words: list[str]) -> int:
        """Start a life and wait until it ended; returns the signal that ended it, or 0."""
        mark = secrets.token_hex(4)
        child = os.fork()
        if child == 0:
            os.environ |= {owner.VARIABLE: mark, "ROUTER_CONFIG": self.file}
            if point:
                os.environ[VARIABLE] = f"{point} {occurrence} {self.proof}"
            self._be_born(words, LONGEST_LIFE if point else LAST_LIFE)
        signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
        _, status = os.waitpid(child, 0)
        asyncio.run(self._bury(mark))
        return os.waitstatus_to_exitcode(status)

    def _be_born(self, words: list[str], seconds: int) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.alarm(seconds)
        if self.celery and not words:
            command = "-m celery -q -A tests.chaos.faulty worker --without-mingle --without-gossip"
            os.execv(sys.executable, [sys.executable, *command.split(), "-n", f"life{os.getpid()}"])
        try:
            arm(os.environ)
            sign()
            run_command([*words, "--config", self.file]) if words else uvloop.run(self._work())
        finally:
            os._exit(0)

    async def _work(self) -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        await run_engine(Configured(self.config, lambda: self.config), stop)

    async def _bury(self, mark: str) -> None:
        async with open_store(self.config) as store:
            for name in await store.members.all():
                if owner.marked(name, mark):
                    await owner.give_back(store, name, self.config.queue)


def main(told: dict[str, Any]) -> None:
    """Live every life."""
    config = load(Path(told["config"]), {})
    kennel = Kennel(told["config"], Path(told["proof"]), told["celery"], config)
    for point, occurrence, words in told["lives"]:
        status = kennel.live(point, occurrence, words)
        print(point or "last", status, flush=True)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main(orjson.loads(Path(sys.argv[1]).read_bytes()))
