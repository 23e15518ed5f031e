"""A million deliveries with faults of every kind going on: none lost, none unplanned."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.chaos.driver import Fire, Report, count, run
from tests.chaos.repetitions import DIED
from tests.support.stores import StoreServer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tests.support.vendor import Vendor

DELIVERIES = int(os.environ.get("CHAOS_DELIVERIES", "1000000"))
"""How many are made at least; `make chaos CHAOS_DELIVERIES=50000` tries it in small."""
ROUND = 15_000
"""Events of a round: each has a store of its own, and is judged by itself."""
SECONDS = 4 * 3600


def rounds(server_folder: Path, vendor: Vendor, folder: Path) -> Iterator[Report]:
    """Run one round after the other until enough was delivered; each is faultless."""
    made = number = 0
    while made < DELIVERIES:
        number += 1
        vendor.forget()
        store, own = server_folder / str(number), folder / str(number)
        store.mkdir()
        own.mkdir()
        server = StoreServer(store, seconds=1800).start()
        try:
            fire = Fire(events=min(ROUND, max(1_000, (DELIVERIES - made) // 2)), users=1_500,
                        kills=9, freezes=2, storms=2, store_kills=1, drain=600,
                        seed=number)  # fmt: skip
            report = run(fire, server, vendor, own)
        finally:
            server.kill()
        assert report.judgement.faultless, report.judgement
        assert report.disordered == 0
        made += report.judgement.planned
        yield report


def summary(reports: Iterable[Report]) -> str:
    """Return what came of all rounds, as a table."""
    faults: Counter[str] = Counter()
    causes: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for report in reports:
        found = report.judgement
        faults += report.faults
        causes += report.causes
        sums += Counter({"deliveries": found.planned, "lost": count(found.lost),
                         "unplanned": count(found.unplanned), "out of order": report.disordered,
                         "dead with a reason": found.dead,
                         "withdrawn": found.withdrawn.total(),
                         "duplicates": found.again.total(), "rounds": 1})  # fmt: skip
    share = 100 / max(1, sums["deliveries"])
    causes["by adapters without HTTP"] = sums["duplicates"] - causes.total()
    lines = [f"  {name}: {number}" for name, number in faults.items()]
    lines += [f"{name}: {sums[name]}" for name in
              ("rounds", "deliveries", "lost", "unplanned", "out of order", "dead with a reason",
               "withdrawn")]  # fmt: skip
    lines.append(f"duplicates: {sums['duplicates']} ({sums['duplicates'] * share:.2f} %)")
    lines += [f"  {name}: {number} ({number * share:.2f} %)" for name, number in causes.items()]
    return "\n".join(["faults", *lines])


@pytest.mark.chaos
@pytest.mark.timeout(SECONDS)
def test_a_million_deliveries_lose_nothing(
    short_path: Path, vendor: Vendor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Round after round, everything is where it should be, and faults really happened."""
    reports = []
    for report in rounds(short_path, vendor, tmp_path):
        reports.append(report)
        with capsys.disabled():
            print(f"\ncampaign: {report}", flush=True)  # noqa: T201 - the figures are wanted
    with capsys.disabled():
        print(f"\n{summary(reports)}")  # noqa: T201 - the summary is the purpose

    assert sum(report.judgement.planned for report in reports) >= DELIVERIES
    assert all(all(report.faults.values()) for report in reports)
    assert sum(report.causes[DIED] for report in reports)
