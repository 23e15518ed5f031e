"""The option `--config` of every command, and the configuration that it names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from router.cli.failure import Exit
from router.config import Config, ConfigError, load
from router.config.reading.salvage import salvage

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.config.reading.salvage import Whereabouts

config_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--config",
    "config_path",
    envvar="ROUTER_CONFIG",
    default="router.yaml",
    show_default=True,
    show_envvar=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The configuration file.",
)
"""Gives a command the argument `config_path`."""


BROKEN = "the configuration is broken; this is what the store knows by itself"
LOST = (
    "the configuration is broken, and does not say where the store is: mend it, name the last good"
    " one with --config, or a file that has nothing but its line `redis:`"
)


def load_config(path: Path) -> Config:
    """Load the configuration, or print every problem on standard error and end with exit code 2."""
    try:
        return load(path, os.environ)
    except ConfigError as error:
        click.echo(str(error), err=True)
        raise click.exceptions.Exit(Exit.USAGE) from None


def looked_up(path: Path) -> Config | Whereabouts:
    """Load the configuration for a command that only looks.

    Of a file with errors, print them, and return where the store is: it knows most by itself. Ends
    with exit code 2 when the file does not say that either.
    """
    try:
        return load(path, os.environ)
    except ConfigError as error:
        click.echo(str(error), err=True)
        try:
            found = salvage(path, os.environ, error)
        except ConfigError:
            if path.exists():
                click.echo(f"router: {LOST}", err=True)
            raise click.exceptions.Exit(Exit.USAGE) from None
        click.echo(f"router: {BROKEN}", err=True)
        return found
