"""`router reload`: let every worker take over what the configuration file says now."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import click

from router.cli.command import Command
from router.cli.failure import Exit, Failure
from router.cli.options import config_option, load_config
from router.cli.output import json_option, note, print_json
from router.cli.wording import count

if TYPE_CHECKING:
    from pathlib import Path

    from router.config import Config
    from router.store.store import Store

    Workers = dict[str, dict[str, Any]]

DRAIN = 10.0
"""Seconds that a worker may take to end what it has open, beside the wait for its next look."""
LOOK = 0.2


@click.command(cls=Command, examples="router reload --reason 'new filter for crm'")
@click.option("--reason", default="", help="Why; the audit keeps it.")
@config_option
@json_option
def reload(reason: str, config_path: Path, *, as_json: bool) -> None:
    """Let every worker take over what the configuration file says now, without a restart.

    What is queued, failing or dead is attempted by the new settings; nothing is lost. The file is
    checked first. Each worker reads the file on its own host.
    """
    config = load_config(config_path)
    workers = asyncio.run(_reload(config, reason))
    behind = {owner: facts for owner, facts in workers.items() if facts["config"] != config.digest}
    if as_json:
        print_json({
            "digest": config.digest,
            "workers": [{"owner": owner, "host": facts["host"], "pid": facts["pid"],
                         "digest": facts["config"], "problem": facts.get("problem") or None}
                        for owner, facts in workers.items()],
        })  # fmt: skip
    else:
        click.echo(f"{count(len(workers) - len(behind), 'worker')} of {len(workers)} work with"
                   f" configuration {config.digest}")  # fmt: skip
    if not workers:
        note("no worker runs; one that starts reads the file as it is then")
    for facts in behind.values():
        why = facts.get("problem") or "still busy, or the file on its host says something else"
        note(f"worker {facts['host']} {facts['pid']}: {why}")
    if behind:
        raise Failure("not every worker took it over; `router status` shows them", Exit.SOME_FAILED)


async def _reload(config: Config, reason: str) -> Workers:
    from router.cli.opening import opened  # noqa: PLC0415 - `--help` needs no store
    from router.cli.whoami import signature  # noqa: PLC0415 - as above
    from router.operations.reloading import reload as ask  # noqa: PLC0415 - as above

    async with opened(config) as store:
        before = len(await store.members.all())
        await ask(store, signature(reason))
        return await followed(store, config, before)


async def followed(store: Store, config: Config, before: int) -> Workers:
    """Wait until all workers work with the configuration, or say why not; returns them.

    While one takes it over it is not among them: it counts only when there are as many as before.
    """
    until = time.monotonic() + config.worker.lease.total_seconds() / 4 + DRAIN
    while True:
        workers = await store.members.all()
        done = len(workers) >= before and all(
            facts.get("config") == config.digest or facts.get("problem")
            for facts in workers.values()
        )
        if done or time.monotonic() > until:
            return workers
        await asyncio.sleep(LOOK)
