"""The benchmarks measure the real thing, each beside its reference."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from router.cli.bench import SIZES
from tests.support.processes import environment

pytestmark = [pytest.mark.system, pytest.mark.timeout(250)]


def test_every_benchmark_has_its_reference() -> None:
    """A short run measures them all, each with a reference of the same run, and loses nothing."""
    done = subprocess.run(
        [Path(sys.executable).with_name("router"), "bench", "--short", "--json"],
        env=environment(), capture_output=True, text=True, check=True, timeout=240,
    )  # fmt: skip

    figures = json.loads(done.stdout)["figures"]

    assert set(SIZES) == {figure["benchmark"] for figure in figures}
    assert all(figure["value"] > 0 < figure["reference_value"] for figure in figures)
    kept = [
        figure["details"]["conservation_holds"]
        for figure in figures
        if "conservation_holds" in figure.get("details", {})
    ]
    assert [1.0, 1.0] == kept
