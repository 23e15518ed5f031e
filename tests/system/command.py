"""Run the command line as an operator does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.support.processes import Process

if TYPE_CHECKING:
    from pathlib import Path


def router(folder: Path, config: Path, *words: str, status: int = 0) -> str:
    """Run `router WORDS --config CONFIG`, expect its exit status, and return all it wrote."""
    log = folder / f"router-{'-'.join(words[:2])}.log"
    log.unlink(missing_ok=True)
    process = Process(["router", *words, "--config", str(config)], log=log, seconds=60)
    ended = process.wait(within=60)
    assert ended == status, process.output()
    return process.output()


def router_status(folder: Path, config: Path) -> dict[str, Any]:
    """Return what `router status --json` says."""
    found: dict[str, Any] = json.loads(router(folder, config, "status", "--json"))
    return found
