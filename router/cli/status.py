"""`router status`: every destination on a line, and the proof that nothing was lost."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import click

from router.cli.command import Command
from router.cli.failure import Exit
from router.cli.options import config_option, load_config
from router.cli.output import json_option, print_json

if TYPE_CHECKING:
    from pathlib import Path

    from router.config import Config
    from router.observe.status import Status

HOUR_MS = 3_600_000
HOURS = 2
"""The clock hours that count as recent: this one and the one before."""


@click.command(
    cls=Command,
    examples="""
        router status
        router status --check && echo nothing was lost
        router status --json | jq '.destinations[] | select(.state != "healthy")'
    """,
)
@click.option("--check", is_flag=True, help="Prove conservation; exit 10 if it fails.")
@config_option
@json_option
def status(config_path: Path, *, check: bool, as_json: bool) -> None:
    """Show how it goes: destinations, queues, workers, dead letters.

    With --check, prove that every accepted event is delivered, filtered, dead or pending at
    every destination, and exactly one of them.
    """
    from router.cli.status_text import as_dict, draw, verdict  # noqa: PLC0415 - drawing is slow

    found = asyncio.run(_read(load_config(config_path)))
    if as_json:
        print_json(as_dict(found, check=check))
    else:
        draw(found)
        if check:
            click.echo(verdict(found))
    if check and found.missing:
        click.get_current_context().exit(Exit.NOT_CONSERVED)


async def _read(config: Config) -> Status:
    from router.cli.opening import opened  # noqa: PLC0415 - `--help` needs no store
    from router.config.compiled import names  # noqa: PLC0415 - as above
    from router.observe.readings import Odd, Queue, Readings  # noqa: PLC0415 - as above
    from router.observe.status import gather  # noqa: PLC0415 - as above

    configured = [f"{name}:{section.type}" for name, section in config.destinations.items()]
    now, known = int(time.time() * 1000), names(config)
    async with opened(config) as store:
        ledger = await store.ledger(configured)
        lanes = sorted({*configured, *ledger.lanes})
        queues = (("stream", config.queue.stream), ("list", config.queue.list))
        return gather(
            Readings(
                now=now,
                configured=configured,
                digest=config.digest,
                ledger=ledger,
                recent=await store.hours(now, HOURS),
                recent_since=(now // HOUR_MS - HOURS + 1) * HOUR_MS,
                holds=await store.holds.all(),
                members=await store.members.all(),
                queues=[
                    Queue(kind, name, await store.intake(kind, name).length())
                    for kind, name in queues
                ],
                shelf=await store.shelf.length(),
                oldest={lane: await store.oldest_at(lane) for lane in lanes},
                failing=await store.failing(lanes),
                oddities=[
                    Odd(*kind, known.meant(kind.name), times)
                    for kind, times in (await store.oddities.recent(now)).items()
                ],
            )
        )
