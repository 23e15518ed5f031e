"""`router run`: route and deliver, everything in one process tree."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
from contextlib import contextmanager
from shlex import quote
from typing import TYPE_CHECKING

import click

from router.cli.command import Command
from router.cli.failure import Exit, Failure
from router.cli.opening import address
from router.cli.options import config_option, load_config
from router.cli.output import json_option, note, print_json
from router.cli.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from router.config import Config
    from router.worker.tree import Tree

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@click.command(
    cls=Command,
    examples="""
        router run
        router run --config shop.yaml --log-level WARNING
    """,
)
@click.option(
    "--log-level", default="INFO", show_default=True, metavar="LEVEL",
    type=click.Choice(LEVELS, case_sensitive=False), help="DEBUG, INFO, WARNING or ERROR.",
)  # fmt: skip
@config_option
@json_option
def run(config_path: Path, log_level: str, *, as_json: bool) -> None:
    """Route and deliver until Ctrl-C: the embedded store, if configured so, and Celery workers.

    The second run on the same folder of an embedded store is refused; all other commands may be
    used meanwhile.
    """
    from router.observe import log  # noqa: PLC0415 - `--help` needs none of it
    from router.worker.tree import Tree  # noqa: PLC0415 - as above

    config = load_config(config_path)
    log.configure(log_level.upper())

    def ready() -> None:
        if as_json:
            pids = {child.name: child.pid for child in tree.children}
            print_json({"state": "ready", "pid": os.getpid(), "workers": pids})
        note("router: ready")

    tree = Tree(config, config_path, level=log_level.upper(), ready=ready)
    with alone(config):
        note(welcome(config, config_path))
        asyncio.run(_until_signalled(tree))
    note("router: stopped; what is queued waits for the next run")


@contextmanager
def alone(config: Config) -> Iterator[None]:
    """Keep others from running on the same folder; the operating system ends it with us."""
    if config.redis != "embedded":
        yield
        return
    from router.store.embedded import unusable  # noqa: PLC0415 - `--help` needs no store

    try:
        config.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        opened = (config.data / "run.lock").open("a")
    except OSError as error:
        raise Failure(str(unusable(config.data, error))) from error
    with opened as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure(
                f"another `router run` works on {config.data}: end it first, or give this one"
                " a `data:` folder of its own",
                Exit.REFUSED,
            ) from None
        yield


async def _until_signalled(tree: Tree) -> None:
    from router.store.embedded import StoreUnavailable  # noqa: PLC0415 - as above

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _stop, stop)
    try:
        await tree.run(stop)
    except StoreUnavailable as error:
        raise Failure(str(error)) from error


def _stop(stop: asyncio.Event) -> None:
    if not stop.is_set():
        note("router: stopping; this takes up to ten seconds")
    stop.set()


def welcome(config: Config, file: Path) -> str:
    """Return what is said at the start: which commands to use with this file."""
    option = "" if str(file) == "router.yaml" else f" --config {quote(str(file))}"
    return "\n".join(
        [
            f"router: {count(config.worker.processes, 'worker')} on {address(config)}",
            f"  queue events   router push{option} events.jsonl",
            f"  see how it is  router status{option}",
            "  stop           Ctrl-C",
        ]
    )
