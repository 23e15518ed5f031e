"""`router push`: lines of a file onto the queue, as they stand."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from router.cli.command import Command
from router.cli.lines import chunks, opened_file
from router.cli.options import config_option, load_config
from router.cli.output import json_option, note, print_json
from router.cli.progress import Progress
from router.cli.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from router.config import Config
    from router.store.store import Store

BATCH_EVENTS = 500
BATCH_BYTES = 1_000_000
"""What goes to the store in one round trip, at most (a single larger event passes)."""


@click.command(
    cls=Command,
    examples="""
        router push events.jsonl
        router push --source shop events.jsonl
        tail -f events.jsonl | router push -
    """,
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--source", metavar="NAME", help="Who sent the events.")
@click.option("--list", "as_list", is_flag=True, help="Use the list, not the stream.")
@config_option
@json_option
def push(file: str, source: str | None, config_path: Path, *, as_list: bool, as_json: bool) -> None:
    """Queue the events in FILE (`-`: standard input), one JSON object a line.

    Lines are not looked into: what cannot be read, the router sets aside with a reason. Blank
    lines are skipped.
    """
    if as_list and source:
        raise click.UsageError("A list item has no source: leave out --source or --list.")
    settings = load_config(config_path)
    queue = settings.queue.list if as_list else settings.queue.stream
    pushed = asyncio.run(_push(settings, file, source, as_list=as_list))
    if as_json:
        print_json({"pushed": pushed, "queue": queue})
    else:
        click.echo(f"{count(pushed, 'event')} queued on {queue}")


async def _push(settings: Config, name: str, source: str | None, *, as_list: bool) -> int:
    from router.cli.opening import opened  # noqa: PLC0415 - `--help` needs no store

    pushed = 0
    async with opened(settings) as store:
        with opened_file(name) as (file, size), Progress("queued", size) as progress:
            try:
                for lines, read in chunks(file):
                    for batch in _batches(lines):
                        await _send(store, settings, batch, source, as_list=as_list)
                        pushed += len(batch)
                    progress.advance(read, counted=sum(1 for line in lines if line.strip()))
            except BaseException:
                if pushed:
                    note(f"{count(pushed, 'event')} of {name} were queued before it broke off")
                raise
    return pushed


async def _send(
    store: Store, settings: Config, batch: list[bytes], source: str | None, *, as_list: bool
) -> None:
    if as_list:
        await store.push_list(settings.queue.list, batch)
        return
    extra: dict[str, Any] = {"source": source} if source else {}
    await store.push(settings.queue.stream, [{"event": line, **extra} for line in batch])


def _batches(lines: list[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for line in lines:
        if not line.strip():
            continue
        if batch and (len(batch) == BATCH_EVENTS or size + len(line) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line)
    if batch:
        yield batch
