"""`router destinations pause`: send nothing to a destination until somebody resumes it."""

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


@click.command(cls=Command, examples="router destinations pause hook --reason 'vendor asked'")
@click.argument("name")
@click.option("--reason", required=True, help="Why; everybody sees it.")
@config_option
@json_option
def pause(name: str, reason: str, config_path: Path, *, as_json: bool) -> None:
    """Send nothing to a destination; what is for it waits, and nothing is lost or counted."""
    config = load_config(config_path)
    chosen(config, name)
    changed = asyncio.run(_pause(config, name, reason))
    if as_json:
        print_json({"destination": name, "state": "paused", "changed": changed})
        return
    click.echo(f"{name} is paused" if changed else f"{name} was paused already; that stays")
    note(f"undo: {going_on(f'router destinations resume {name}')}")


async def _pause(config: Config, name: str, reason: str) -> bool:
    from router.cli.opening import opened  # noqa: PLC0415 - `--help` needs no store
    from router.cli.whoami import signature  # noqa: PLC0415 - as above
    from router.operations.destinations import pause as hold  # noqa: PLC0415 - as above

    async with opened(config) as store:
        return await hold(store, name, signature(reason))
