"""`router dead discard`: drop dead letters for good."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import TYPE_CHECKING

import click

from router.cli.command import QueryCommand
from router.cli.dead.acting import acting
from router.cli.failure import Exit
from router.cli.options import load_config
from router.cli.output import note, print_json
from router.cli.progress import Progress
from router.cli.wording import count

if TYPE_CHECKING:
    from pathlib import Path

    from router.cli.dead.asked import Asked
    from router.config import Config
    from router.store.store import Store


@click.command(
    cls=QueryCommand,
    examples="""
        router dead discard 'event:"Test Event"' --reason 'from the load test'
        router dead discard dest:shelf until:30d --reason old -n
    """,
)
@click.option("--reason", required=True, help="Why; it is kept with your name.")
@click.option("-n", "--dry-run", is_flag=True, help="Count; change nothing.")
@click.option("--limit", type=click.IntRange(min=1), help="Drop at most so many.")
@acting
def discard(  # noqa: PLR0913 - a command has this many options
    ctx: click.Context,
    query: tuple[str, ...],
    reason: str,
    limit: int | None,
    config_path: Path,
    *,
    dry_run: bool,
    everything: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Drop dead letters, and events from the shelf, for good; they stay counted as dead.

    Exit codes: 4 nothing matched, 6 no such ID.
    """
    from router.cli.dead.asked import Asked, something  # noqa: PLC0415 - `--help` needs no store

    config = load_config(config_path)
    asked = Asked(query, int(time.time() * 1000))
    something(asked, everything=everything)
    gone = asyncio.run(_discard(config, asked, reason, limit, dry_run=dry_run, yes=yes))
    total = sum(gone.values())
    if as_json:
        by_destination = dict(sorted(gone.items()))
        print_json({"dry_run": dry_run, "discarded": total, "by_destination": by_destination})
    elif total:
        done = "would be discarded" if dry_run else "discarded for good"
        click.echo(f"{count(total, 'dead letter')} {done}")
    if not total:
        note(asked.nothing)
        ctx.exit(Exit.NOTHING_MATCHED)


async def _discard(  # noqa: PLR0913 - what the options say
    config: Config, asked: Asked, reason: str, limit: int | None, *, dry_run: bool, yes: bool
) -> Counter[str]:
    from router.cli.dead.asked import agreed  # noqa: PLC0415 - `--help` needs no store
    from router.cli.opening import opened  # noqa: PLC0415 - as above
    from router.cli.whoami import signature  # noqa: PLC0415 - as above
    from router.operations.letters import discard as drop  # noqa: PLC0415 - as above

    async with opened(config) as store:
        with Progress("looked at") as progress:
            found = await _count(asked, store, limit, progress)
        total = sum(found.values())
        if dry_run or not total:
            return found
        agreed(f"Discard {count(total, 'dead letter')} for good?", total, yes=yes)
        with Progress("discarded", total) as progress:
            return await drop(store, asked, signature(reason), limit, progress.advance)


async def _count(asked: Asked, store: Store, limit: int | None, progress: Progress) -> Counter[str]:
    from router.dead.scan import first  # noqa: PLC0415 - `--help` needs no store

    found: Counter[str] = Counter()
    async for record in first(asked.records(store), limit):
        found[record.destination] += 1
        progress.advance(1)
    return found
