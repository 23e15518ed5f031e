"""Advice: what to run next, with the configuration file that this command was given."""

from __future__ import annotations

import shlex

import click
from click.core import ParameterSource


def going_on(advice: str) -> str:
    """Return a command to try next, followed or not by `: why`, with the file that was named.

    One that the environment names, or nobody, is found again by itself.
    """
    context = click.get_current_context()
    if context.get_parameter_source("config_path") is not ParameterSource.COMMANDLINE:
        return advice
    command, colon, why = advice.partition(": ")
    return f"{command} --config {shlex.quote(str(context.params['config_path']))}{colon}{why}"
