"""`router check`: what is wrong with the configuration, and what is probably not meant."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from router.cli.command import Command
from router.cli.failure import Exit
from router.cli.options import config_option
from router.cli.output import harmless, json_option, print_json
from router.cli.wording import count
from router.config import ConfigError, lint, load

if TYPE_CHECKING:
    from pathlib import Path

    from router.config import Config, Finding, Problem

COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}


@click.command(
    cls=Command,
    examples="""
        router check                          the file router.yaml
        router check --config staging.yaml    another file
        router check --privacy                who gets personal data, and what of it
        router check --json                   for programs: ok, and a list of findings
    """,
)
@click.option(
    "--privacy", is_flag=True, help="Tell per destination what consent it needs and what it sees."
)
@config_option
@json_option
@click.pass_context
def check(ctx: click.Context, config_path: Path, *, privacy: bool, as_json: bool) -> None:
    """Find what is wrong with the configuration.

    Errors are unknown words, values that cannot be, missing environment variables, open doors;
    warnings are what is allowed and probably not meant. Looks at no store and no network. Ends
    with 2 when there is an error, else with 0. With --privacy it begins with a report for people
    who answer for personal data: of each destination the consent it needs, what it uses data for,
    and what becomes of what it is sent.
    """
    try:
        config = load(config_path, os.environ)
    except ConfigError as error:
        if as_json:
            _print(config_path, [_problem(each) for each in error.problems])
        else:
            click.echo(str(error))
        ctx.exit(Exit.USAGE)
    findings = lint(config)
    if as_json:
        report = _report(config) if privacy else {}
        _print(config_path, [asdict(each) for each in findings], **report)
    else:
        if privacy:
            _tell(config)
        for each in findings:
            click.echo(_line(config_path, each))
        click.echo(_summary(config_path, config, findings))
    if any(each.level == "error" for each in findings):
        ctx.exit(Exit.USAGE)


def _report(config: Config) -> dict[str, Any]:
    from router.cli.preview.privacy_view import report  # noqa: PLC0415 - only who asks pays for it

    return {"privacy": report(config)}


def _tell(config: Config) -> None:
    from router.cli.preview.privacy_view import told  # noqa: PLC0415 - only who asks pays for it

    for line in told(config):
        click.echo(line)
    click.echo()


def _print(path: Path, findings: list[dict[str, Any]], **more: Any) -> None:
    ok = all(each["level"] != "error" for each in findings)
    print_json({"ok": ok, "file": str(path), "findings": findings, **more})


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "level": "error",
        "code": "unusable",
        "where": problem.where,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
        "hint": problem.hint,
    }


def _line(path: Path, each: Finding) -> str:
    place = f"{path}:{each.line}:{each.column}" if each.line else f"{path}: {each.where}"
    level = click.style(each.level, fg=COLOURS[each.level])
    text = f"{place}: {level}: {harmless(each.message)}"
    return f"{text}\n    {harmless(each.hint)}" if each.hint else text


def _summary(path: Path, config: Config, findings: list[Finding]) -> str:
    parts = [count(len(config.destinations), "destination")]
    for level in ("error", "warning"):
        number = sum(each.level == level for each in findings)
        parts.append(count(number, level) if number else f"no {level}s")
    return f"{path}: {', '.join(parts)}"
