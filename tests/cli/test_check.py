"""`router check`, as a person and as a program see it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from router.cli.options import config_option, load_config
from router.cli.preview.check import check

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
destinations:
  log:
    type: console
    consent: {not_required: "our own terminal"}
"""


@click.command()
@config_option
def named(config_path: Path) -> None:
    """Print the destinations of a configuration, as any command may."""
    click.echo(",".join(load_config(config_path).destinations))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the configuration file that the environment names."""
    path = tmp_path / "router.yaml"
    path.write_text(GOOD)
    monkeypatch.setenv("ROUTER_CONFIG", str(path))
    return path


def test_a_person_reads_a_line_for_each_finding(file: Path) -> None:
    """Warnings stand with their place and a hint, a summary closes; that is no failure."""
    result = CliRunner().invoke(check)

    assert 0 == result.exit_code
    lines = result.stdout.splitlines()
    assert f"{file}:1:1: warning: PII sent to all destinations: log" == lines[0]
    assert f"{file}: 1 destination, no errors, 1 warning" == lines[-1]
    assert "" == result.stderr


def test_a_person_reads_what_cannot_be_used(file: Path) -> None:
    """A file that cannot be loaded gives its problems, and exit code 2."""
    file.write_text(GOOD.replace("type:", "tpye:"))

    result = CliRunner().invoke(check, ["--config", str(file)])

    assert 2 == result.exit_code
    assert f'{file}:3:5: unknown word "tpye" (did you mean "type"?)\n' == result.stdout


def test_a_program_reads_one_object(file: Path) -> None:
    """Findings and whether all is well, with a version of their form."""
    result = CliRunner().invoke(check, ["--json"])

    answer = json.loads(result.stdout)
    assert (1, True, str(file)) == (answer["schema_version"], answer["ok"], answer["file"])
    assert {"level", "code", "where", "line", "column", "message", "hint"} == set(
        answer["findings"][0]
    )


def test_a_program_reads_problems_in_the_same_form(file: Path) -> None:
    """What cannot be loaded comes as findings too, with exit code 2."""
    file.write_text(GOOD.replace("console", "consol"))

    result = CliRunner().invoke(check, ["--json"])

    assert 2 == result.exit_code
    answer = json.loads(result.stdout)
    assert not answer["ok"]
    assert [
        {
            "level": "error",
            "code": "unusable",
            "where": "destinations.log.type",
            "line": 3,
            "column": 11,
            "message": 'unknown word "consol"',
            "hint": 'did you mean "console"?',
        }
    ] == answer["findings"]


def test_an_error_of_the_linter_fails_the_check(file: Path) -> None:
    """An open door can be loaded, and still is an error."""
    file.write_text(GOOD + "egress: {allow: [0.0.0.0/0]}\n")

    result = CliRunner().invoke(check)

    assert 2 == result.exit_code
    assert f"{file}:5:18: error: 0.0.0.0/0 allows every address" in result.stdout


def test_every_command_loads_the_named_configuration(file: Path) -> None:
    """The option and the environment name the file; a bad one ends the command with 2."""
    assert "log\n" == CliRunner().invoke(named).stdout
    file.write_text(GOOD.replace("type:", "tpye:"))

    result = CliRunner().invoke(named)

    assert (2, "") == (result.exit_code, result.stdout)
    assert f'{file}:3:5: unknown word "tpye" (did you mean "type"?)\n' == result.stderr
