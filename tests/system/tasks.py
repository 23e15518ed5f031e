"""Queue operators' tasks as any Celery client does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.support.processes import Process

if TYPE_CHECKING:
    from pathlib import Path

    from tests.system.scene import Scene


def call(scene: Scene, folder: Path, task: str) -> None:
    """Queue a task about the destination `hook`."""
    command = [sys.executable, "-m", "celery", "-A", "router", "call", task, "--args", '["hook"]']
    environ = {"ROUTER_CONFIG": str(scene.eyes.file)}
    process = Process(command, log=folder / "call.log", environ=environ, seconds=60)
    assert process.wait(within=60) == 0, process.output()
