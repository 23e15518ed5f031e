"""The demonstration itself: run, push, kill a worker, wait, mend a vendor, replay."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from router.cli.failure import Exit, Failure
from router.cli.wording import count
from router.dead.record import of_letter
from router.store.opening import open_store
from router.worker.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

    from router.cli.demo.scenery import Scene
    from router.cli.demo.vendors import Vendors
    from router.cli.demo.view import View
    from router.config import Config
    from router.dead.record import Record
    from router.store.ledger import Ledger
    from router.store.store import Store

LOOK = 0.2
PUSHES = 12
PUSH_PAUSE = 0.12
STARTS_WITHIN = 40.0
WORKS_WITHIN = 60.0


@dataclass(slots=True)
class Played:
    """What happened, for the ending."""

    ledger: Ledger
    before: Ledger
    """The ledger before the replay."""
    killed: str = ""
    waiting_when_killed: int = 0
    letter: Record | None = None
    dead: int = 0
    """Orders that the vendor refused."""
    replayed: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Play:
    """One performance; `perform` returns what happened."""

    config: Config
    scene: Scene
    vendors: Vendors
    view: View
    output: IO[bytes]
    _began: float = field(default_factory=time.monotonic)

    async def perform(self, stop: asyncio.Event) -> Played:
        """Play it all; `stop` ends it early with a Failure."""
        ready = asyncio.Event()
        tree = Tree(self.config, self.scene.file, ready=ready.set, output=self.output)
        self.view.say("starting the embedded store and two Celery workers")
        running = asyncio.create_task(tree.run(stop))
        try:
            await self._until(ready.is_set, running, STARTS_WITHIN, "the workers to start")
            workers = ", ".join(f"{child.name} (pid {child.pid})" for child in tree.children)
            self.view.say(f"ready: {workers}")
            async with open_store(self.config) as store:
                return await self._acts(store, tree, running)
        finally:
            stop.set()
            await running

    async def _acts(self, store: Store, tree: Tree, running: asyncio.Task[None]) -> Played:
        self.view.say(f"pushing {count(len(self.scene.events), 'event')} onto the queue")
        killed, waiting = await self._push_and_kill(store, tree)
        self.view.say(
            f"kill -9 of {killed} while {waiting:,} deliveries wait; the other one takes over"
        )
        before = await self._settled(store, running)
        played = Played(before, before, killed, waiting)
        await self._mend_and_replay(store, running, played)
        played.seconds = time.monotonic() - self._began
        return played

    async def _push_and_kill(self, store: Store, tree: Tree) -> tuple[str, int]:
        size = -(-len(self.scene.events) // PUSHES)
        killed, waiting = "", 0
        for start in range(0, len(self.scene.events), size):
            part = self.scene.events[start : start + size]
            stream = self.config.queue.stream
            await store.push(stream, [{"event": line, "source": "demo"} for line in part])
            await asyncio.sleep(PUSH_PAUSE)
            ledger = await self._show(store)
            pending = sum(lane.pending for lane in ledger.lanes.values())
            if not killed and start > len(self.scene.events) / 2 and pending:
                killed, waiting = _kill(tree), pending
        return killed or _kill(tree), waiting

    async def _settled(self, store: Store, running: asyncio.Task[None]) -> Ledger:
        """Wait until all that was pushed was read, and nothing is pending any more."""
        ledger = await self._show(store)
        end = time.monotonic() + WORKS_WITHIN
        while not self._done(ledger):
            await self._alive(running, end, "the deliveries")
            await asyncio.sleep(LOOK)
            ledger = await self._show(store)
        return ledger

    async def _mend_and_replay(
        self, store: Store, running: asyncio.Task[None], played: Played
    ) -> None:
        refused = [letter async for letter in store.letters.scan(["orders:webhook"])]
        if not refused:
            return
        played.dead = len(refused)
        played.letter = of_letter(refused[0])
        self.view.say(
            f"{count(len(refused), 'order')} in US dollars died of {refused[0].reason}: mending"
            " the vendor, then replaying"
        )
        self.vendors.takes_dollars = True
        played.replayed = await store.letters.replay(refused, int(time.time() * 1000))
        played.ledger = await self._settled(store, running)

    async def _show(self, store: Store) -> Ledger:
        ledger = await store.ledger(self.config.lanes)
        self.view.show(ledger, self.config.lanes, len(self.scene.events))
        return ledger

    def _done(self, ledger: Ledger) -> bool:
        pending = any(lane.pending for lane in ledger.lanes.values())
        return ledger.intake.get("read", 0) >= len(self.scene.events) and not pending

    async def _until(
        self, condition: Callable[[], bool], running: asyncio.Task[None], within: float, what: str
    ) -> None:
        end = time.monotonic() + within
        while not condition():
            await self._alive(running, end, what)
            await asyncio.sleep(LOOK)

    async def _alive(self, running: asyncio.Task[None], end: float, what: str) -> None:
        if running.done():
            await running
            raise Failure("the demonstration was stopped", Exit.INTERRUPTED)
        if time.monotonic() > end:
            raise Failure(f"waited too long for {what}")


def _kill(tree: Tree) -> str:
    """Kill a worker outright; returns who it was."""
    victim = next(child for child in tree.children if child.pid)
    if victim.pid:
        os.kill(victim.pid, signal.SIGKILL)
    return f"{victim.name} (pid {victim.pid})"
