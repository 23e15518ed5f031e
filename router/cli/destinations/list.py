"""`router destinations list`: what is configured, a line each."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from router.cli.command import Command
from router.cli.destinations.chosen import consent_of, sees_of, standing
from router.cli.options import config_option, load_config
from router.cli.output import console, harmless, json_option, print_json, table

if TYPE_CHECKING:
    from pathlib import Path

    from router.config import Config
    from router.store.holds import Hold


@click.command("list", cls=Command, examples="router destinations list")
@config_option
@json_option
def list_destinations(config_path: Path, *, as_json: bool) -> None:
    """List the configured destinations: adapter, state, what they take and may see."""
    config = load_config(config_path)
    holds = asyncio.run(_holds(config))
    rows = [_row(config, name, holds.get(name)) for name in config.destinations]
    if as_json:
        print_json({"destinations": rows})
        return
    made = table("destination", "adapter", "state", "sources", "events", "consent", "may see")
    for row in rows:
        sources = ", ".join(row["sources"]) if row["sources"] else "all"
        cells = (row["name"], row["type"], row["state"], sources, row["events"] or "all",
                 row["consent"], row["may_see"])  # fmt: skip
        made.add_row(*map(harmless, cells))
    console().print(made)


async def _holds(config: Config) -> dict[str, Hold]:
    from router.cli.opening import opened  # noqa: PLC0415 - `--help` needs no store

    async with opened(config) as store:
        return await store.holds.all()


def _row(config: Config, name: str, hold: Hold | None) -> dict[str, Any]:
    section = config.destinations[name]
    return {
        "name": name,
        "type": section.type,
        **standing(hold),
        "sources": list(section.sources) if section.sources is not None else None,
        "events": section.events,
        "consent": consent_of(section),
        "may_see": sees_of(config, name, section),
    }
