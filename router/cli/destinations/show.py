"""`router destinations show`: one destination with its settings, secrets masked."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from router.cli.advice import going_on
from router.cli.command import Command
from router.cli.destinations.chosen import chosen, standing
from router.cli.options import config_option, load_config
from router.cli.output import console, harmless, json_option, note, print_json, table
from router.config.values.units import format_duration

if TYPE_CHECKING:
    from pathlib import Path

    from router.config import Config
    from router.config.sections.destination import Destination
    from router.store.holds import Hold


@click.command(cls=Command, examples="router destinations show hook")
@click.argument("name")
@config_option
@json_option
def show(name: str, config_path: Path, *, as_json: bool) -> None:
    """Show how a destination is configured and what its adapter could be told."""
    config = load_config(config_path)
    section = chosen(config, name)
    hold = asyncio.run(_hold(config, name))
    shown = _shown(name, section, hold)
    if as_json:
        print_json(shown)
    else:
        _tell(shown, hold)


async def _hold(config: Config, name: str) -> Hold | None:
    from router.cli.opening import opened  # noqa: PLC0415 - `--help` needs no store

    async with opened(config) as store:
        return (await store.holds.all()).get(name)


def _shown(name: str, section: Destination, hold: Hold | None) -> dict[str, Any]:
    """Return the destination without its secrets."""
    plain = _plain(section.model_dump(by_alias=True, exclude={"settings", "type"}))
    adapter = section.adapter_class
    return {
        "name": name,
        "type": section.type,
        **standing(hold),
        "adapter": {
            "name": adapter.name,
            "aliases": sorted(adapter.aliases),
            "accepts": sorted(adapter.accepts),
        },
        **plain,
        "settings": _settings(section),
    }


def _settings(section: Destination) -> list[dict[str, Any]]:
    from router.config.sections.shape import Shape, word  # noqa: PLC0415 - `--help` shows no settings

    values = _plain(section.settings.model_dump())
    return [
        {
            "name": word(name, info),
            "type": Shape(info.annotation, tuple(info.metadata)).type_name(),
            "value": values[name],
            "set": name in section.settings.model_fields_set,
            "description": info.description,
        }
        for name, info in section.adapter_class.Settings.model_fields.items()
    ]


def _plain(value: Any) -> Any:
    """Return a value of the configuration as JSON can hold it; what is secret masks itself."""
    match value:
        case dict():
            plain: Any = {key: _plain(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            plain = [_plain(each) for each in value]
        case timedelta():
            plain = format_duration(value)
        case None | bool() | int() | float() | str():
            plain = value
        case _:
            plain = str(value)
    return plain


def _tell(shown: dict[str, Any], hold: Hold | None) -> None:
    screen = console()
    adapter = shown["adapter"]
    facts = {
        "destination": shown["name"],
        "adapter": f"{shown['type']} ({', '.join([adapter['name'], *adapter['aliases']])})",
        "takes": ", ".join(adapter["accepts"]),
        "state": shown["state"] + (f": {hold.reason}" if hold else ""),
        "sources": ", ".join(shown["sources"]) if shown["sources"] else "all",
        "events": shown["events"] or "all",
        "consent": _words(shown["consent"]),
        "privacy": _words(shown["privacy"]),
        "delivery": _words(shown["delivery"]),
    }
    for name, value in facts.items():
        screen.print(f"{name:<13}{harmless(value)}")
    if shown["settings"]:
        screen.print()
        made = table("setting", "value", "type", "what it means")
        for setting in shown["settings"]:
            value = _words(setting["value"]) if setting["set"] else f"({_words(setting['value'])})"
            cells = (setting["name"], value, setting["type"], setting["description"] or "")
            made.add_row(*map(harmless, cells))
        screen.print(made)
    if hold is not None:
        resume = f"router destinations resume {shown['name']}"
        note(f"next: {going_on(resume)}")


def _words(value: Any) -> str:
    """Return a value as an operator would write it, without what is not set."""
    if isinstance(value, dict):
        inner = (f"{key}: {_words(each)}" for key, each in value.items() if each not in (None, []))
        return f"{{{', '.join(inner)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_words, value))}]"
    return (
        "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    )
