"""The step that hosts the engine in a Celery worker, from before it consumes until it has ended.

It stands in the worker's own blueprint, before the consumer: while the broker is down, Celery
waits there and events flow on.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING, Any

import click
from celery import bootsteps, signals
from celery.worker import state
from click.core import ParameterSource

from router.engine.route.collecting import look_seldom
from router.worker import deadline
from router.worker.hosting import EngineThread

if TYPE_CHECKING:
    from celery import Celery

    from router.worker.configured import Configured

BUG = 70
"""The exit status when the engine died: whoever supervises the worker starts it again."""
REFUSED = 5
FORKING = ("prefork", "eventlet", "gevent")
REFUSAL = (
    "-P {pool} cannot host the engine beside its event loop: leave -P away (threads is the"
    " default), or set `worker: {{hosting: slices}}` in the configuration\n"
)

_NOT_WRITTEN = (None, ParameterSource.DEFAULT, ParameterSource.DEFAULT_MAP)
_log = logging.getLogger(__name__)


class EngineStep(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery publishes no types
    """Starts and stops the engine with the worker."""

    requires = ("celery.worker.components:Pool",)
    configured: Configured

    def __init__(self, worker: Any, **_: Any) -> None:
        self.thread = EngineThread(self.configured, self._died)
        worker.router_engine = self.thread
        # Nothing is revoked here that others could tell, and a broker that hangs up on that
        # question would end the worker.
        worker.options["without_mingle"] = True
        # The signal comes from within the handler of SIGTERM: the engine is told at once, not
        # when the consumer has let go of a broker that may not answer.
        signals.worker_shutting_down.connect(self._told, weak=False)

    def start(self, _: Any) -> None:
        """Let the engine work."""
        look_seldom()
        self.thread.start()

    def stop(self, worker: Any) -> None:
        """Wait for the engine to settle and to give back what it owns."""
        deadline.arm(worker.exitcode or 0)
        deadline.ignore_more()
        self.thread.stop()
        if not self.thread.join(deadline.DRAIN):
            _log.warning("the engine is still busy; what it owns is free when its lease ends")

    terminate = stop

    def _told(self, exitcode: int = 0, **_: Any) -> None:
        deadline.arm(exitcode)
        self.thread.stop()

    def _died(self) -> None:
        _log.critical("the engine has ended; this worker ends with it")
        deadline.arm(BUG)
        state.should_stop = BUG


def install(app: Celery, configured: Configured) -> None:
    """Add the step to the app's workers, and refuse pools that cannot stand beside it."""
    step = type("Engine", (EngineStep,), {"configured": configured, "name": "router.engine"})
    app.steps["worker"].add(step)
    signals.celeryd_init.connect(_refuse_forking, weak=False)


def _refuse_forking(options: dict[str, Any], **_: Any) -> None:
    pool = options.get("pool")
    kind = pool if isinstance(pool, str) else str(getattr(pool, "__module__", ""))
    kind = "prefork" if _asked_for_prefork() else kind.rpartition(".")[2]
    if kind in FORKING:
        sys.stderr.write(REFUSAL.format(pool=kind))
        raise SystemExit(REFUSED)


def _asked_for_prefork() -> bool:
    """Tell whether somebody wrote `-P prefork`.

    That is also the option's default, which Celery replaces by the app's own pool without
    telling the two apart.
    """
    context = click.get_current_context(silent=True)
    if context is None or context.get_parameter_source("pool") in _NOT_WRITTEN:
        return False
    words = [*sys.argv, os.environ.get("CELERY_WORKER_POOL", "")]
    return any(word.removeprefix("--pool=").removeprefix("-P") == "prefork" for word in words)
