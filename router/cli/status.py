"""`router status`: every destination on a line, and the proof that nothing was lost."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import click

from router.cli.command import Command
from router.cli.failure import Exit
from router.cli.options import config_option, looked_up
from router.cli.output import json_option, print_json

if TYPE_CHECKING:
    from pathlib import Path

    from router.config import Config
    from router.config.reading.salvage import Whereabouts
    from router.observe.readings import Odd, Suspect
    from router.observe.status import Status
    from router.store.store import Store

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
    every destination, and exactly one of them. While the configuration is broken, its errors go
    to standard error, and the rest is what the store and its workers know.
    """
    from router.cli.status_text import as_dict, draw, verdict  # noqa: PLC0415 - drawing is slow

    found = asyncio.run(_read(looked_up(config_path)))
    if as_json:
        print_json(as_dict(found, check=check))
    else:
        draw(found)
        if check:
            click.echo(verdict(found))
    if check and found.missing:
        click.get_current_context().exit(Exit.NOT_CONSERVED)


async def _read(config: Config | Whereabouts) -> Status:
    from router.cli.opening import opened  # noqa: PLC0415 - `--help` needs no store
    from router.config import Config  # noqa: PLC0415 - as above
    from router.observe.readings import Queue, Readings, known_lanes  # noqa: PLC0415 - as above
    from router.observe.status import gather  # noqa: PLC0415 - as above

    whole = config if isinstance(config, Config) else None
    now = int(time.time() * 1000)
    async with opened(config) as store:
        members = await store.members.all()
        configured = whole.lanes if whole else known_lanes(members, await store.lanes.known())
        ledger = await store.ledger(configured)
        lanes = sorted({*configured, *ledger.lanes})
        queues = (("stream", config.queue.stream), ("list", config.queue.list))
        return gather(
            Readings(
                now=now,
                configured=configured,
                digest=whole.digest if whole else None,
                ledger=ledger,
                recent=await store.hours(now, HOURS),
                recent_since=(now // HOUR_MS - HOURS + 1) * HOUR_MS,
                holds=await store.holds.all(),
                members=members,
                queues=[
                    Queue(kind, name, await store.intake(kind, name).length())
                    for kind, name in queues
                ],
                shelf=await store.shelf.length(),
                oldest={lane: await store.oldest_at(lane) for lane in lanes},
                failing=await store.failing(lanes),
                oddities=await _oddities(whole, store, now),
                problems=() if isinstance(config, Config) else config.problems,
                suspects=await _suspects(store),
            )
        )


async def _suspects(store: Store) -> list[Suspect]:
    from router.observe.readings import Suspect  # noqa: PLC0415 - as above

    found = [
        Suspect(home, entry, one.deaths)
        for home, entries in (await store.suspected()).items()
        for entry, one in entries.items()
    ]
    return sorted(found, key=lambda suspect: -suspect.deaths)


async def _oddities(config: Config | None, store: Store, now: int) -> list[Odd]:
    from router.config.compiled import names  # noqa: PLC0415 - as above
    from router.observe.readings import Odd  # noqa: PLC0415 - as above

    found = await store.oddities.recent(now)
    known = names(config) if config else None
    return [
        Odd(*kind, known.meant(kind.name, kind.code) if known else None, times)
        for kind, times in found.items()
    ]
