"""`router destinations resume`: end whatever holds a destination."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from router.cli.advice import going_on
from router.cli.command import Command
from router.cli.destinations.chosen import chosen
from router.cli.options import config_option, load_config
from router.cli.output import json_option, note, print_json

if TYPE_CHECKING:
    from pathlib import Path

    from router.config import Config
    from router.store.holds import Hold


@click.command(cls=Command, examples="router destinations resume hook")
@click.argument("name")
@click.option("--reason", default="", help="Why; it is kept with your name.")
@config_option
@json_option
def resume(name: str, reason: str, config_path: Path, *, as_json: bool) -> None:
    """End a pause or a hold: what waits is sent at once.

    What still fails is held again, and nothing is lost by it.
    """
    config = load_config(config_path)
    chosen(config, name)
    before = asyncio.run(_resume(config, name, reason))
    if as_json:
        print_json({"destination": name, "state": "healthy", "changed": before is not None})
        return
    if before is None:
        click.echo(f"{name} was not held")
        return
    click.echo(f"{name} is no longer {before.state} ({before.reason})")
    note(f"undo: {going_on(f'router destinations pause {name} --reason ...')}")


async def _resume(config: Config, name: str, reason: str) -> Hold | None:
    """End the hold; returns the one that was ended."""
    from router.cli.opening import opened  # noqa: PLC0415 - `--help` needs no store
    from router.cli.whoami import signature  # noqa: PLC0415 - as above
    from router.operations.destinations import resume as end  # noqa: PLC0415 - as above

    async with opened(config) as store:
        return await end(store, name, signature(reason))
