"""`router destinations list`: what is configured, a line each."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from router.cli.command import Command
from router.cli.destinations.access import consent_of, sees_of
from router.cli.destinations.chosen import standing
from router.cli.options import config_option, looked_up
from router.cli.output import console, harmless, json_option, print_json, table
from router.observe.lane import parts_of

if TYPE_CHECKING:
    from pathlib import Path

    from router.config import Config
    from router.config.reading.salvage import Whereabouts
    from router.store.holds import Hold


@click.command("list", cls=Command, examples="router destinations list")
@config_option
@json_option
def list_destinations(config_path: Path, *, as_json: bool) -> None:
    """List the configured destinations: adapter, state, what they take and may see.

    While the configuration is broken: those that workers serve, or that ever got events.
    """
    rows = asyncio.run(_rows(looked_up(config_path)))
    if as_json:
        print_json({"destinations": rows})
        return
    made = table("destination", "adapter", "state", "sources", "events", "consent", "may see")
    for row in rows:
        cells = [row["name"], row["type"], row["state"]]
        if "consent" in row:
            sources = ", ".join(row["sources"]) if row["sources"] else "all"
            cells += [sources, row["events"] or "all", row["consent"], row["may_see"]]
        made.add_row(*map(harmless, cells))
    console().print(made)


async def _rows(config: Config | Whereabouts) -> list[dict[str, Any]]:
    from router.cli.opening import opened  # noqa: PLC0415 - `--help` needs no store
    from router.config import Config  # noqa: PLC0415 - as above
    from router.observe.readings import known_lanes  # noqa: PLC0415 - as above

    async with opened(config) as store:
        holds = await store.holds.all()
        if isinstance(config, Config):
            return [_row(config, name, holds.get(name)) for name in config.destinations]
        lanes = known_lanes(await store.members.all(), await store.lanes.known())
    named = map(parts_of, lanes)
    return [{"name": name, "type": kind, **standing(holds.get(name))} for name, kind in named]


def _row(config: Config, name: str, hold: Hold | None) -> dict[str, Any]:
    section = config.destinations[name]
    return {
        "name": name,
        "type": section.type,
        **standing(hold),
        "sources": list(section.sources) if section.sources is not None else None,
        "events": section.events,
        "consent": consent_of(section),
        "may_see": sees_of(config, name),
    }
