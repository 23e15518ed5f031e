"""The engine in time slices: Celery tasks of some seconds each, for teams on prefork.

Each worker starts a slice a second as long as its pool has room, and leaves one place of the
pool to the operators. More slices than needed are harmless: leases share the work among them.
"""

from __future__ import annotations

import asyncio
import ctypes
import multiprocessing
from typing import TYPE_CHECKING, Any

import uvloop
from celery import bootsteps, signals
from celery.worker import state

from router.engine.route.collecting import look_seldom
from router.worker import deadline
from router.worker.broker import SLICES
from router.worker.hosting import run_engine
from router.worker.orphans import end_with_parent, kill_children

if TYPE_CHECKING:
    from celery import Celery

    from router.worker.configured import Configured

SECONDS = 10.0
EVERY = 1.0
EXPIRES = 3
"""Seconds after which a slice that no pool had room for is dropped."""
LOOK = 0.1

_stopping = multiprocessing.RawValue(ctypes.c_bool, False)  # noqa: FBT003 - a value, not a flag
"""True once the worker is asked to end; the pool's children see it. A lock could die with one."""


class SliceStep(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery publishes no types
    """Starts slices for as long as the worker runs."""

    requires = ("celery.worker.components:Pool", "celery.worker.components:Timer")

    def __init__(self, worker: Any, **_: Any) -> None:
        self._timer: Any = None
        worker.router_engine = None
        signals.worker_shutting_down.connect(_told, weak=False)

    def start(self, worker: Any) -> None:
        """Start a slice now and then."""
        self._timer = worker.timer.call_repeatedly(EVERY, _kick, (worker,))

    def stop(self, worker: Any) -> None:
        """Start no more; those that run give back what they own."""
        if self._timer is not None:
            self._timer.cancel()
        deadline.ignore_more()
        _told(worker.exitcode or 0)

    terminate = stop


def install(app: Celery, configured: Configured) -> None:
    """Add the slices and what starts them to the app's workers."""
    app.steps["worker"].add(SliceStep)
    signals.worker_process_init.connect(end_with_parent, weak=False)
    signals.worker_process_init.connect(lambda **_: look_seldom(), weak=False)

    def run_slice() -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_slice(configured))

    app.task(run_slice, name="router.slice", acks_late=False)


async def _slice(configured: Configured) -> None:
    stop = asyncio.Event()
    end = asyncio.get_running_loop().time() + SECONDS

    async def watch() -> None:
        while not _stopping.value and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 - another process says it
            await asyncio.sleep(LOOK)
        stop.set()

    watching = asyncio.create_task(watch())
    try:
        await run_engine(configured, stop)
    finally:
        watching.cancel()


def _kick(worker: Any) -> None:
    running = sum(request.name == "router.slice" for request in state.reserved_requests)
    if running < max(1, worker.concurrency - 1) and not _stopping.value:
        worker.app.send_task("router.slice", queue=SLICES, expires=EXPIRES, retry=False)


def _told(exitcode: int = 0, **_: Any) -> None:
    deadline.arm(exitcode, before=kill_children)
    _stopping.value = True
