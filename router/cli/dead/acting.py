"""What all commands that act on dead letters are told in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from router.cli.options import config_option
from router.cli.output import json_option

if TYPE_CHECKING:
    from collections.abc import Callable

_TOLD = (
    click.argument("query", nargs=-1, metavar="[QUERY | ID...]"),
    click.option("--all", "everything", is_flag=True, help="Everything that is dead."),
    click.option("-y", "--yes", is_flag=True, help="Do not ask."),
    config_option,
    json_option,
    click.pass_context,
)


def acting(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `ctx`, `query`, `everything`, `yes`, `config_path` and `as_json`."""
    for told in reversed(_TOLD):
        command = told(command)
    return command
