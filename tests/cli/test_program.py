"""The program as a whole: help, typos, failures and exit codes."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from router.cli import main
from router.cli.command import Command, Group
from router.cli.failure import Exit
from tests.cli.conftest import Shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WITHOUT_CONFIGURATION = {("sink",), ("demo",), ("bench",), ("diff",)}
"""Those that need none, or are given theirs by name."""

HEAVY = ("celery", "kombu", "redis", "httptools", "rich")


def commands(
    group: Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command with its words."""
    for name, lazy in group.lazy.items():
        command = lazy.load()
        yield (*path, name), command
        if isinstance(command, Group):
            yield from commands(command, (*path, name))


ALL = list(commands(main))
PLAIN = [(path, command) for path, command in ALL if not isinstance(command, Group)]


@pytest.mark.parametrize("path", [" ".join(path) for path, _ in ALL])
def test_every_command_has_help_with_examples_first(path: str) -> None:
    """Help shows examples before options, whatever the command."""
    result = CliRunner().invoke(main, [*path.split(), "--help"])

    assert 0 == result.exit_code
    assert 0 < result.stdout.index("Examples:") < result.stdout.index("Options:")


@pytest.mark.parametrize(("path", "command"), PLAIN, ids=[" ".join(path) for path, _ in PLAIN])
def test_every_command_speaks_json(path: tuple[str, ...], command: click.Command) -> None:
    """Every command has `--json`, and all but a few read a configuration."""
    names = {option for parameter in command.params for option in parameter.opts}

    assert "--json" in names
    assert ("--config" in names) is (path not in WITHOUT_CONFIGURATION)


def test_examples_are_of_their_command() -> None:
    """An example calls the command in whose help it stands."""
    strays = [
        line.strip()
        for path, command in PLAIN
        if isinstance(command, Command)
        for line in command.examples.strip().splitlines()
        if f"router {' '.join(path)}" not in line
    ]

    assert [] == strays


def test_help_imports_nothing_heavy() -> None:
    """`router --help` answers at once: it imports neither commands nor what they need."""
    script = f"""
import sys
from click.testing import CliRunner
from router.cli import main
assert CliRunner().invoke(main, ["--help"]).exit_code == 0
found = [name for name in {HEAVY!r} if name in sys.modules]
found += [name for name in sys.modules if name.startswith("router.config")]
sys.exit(str(found) if found else 0)
"""

    assert 0 == subprocess.run([sys.executable, "-c", script], check=False).returncode


def test_explain_imports_neither_celery_nor_redis(tmp_path: Path) -> None:
    """`router explain` needs no store, so it does not load what speaks to one."""
    shop = Shop(tmp_path)
    script = f"""
import sys
from click.testing import CliRunner
from router.cli import main
arguments = ["explain", "-", "--config", {str(shop.file)!r}]
assert CliRunner().invoke(main, arguments, input="{{}}").exit_code == 0
found = [name for name in ("celery", "redis") if name in sys.modules]
sys.exit(str(found) if found else 0)
"""

    assert 0 == subprocess.run([sys.executable, "-c", script], check=False).returncode


def test_typo_gets_the_nearest_command() -> None:
    """A command that is not there ends with 2 and the one that was likely meant."""
    result = CliRunner().invoke(main, ["statsu"])

    assert 2 == result.exit_code
    assert "There is no command 'statsu'. Did you mean 'status'?" in result.stderr


def test_typo_in_a_group_gets_the_nearest_command() -> None:
    """The same holds inside a group."""
    assert "'replay'" in CliRunner().invoke(main, ["dead", "reply"]).stderr


def test_version() -> None:
    """`--version` prints name and version."""
    assert CliRunner().invoke(main, ["--version"]).stdout.startswith("router, version ")


def test_unreachable_store_is_a_sentence(tmp_path: Path) -> None:
    """A server that does not answer ends with 1 and what to do, without password or traceback."""
    shop = Shop(tmp_path)
    server = "redis: redis://user:hidden-word@127.0.0.1:1/0\nprivacy_key: 0123456789abcdef0123"
    shop.mend("data: ./data", server)

    result = shop("status")

    assert Exit.ERROR == result.exit_code
    expected = (
        "router: the store at redis://127.0.0.1:1 does not answer: start it, or mend `redis:` in"
        " the configuration (`redis: embedded` needs no server)\n"
    )
    assert expected == result.stderr


def test_broken_configuration_is_a_list_of_problems(tmp_path: Path) -> None:
    """A configuration that cannot be used ends with 2 and the lines of its problems."""
    shop = Shop(tmp_path)
    shop.mend("type: console", "type: consle")

    result = shop("status")

    assert Exit.USAGE == result.exit_code
    assert "router.yaml:" in result.stderr
    assert "console" in result.stderr


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """Give the program a command that raises what the test chooses."""
    chosen: list[BaseException] = []

    @click.command(cls=Command)
    def fail() -> None:
        raise chosen[0]

    monkeypatch.setitem(main.commands, "fail", fail)
    return chosen


def test_unexpected_error_hides_its_words(failing: list[BaseException]) -> None:
    """An error nobody expected is told by type and place: its words may quote an event."""
    failing.append(KeyError("person@example.test"))

    result = CliRunner().invoke(main, ["fail"])

    assert Exit.ERROR == result.exit_code
    assert "router: unexpected error: KeyError at test_program.py:" in result.stderr
    assert "person@example.test" not in result.output


def test_interruption_ends_with_130(failing: list[BaseException]) -> None:
    """Ctrl-C ends any command with 130."""
    failing.append(KeyboardInterrupt())

    assert Exit.INTERRUPTED == CliRunner().invoke(main, ["fail"]).exit_code
