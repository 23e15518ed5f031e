"""Waiting for a process to be gone."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from router.store import gone
from router.store.gone import wait_gone

if TYPE_CHECKING:
    import pytest


def test_what_outstays_its_time_is_killed() -> None:
    """A process that does not end by itself is ended."""
    staying = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with staying:
        wait_gone(staying.pid, 0.0)
        assert not gone._exists(staying.pid)


def test_what_ends_just_before_it_is_killed_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process may end between the look at it and the blow."""
    looks = [False, True]
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(timeout=30)
    monkeypatch.setattr(gone, "_exists", lambda _: looks.pop())

    wait_gone(ended.pid, 0.0)

    assert [] == looks
