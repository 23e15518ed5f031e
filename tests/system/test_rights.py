"""A worker whose user may do what the page for operators says, and nothing else."""

from __future__ import annotations

import re
import shlex
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.configuration import webhook
from tests.support.processes import ROOT, Process
from tests.support.stores import StoreServer
from tests.support.vendor import missing
from tests.support.waiting import wait_until
from tests.system.command import router
from tests.system.scene import QUICK, TIMEOUT, Scene, set_up, tracks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.vendor import Vendor

pytestmark = pytest.mark.system
EVENTS = tracks(100)
COURTESY = "client|"
"""Clients tell their name, if they may; it is no matter when they may not."""


def documented_rule() -> list[str]:
    """Return the words behind `redis-cli` of the page's only command."""
    page = (ROOT / "docs" / "stores.md").read_text("utf-8")
    found = re.search(r"^redis-cli (ACL SETUSER .*?)\n```", page, re.DOTALL | re.MULTILINE)
    assert found
    return shlex.split(found[1].replace("\\\n", " "))


class UserStore(StoreServer):
    """A store whose addresses are those of the user `router`."""

    @property
    def url(self) -> str:
        """The user's address; the test itself comes as `client()`, who may do everything."""
        return f"redis://router:PASSWORD@127.0.0.1:{self.port}/0"

    def client(self) -> Any:
        """Return a client of an administrator."""
        owner = StoreServer(self.folder)
        owner.port = self.port
        return owner.client()


@pytest.fixture
def scene(short_path: Path, vendor: Vendor, tmp_path: Path) -> Iterator[Scene]:
    """Give a webhook on a store whose user has the documented rights, broker included."""
    server = UserStore(short_path, tcp=True).start()
    with server.client() as client:
        client.execute_command(*documented_rule())
        client.execute_command("ACL", "LOG", "RESET")
    destinations = {
        "hook": webhook(vendor, "/hook", delivery=TIMEOUT),
        "bad": webhook(vendor, "/bad", delivery=TIMEOUT),
        "slow": webhook(vendor, "/slow", delivery={**TIMEOUT, "rate": "500/s"}),
    }
    with set_up(server, vendor, tmp_path, destinations, broker=None, worker=QUICK) as scene:
        yield scene
    server.kill()


def test_the_documented_rights_are_enough(scene: Scene, tmp_path: Path) -> None:
    """Delivery, letters, tasks and commands all work, and the server had nothing to refuse."""
    scene.vendor.behave("/bad", status=422)
    scene.workers.start(2)
    scene.push(EVENTS)
    with scene.server.client() as client:
        client.lpush("events-list", *("nonsense" for _ in range(3)))
    scene.eyes.wait_drained("hook", "slow", within=60)
    celery(scene, tmp_path, "call", "router.pause", "--args", '["hook"]')
    wait_until(lambda: "hook" in scene.eyes.holds(), within=30, what="the pause")
    celery(scene, tmp_path, "inspect", "ping", "--timeout", "10")
    router(tmp_path, scene.eyes.file, "destinations", "resume", "hook")
    router(tmp_path, scene.eyes.file, "dead", "list", "dest:shelf")
    router(tmp_path, scene.eyes.file, "status")
    for worker in scene.workers.alive:
        worker.terminate()
        worker.wait(within=30)

    assert scene.eyes.ledger().holds
    arrived = scene.vendor.arrivals("/hook")
    assert {} == missing({"/hook": {one["messageId"] for one in EVENTS}}, arrived)
    assert [] == refused(scene)


def test_a_missing_right_is_named(scene: Scene) -> None:
    """A worker that lacks a right says which, does nothing half, and begins once it has it."""
    with scene.server.client() as client:
        client.execute_command("ACL", "SETUSER", "router", "-hincrby")
        scene.push(EVENTS[:10])
        worker, *_ = scene.workers.start(1, ready=False)
        worker.wait_for(
            "the store does not let its user use hincrby router:setup: docs/stores.md", within=60
        )
        assert 10 == client.xlen("events")
        client.execute_command("ACL", "SETUSER", "router", "+hincrby")
    scene.vendor.wait_for(10, "/hook", within=60)


def celery(scene: Scene, folder: Path, *words: str) -> None:
    """Run a Celery command to its end."""
    command = [sys.executable, "-m", "celery", "-A", "router", *words]
    environ = {"ROUTER_CONFIG": str(scene.eyes.file)}
    process = Process(command, log=folder / "celery.log", environ=environ, seconds=60)
    assert 0 == process.wait(within=60), process.output()


def refused(scene: Scene) -> list[Any]:
    """Return what the server refused, but for courtesies."""
    with scene.server.client() as client:
        log = client.execute_command("ACL", "LOG")
    names = [str(entry.get("object", entry)) for entry in log]
    return [name for name in names if COURTESY not in name]
