"""The commands that a newcomer types do what the README says of them."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.house.modules import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def make(*arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run make where everything is, with a search path of the test's own if it has one."""
    command = [shutil.which("make") or "make", "--no-print-directory", *arguments]
    env = {"PATH": path or os.environ["PATH"], "HOME": "/nonexistent"}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True,
                          timeout=60, check=False)  # fmt: skip


@pytest.fixture
def old_python(tmp_path: Path) -> str:
    """Give a search path on which python3 is too old and nothing newer is to be found."""
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 || exit 1\n')
    old.chmod(0o755)
    for name in ("sh", "test", "find", "echo", "touch"):
        (tmp_path / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    return str(tmp_path)


@pytest.mark.parametrize("target", ["demo", "test", "chaos", "bench", "check", "docs"])
def test_knows_its_words(target: str) -> None:
    """Each word of the Makefile's first lines is a target."""
    assert 0 == make("--dry-run", target).returncode


def test_demonstration_installs_the_product_alone(tmp_path: Path) -> None:
    """`make demo` in a fresh clone installs what users install, then runs the demonstration."""
    plan = make("--dry-run", "demo", f"VENV={tmp_path}/venv").stdout

    assert "pip install --quiet --disable-pip-version-check .\n" in plan
    assert plan.strip().endswith("bin/router demo")


def test_tests_come_after_lint_and_types(tmp_path: Path) -> None:
    """`make test` runs formatter, linter, types and then the tests, whose line comes last."""
    plan = make("--dry-run", "test", f"VENV={tmp_path}/venv").stdout
    steps = ["--editable '.[dev]'", "ruff format --check", "ruff check", "mypy", "pytest -n 2"]

    assert sorted(places := [plan.index(step) for step in steps]) == places
    assert "pytest" in plan.strip().splitlines()[-1]


def test_says_when_python_is_too_old(old_python: str, tmp_path: Path) -> None:
    """An old Python gets one sentence that names the version needed and the one found."""
    answer = make("demo", f"VENV={tmp_path}/venv", path=old_python)

    assert 2 == answer.returncode
    assert "needs Python 3.11 or newer, and Python 3.9.2 is here" in answer.stdout


def test_automation_runs_what_people_run() -> None:
    """`.ci/run` ends as `make test`, so that pytest's summary is the last line of both."""
    lines = (ROOT / ".ci" / "run").read_text().strip().splitlines()

    assert "exec make test" == lines[-1]
    assert "set -eu" in lines
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
