"""The Celery app: what `celery -A router worker` and every other Celery command find."""

from __future__ import annotations

import atexit
import logging
import os
import sys
import warnings
from functools import cache
from pathlib import Path
from typing import Any

from celery import Celery, signals
from celery.platforms import SecurityWarning
from kombu.entity import Queue

from router.config import Config, ConfigError, load
from router.observe import log
from router.store.embedded import EmbeddedStore, StoreUnavailable
from router.worker import lifeline, slices, step, tasks
from router.worker.away import told_once
from router.worker.broker import OPERATIONS, SLICES, broker_url, check_broker, settings
from router.worker.configured import Configured
from router.worker.inspect import register

CONFIGURATION = 2
"""The exit status of a command whose configuration cannot stand."""


@cache
def app() -> Celery:
    """Return this process's app, made from the file that `ROUTER_CONFIG` names.

    Problems of the configuration end the process with the sentences that `router check` prints.
    """
    try:
        config = load(None, os.environ)
        return make_app(config)
    except ConfigError as error:
        for problem in error.problems:
            sys.stderr.write(f"{problem}\n")
        raise SystemExit(CONFIGURATION) from None
    except StoreUnavailable as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from None


def make_app(config: Config) -> Celery:
    """Return an app with the engine's step, or its slices, and the operators' tasks.

    The embedded store is needed for its broker: it is attached to until the process ends.
    """
    # Celery warns root of pickled messages; this app takes JSON alone.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    check_broker(config)
    told_once(config)
    made = Celery("router", set_as_current=True)
    made.conf.update(settings(config, broker_url(config, _store(config))))
    queues = [OPERATIONS, SLICES] if config.worker.hosting == "slices" else [OPERATIONS]
    made.conf.task_queues = [
        Queue(name)  # type: ignore[no-untyped-call]  # kombu publishes no types
        for name in queues
    ]
    configured = Configured(config, lambda: load(None, os.environ))
    for name, task in tasks.tasks(configured).items():
        made.task(task, name=name, bind=True)
    if config.worker.hosting == "slices":
        slices.install(made, configured)
    else:
        step.install(made, configured)
    register()
    signals.setup_logging.connect(_set_up_logging, weak=False)
    signals.worker_init.connect(_begin, weak=False)
    return made


def _store(config: Config) -> str:
    if config.redis != "embedded":
        return config.redis
    embedded = EmbeddedStore(config.data)
    atexit.register(embedded.leave)
    return embedded.attach()


def _begin(**_: Any) -> None:
    if lifeline.hold():
        # Celery announces its shutdown on standard output, which belongs to destinations.
        sys.__stdout__ = sys.__stderr__  # type: ignore[misc]  # Final for all but this


def _set_up_logging(
    loglevel: int | str | None = None, logfile: str | None = None, **_: Any
) -> None:
    log.configure(loglevel or logging.INFO, Path(logfile) if logfile else None)
