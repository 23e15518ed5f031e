"""A worker of the previous release works beside this one, or is refused and does nothing."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING

import pytest

from tests.chaos.producer import Producer
from tests.support.configuration import webhook, write
from tests.support.corpus import multiply
from tests.support.looking import Eyes
from tests.support.processes import ROOT, environment
from tests.support.vendor import duplicates, missing, out_of_order
from tests.support.waiting import wait_until
from tests.support.workers import Workers

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

PREVIOUS = {
    "of another format": "217ce7ea80d7bc4934a4454fc5f3941856c66c6d",
    "without dictionaries": "ff9bfd317b13a81ca676f507f72e27558b90cddb",
}
"""The commits that stand for previous releases, by what tells them from this one."""
REFUSAL = "the store has format"
EVENTS = 900


@pytest.fixture(params=PREVIOUS)
def previous(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """Unpack the previous release; returns the environment in which Python finds it first."""
    packed, folder = tmp_path / "previous.tar", tmp_path / "previous"
    command = ["git", "-C", str(ROOT), "archive", "-o", str(packed),
               PREVIOUS[request.param], "router", "destinations"]  # fmt: skip
    if not (ROOT / ".git").exists() or subprocess.run(command, check=False).returncode:
        pytest.skip("the history of the repository is not here")
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    found = {"PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1"}
    program = [sys.executable, "-c", "import router.worker.app; print(router.__file__)"]
    said = subprocess.run(program, env=environment(found), capture_output=True, text=True,
                          check=False)  # fmt: skip
    if "ModuleNotFoundError" in said.stderr:
        pytest.skip("what the previous release needs is not installed")
    assert said.stdout.startswith(str(folder)), said.stderr
    return found


def shares(eyes: Eyes, count: int) -> bool:
    """Tell whether so many workers live, and each owns something."""
    owning = [facts for facts in eyes.members().values() if facts["shards"] or facts["intakes"]]
    return len(owning) == count


@pytest.mark.system
def test_the_previous_release_harms_nothing(
    own_store: StoreServer, vendor: Vendor, tmp_path: Path, previous: dict[str, str]
) -> None:
    """Both share the work and take over from each other, where they know the same store."""
    vendor.behave("/hook", latency=0.005)
    hook = webhook(vendor, "/hook", delivery={"timeout": "1s"})
    eyes = Eyes(write(tmp_path, own_store, {"hook": hook}, worker={"lease": "2s"}))
    events = list(multiply(EVENTS, users=90))
    for event in events:
        event.pop("integrations", None)
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    with (
        Workers(eyes.file, before, environ=previous) as old,
        Workers(eyes.file, after) as new,
        Producer(own_store, events) as producer,
    ):
        new.start(1)
        [older] = old.start(1, ready=False)
        wait_until(lambda: not older.alive or shares(eyes, 2), within=60, what="the old one")
        refused = not older.alive
        for generation, others in ((old, new), (new, old)):
            producer.allow(producer.pushed + EVENTS // 3)
            if not refused:
                vendor.wait_for(vendor.count() + 30, "/hook", within=60)
                generation.alive[0].kill()
                wait_until(lambda: shares(eyes, 1), within=30, what="the other one to take over")
                assert others.alive
                generation.start(1)
        producer.finish(within=60)
        eyes.wait_drained(within=60)
        told = old.output()
    arrivals = vendor.arrivals("/hook")

    assert (REFUSAL in told) == refused, told[-3000:]
    assert {} == missing({"/hook": {event["messageId"] for event in events}}, arrivals)
    assert [] == out_of_order(arrivals)
    assert all(one.same_key for one in duplicates(arrivals))
    assert eyes.ledger().holds
    assert {"hook": EVENTS} == eyes.delivered()
