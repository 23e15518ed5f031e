"""Examples of commands that need no store are run as they stand, of the help and the README."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from router.cli import main
from router.cli.command import Command
from tests.cli.conftest import CONFIGURATION, an_event
from tests.support.processes import ROOT

README = ROOT / "README.md"
COMMANDS = ("check", "explain", "requests", "diff")
ENDINGS = {"diff": {0, 11}}
"""Exit codes that are no failure, where 0 is not the only one."""


def examples() -> list[str]:
    """Return the examples of the help and of the README, without the words that explain them."""
    shown = re.search(r"<!-- look -->\n```sh\n(.*?)\n```", README.read_text("utf-8"), re.DOTALL)
    assert shown
    found = [line.partition(" #")[0].rstrip() for line in shown[1].splitlines()]
    for name in COMMANDS:
        command = main.lazy[name].load()
        assert isinstance(command, Command)
        lines = [line.strip() for line in command.examples.strip().splitlines()]
        found += [line.partition("   ")[0] for line in lines]
    return found


@pytest.mark.parametrize("example", examples())
def test_examples_work(example: str, tmp_path: Path) -> None:
    """An example does what it shows, on a configuration that has what it names."""
    if "jq" in example and shutil.which("jq") is None:
        pytest.skip("the example shows how to go on with jq, which is not installed here")
    for name in ("router.yaml", "staging.yaml", "old.yaml"):
        (tmp_path / name).write_text(CONFIGURATION)
    strict = CONFIGURATION.replace('not_required: "our own log"', "require: [ads, analytics]")
    (tmp_path / "new.yaml").write_text(strict)
    (tmp_path / "events.jsonl").write_bytes(b"\n".join(map(an_event, range(3))))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    done = subprocess.run(
        ["sh", "-c", example], cwd=tmp_path, env={**os.environ, "PATH": path},
        capture_output=True, check=False, text=True,
    )  # fmt: skip

    [name] = [name for name in COMMANDS if f"router {name}" in example]
    assert done.returncode in ENDINGS.get(name, {0}), done.stderr
    assert done.stdout
