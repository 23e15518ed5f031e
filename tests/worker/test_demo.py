"""`router demo` shows what it claims."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.worker.conftest import command

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.system


def test_the_demo_shows_all_it_claims(tmp_path: Path) -> None:
    """All claims hold, five destinations and more get events, and nothing is lost."""
    done = command(tmp_path / "none.yaml", "router", "demo", "--json")

    assert 0 == done.returncode, done.stderr
    shown = json.loads(done.stdout)
    assert shown["conservation"]["holds"]
    assert [True] * len(shown["claims"]) == [claim["true"] for claim in shown["claims"]]
    delivering = [name for name, row in shown["destinations"].items() if row["delivered"]]
    assert 5 <= len(delivering)
    assert 0 == shown["personal"]["at_partner"]


def test_the_demo_ends_with_what_to_do_next(tmp_path: Path) -> None:
    """The last lines are the proof and commands to type."""
    done = command(tmp_path / "none.yaml", "router", "demo")

    assert 0 == done.returncode, done.stderr
    assert "conservation holds" in done.stdout
    assert "router run" in done.stdout.splitlines()[-4]
