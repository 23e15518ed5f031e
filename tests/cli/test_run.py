"""`router run`: what it says at its start."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from router.cli.run import welcome
from router.config import load

if TYPE_CHECKING:
    from pathlib import Path


def test_its_commands_can_be_copied(tmp_path: Path) -> None:
    """The commands that it names work as they stand, whatever the file is called."""
    file = tmp_path / "my shop's router.yaml"
    file.write_text("destinations: {out: {type: console, consent: {not_required: ours}}}")

    status = next(line for line in welcome(load(file, {}), file).splitlines() if "status" in line)

    assert ["router", "status", "--config", str(file)] == shlex.split(status)[-4:]
