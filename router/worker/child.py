"""One worker process of `router run`: started, started again when it dies, ended."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import sys
import time
from asyncio.subprocess import PIPE
from typing import IO, TYPE_CHECKING

from router.worker import lifeline, owner

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Awaitable, Callable
    from pathlib import Path

KILL = 9.6
"""Seconds after SIGTERM at which a worker that still runs is killed; it ends itself before."""
HEALTHY = 10.0
"""A worker that lived as many seconds is started again at once; others ever later."""
FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0

_log = logging.getLogger("router.run")


class Child:
    """A worker under a name. `died` is awaited with its mark, before the next one is started.

    What it writes goes to `output`, else to where this process writes.
    """

    def __init__(
        self,
        name: str,
        file: Path,
        level: str,
        died: Callable[[str], Awaitable[None]],
        output: IO[bytes] | None = None,
    ) -> None:
        self.name = name
        self._output = output
        self.process: Process | None = None
        self.mark = ""
        self._file = file
        self._level = level
        self._died = died

    @property
    def pid(self) -> int | None:
        """The process id of the one that runs."""
        running = self.process is not None and self.process.returncode is None
        return self.process.pid if self.process and running else None

    async def keep(self, stop: asyncio.Event) -> None:
        """Run the worker, one after the other, until `stop` is set; then end it."""
        patience = FIRST_WAIT
        while not stop.is_set():
            began = time.monotonic()
            process = await self._start()
            if await self._ended(process, stop):
                break
            lived = time.monotonic() - began
            if lived > HEALTHY:
                wait, patience = 0.0, FIRST_WAIT
            else:
                wait, patience = patience, min(patience * 2, LONGEST_WAIT)
            _log.warning(
                "worker %s %s; starting it again%s",
                self.name, _how(process.returncode), f" in {wait:g} s" if wait else "",
            )  # fmt: skip
            await self._died(self.mark)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)

    async def _start(self) -> Process:
        self.mark = secrets.token_hex(4)
        own = {
            "ROUTER_CONFIG": str(self._file),
            lifeline.VARIABLE: "1",
            owner.VARIABLE: self.mark,
        }
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "celery", "-q", "-A", "router", "worker",
            "-l", self._level, "-n", f"{self.name}@%h", "--without-mingle", "--without-gossip",
            stdin=PIPE, stdout=self._output, stderr=self._output,
            env={**os.environ, **own}, start_new_session=True,
        )  # fmt: skip
        return self.process

    async def _ended(self, process: Process, stop: asyncio.Event) -> bool:
        """Wait for the worker's end; tells whether it was asked for."""
        ended = asyncio.ensure_future(process.wait())
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                return stop.is_set()
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await asyncio.wait({ended}, timeout=KILL)
            return True
        finally:
            stopping.cancel()
            if not ended.done():
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await ended


def _how(status: int | None) -> str:
    if status is None or status >= 0:
        return f"ended with status {status}"
    return f"was ended by {signal.Signals(-status).name}"
