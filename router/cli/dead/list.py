"""`router dead list`: dead letters and the shelf, a line each."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import click

from router.cli.command import QueryCommand
from router.cli.failure import Exit
from router.cli.options import config_option, looked_up
from router.cli.output import console, harmless, json_option, note, print_json, table
from router.cli.wording import ago, moment

if TYPE_CHECKING:
    from pathlib import Path

    from router.dead.record import Record
    from router.store.opening import Place

SHOWN = 50


@click.command(
    "list",
    cls=QueryCommand,
    examples="""
        router dead list
        router dead list dest:hook,crm reason:exhausted since:2h
        router dead list dest:shelf
        router dead list --json status:4xx | jq -r .id
    """,
)
@click.argument("query", nargs=-1)
@click.option("--limit", type=click.IntRange(min=1), help=f"Most lines; {SHOWN}, with --json all.")
@config_option
@json_option
@click.pass_context
def list_letters(
    ctx: click.Context,
    query: tuple[str, ...],
    limit: int | None,
    config_path: Path,
    *,
    as_json: bool,
) -> None:
    """List dead letters, and events that could not be read (`dest:shelf`).

    Exit code 4 when a QUERY matched nothing.
    """
    limit = limit or (None if as_json else SHOWN)
    found, nothing = asyncio.run(_list(looked_up(config_path), query, limit, as_json=as_json))
    if not found:
        note(nothing if query else "no dead letters")
    if not found and query:
        ctx.exit(Exit.NOTHING_MATCHED)


async def _list(
    config: Place, words: tuple[str, ...], limit: int | None, *, as_json: bool
) -> tuple[int, str]:
    """Print what was asked for; returns how much that was, and what to say if nothing."""
    from router.cli.dead.asked import Asked  # noqa: PLC0415 - `--help` needs no store
    from router.cli.opening import opened  # noqa: PLC0415 - as above

    now = int(time.time() * 1000)
    asked = Asked(words, now)
    shown: list[Record] = []
    found = 0
    async with opened(config) as store:
        async for record in asked.records(store):
            if limit is not None and found == limit:
                note(f"more than {limit}: --limit shows more")
                break
            found += 1
            if as_json:
                print_json(as_dict(record))
            else:
                shown.append(record)
    if shown:
        _draw(shown, now)
    return found, asked.nothing


def as_dict(record: Record) -> dict[str, Any]:
    """Return a record as programs read it: no payload."""
    return {
        "id": record.id,
        "destination": record.destination,
        "reason": record.reason,
        "status": record.status,
        "type": record.type,
        "event": record.event,
        "message_id": record.message_id,
        "source": record.source,
        "attempts": record.attempts,
        "replays": record.replays,
        "first_failed_at": moment(record.first_failed_at),
        "dead_at": moment(record.dead_at),
    }


def _draw(records: list[Record], now: int) -> None:
    made = table(
        "id",
        "reason",
        "status",
        "type",
        "event",
        "attempts",
        "dead",
        numbers=("status", "attempts"),
    )
    for record in records:
        made.add_row(
            record.id,
            harmless(record.reason),
            str(record.status or ""),
            record.type or "",
            harmless(record.event or ""),
            str(record.attempts or ""),
            ago(record.dead_at, now),
        )
    console().print(made)
