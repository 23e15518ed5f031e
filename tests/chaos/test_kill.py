"""Nothing is lost, made up or disordered when workers and the store are killed in mid-work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.chaos.driver import Fire, Report, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

SHORT = Fire(events=2_000, users=200, kills=8, store_kills=1, drain=60)
LONG = Fire(events=20_000, users=2_000, kills=40, store_kills=2, drain=180)


def hold_to_account(report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    """Print the figures, and fail for whatever is wrong, or was no real test."""
    with capsys.disabled():
        print(f"\nkill test: {report}")  # noqa: T201 - the figures are wanted
    assert report.judgement.faultless, report.judgement
    assert report.disordered == 0
    assert report.kills == report.fire.kills
    assert report.busy * 2 >= report.kills
    assert all(report.judgement.faults.values()), report.judgement.faults


@pytest.mark.system
def test_kills_lose_nothing(
    own_store: StoreServer, vendor: Vendor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each event reaches what it should, or is dead with a reason; nothing else arrives."""
    hold_to_account(run(SHORT, own_store, vendor, tmp_path), capsys)


@pytest.mark.chaos
@pytest.mark.timeout(900)
def test_many_kills_lose_nothing(
    own_store: StoreServer, vendor: Vendor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Forty kills of workers and two of the store change nothing of that."""
    hold_to_account(run(LONG, own_store, vendor, tmp_path), capsys)
