"""`router dead replay`: send again what would pass now."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import click

from router.cli.advice import going_on
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
    from router.dead.replay import Tally
    from router.store.store import Store

TOLD = {
    "send": "sent again",
    "queue": "back on the queue: they can be read now",
    "filtered": "filtered: their destination may not have them, or their user denied it since",
    "blocked": "stay: the consent on them is not enough",
    "unconfigured": "stay: their destination is not in the configuration",
    "policy_error": "stay: their destination's privacy rules fail",
    "unreadable": "stay: they still cannot be read",
    "no_payload": "stay: nothing is left to send",
}


@click.command(
    cls=QueryCommand,
    examples="""
        router dead replay hook/3/1790000000000-0
        router dead replay dest:hook reason:exhausted --dry-run
        router dead replay dest:hook --limit 50
        router dead replay --all --yes
    """,
)
@click.option("-n", "--dry-run", is_flag=True, help="Tell what would happen; change nothing.")
@click.option("--limit", type=click.IntRange(min=1), help="Send at most so many.")
@acting
def replay(  # noqa: PLR0913 - a command has this many options
    ctx: click.Context,
    query: tuple[str, ...],
    limit: int | None,
    config_path: Path,
    *,
    dry_run: bool,
    everything: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Put dead letters back into their destination's queue: only that destination gets them.

    Consent and policy are those of now. What its own consent forbids, and what lost its
    destination, stays; what its user denied since is filtered, and gone. Events that could not
    be read go back onto the queue if they can be read now. What dies again is a new dead letter.

    Exit codes: 3 some stayed, 4 nothing matched, 5 nothing could be sent, 6 no such ID.
    """
    from router.cli.dead.asked import Asked, something  # noqa: PLC0415 - `--help` needs no store

    config = load_config(config_path)
    asked = Asked(query, int(time.time() * 1000))
    something(asked, everything=everything)
    tally = asyncio.run(_replay(config, asked, limit, dry_run=dry_run, yes=yes))
    if as_json:
        print_json(_as_dict(tally, dry_run=dry_run))
    else:
        _tell(tally, asked.nothing, dry_run=dry_run)
    ctx.exit(_code(tally))


async def _replay(
    config: Config, asked: Asked, limit: int | None, *, dry_run: bool, yes: bool
) -> Tally:
    from router.cli.dead.asked import agreed  # noqa: PLC0415 - `--help` needs no store
    from router.cli.opening import opened  # noqa: PLC0415 - as above
    from router.cli.whoami import signature  # noqa: PLC0415 - as above
    from router.dead.replay import Replay  # noqa: PLC0415 - as above
    from router.operations.letters import forecaster, replay  # noqa: PLC0415 - as above

    decides = forecaster(config)
    async with opened(config) as store:
        facts = (store, decides, config.queue.stream, asked.now_ms, limit)
        with Progress("looked at") as progress:
            tally = await Replay(*facts, progress.advance).forecast(asked.records(store))
        if dry_run or not tally.moved:
            return tally
        agreed(f"Replay {count(tally.moved, 'dead letter')}?", tally.moved, yes=yes)
        with Progress("replayed", tally.matched) as progress:
            tally = await replay(Replay(*facts, progress.advance), asked, signature())
        await _warn(store, tally)
        return tally


async def _warn(store: Store, tally: Tally) -> None:
    """Say which destinations get nothing for now, so that what was replayed waits."""
    holds = await store.holds.all()
    for name in tally.by_destination():
        if name in holds:
            hold = holds[name]
            note(f"{name} is {hold.state} ({hold.reason}): what was replayed waits until that ends")


def _as_dict(tally: Tally, *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "matched": tally.matched,
        "moved": tally.moved,
        "stayed": tally.stayed,
        "gone": tally.gone,
        "by_outcome": tally.by_forecast(),
        "by_destination": tally.by_destination(),
    }


def _tell(tally: Tally, nothing: str, *, dry_run: bool) -> None:
    if dry_run:
        click.echo("a dry run: nothing was changed; this would happen")
    for forecast, times in tally.by_forecast().items():
        click.echo(f"{times:>8,}  {TOLD[forecast]}")
    if tally.gone:
        click.echo(f"{tally.gone:>8,}  gone meanwhile")
    if not tally.matched:
        note(nothing)
    elif not dry_run and tally.moved:
        note(f"next: {going_on('router status')}")


def _code(tally: Tally) -> Exit:
    if not tally.matched:
        return Exit.NOTHING_MATCHED
    if tally.stayed:
        return Exit.SOME_FAILED if tally.moved else Exit.REFUSED
    return Exit.DONE
