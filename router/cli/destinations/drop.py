"""`router destinations drop`: give up what waits for a destination that left the configuration."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from router.cli.advice import going_on
from router.cli.command import Command
from router.cli.failure import Exit, Failure
from router.cli.options import config_option, load_config
from router.cli.output import json_option, note, print_json
from router.cli.wording import count
from router.config.problem import quoted

if TYPE_CHECKING:
    from pathlib import Path

    from router.config import Config


@click.command(cls=Command, examples="router destinations drop old-hook --confirm old-hook")
@click.argument("name")
@click.option("--confirm", required=True, metavar="NAME", help="The name again.")
@click.option("--reason", default="", help="Why; it is kept with your name.")
@config_option
@json_option
def drop(name: str, confirm: str, reason: str, config_path: Path, *, as_json: bool) -> None:
    """Make dead letters of what waits for a destination that left the configuration.

    Until then it waits for the destination to come back. Dropped, it can still be replayed
    when the destination is configured again, or be discarded.

    Exit codes: 5 it is configured, here or at a running worker; 6 nothing ever waited for it.
    """
    if confirm != name:
        raise click.UsageError(f"--confirm says {quoted(confirm)}, not {quoted(name)}.")
    config = load_config(config_path)
    dropped = asyncio.run(_drop(config, name, reason))
    if as_json:
        print_json({"destination": name, "dropped": dropped})
    elif dropped:
        click.echo(f"{count(dropped, 'dead letter')} made of what waited for {name}")
        note(f"next: {going_on(f'router dead list dest:{name} reason:unconfigured')}")
    else:
        click.echo(f"nothing waits for {name}")


async def _drop(config: Config, name: str, reason: str) -> int:
    from router.cli.opening import opened  # noqa: PLC0415 - `--help` needs no store
    from router.cli.whoami import signature  # noqa: PLC0415 - as above
    from router.operations import destinations  # noqa: PLC0415 - as above

    async with opened(config) as store:
        lanes = await destinations.left_lanes(store, config, name)
        if name not in config.destinations and not lanes:
            raise Failure(f"nothing ever waited for {quoted(name)}", Exit.NOT_FOUND)
        try:
            return await destinations.drop(store, config, name, signature(reason))
        except destinations.Refused as refused:
            raise Failure(str(refused), Exit.REFUSED) from None
