"""Worker processes of a benchmark: an engine each, from when it is ready until its input ends."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uvloop

from router.config import load
from router.engine.engine import Engine
from router.engine.route.collecting import look_seldom
from router.store.opening import open_store

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator

    from router.bench.scene import Scene

READY_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Workers:
    """Worker processes that run."""

    running: list[Process]

    async def cpu(self) -> float:
        """Return the seconds of CPU that they took so far, all together."""
        return sum([float(await _asked(process)) for process in self.running])


@asynccontextmanager
async def processes(scene: Scene, count: int) -> AsyncIterator[Workers]:
    """Run so many worker processes meanwhile; they share the scene's store."""
    running = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            __name__,
            str(scene.file),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(count)
    ]
    try:
        async with asyncio.timeout(READY_WITHIN):
            while not await _shared(scene, count):  # noqa: ASYNC110 - others say so in the store
                await asyncio.sleep(0.05)
        yield Workers(running)
    finally:
        for process in running:
            assert process.stdin is not None  # noqa: S101 - it was asked for
            process.stdin.close()
        for process in running:
            await process.wait()


async def _asked(process: Process) -> bytes:
    """Send a process a line and return the line that it answers with."""
    assert process.stdin is not None  # noqa: S101 - it was asked for
    assert process.stdout is not None  # noqa: S101 - this too
    process.stdin.write(b"\n")
    return await process.stdout.readline()


async def _shared(scene: Scene, count: int) -> bool:
    """Tell whether all processes live and everything has its owner."""
    members = (await scene.store.members.all()).values()
    owned = sum(len(facts["intakes"]) + len(facts["shards"]) for facts in members)
    return len(members) == count and owned == 2 + scene.store.shards


async def _work(file: Path) -> None:
    config = load(file, {})
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    ended = loop.run_in_executor(None, _answer)
    ended.add_done_callback(lambda _: stop.set())
    async with open_store(config) as store:
        await Engine(config, store, f"bench:{os.getpid()}").run(stop)


def _answer() -> None:
    """Answer each line of the input with the CPU time so far, until it ends."""
    for _ in sys.stdin.buffer:
        sys.stdout.write(f"{time.process_time()}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    look_seldom()
    uvloop.run(_work(Path(sys.argv[1])))
