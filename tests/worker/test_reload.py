"""Workers take over a changed configuration without a restart, and without losing anything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from router.config import ConfigError, Problem, parse
from router.worker.configured import Configured
from tests.support import configuration
from tests.support.waiting import wait_until
from tests.support.workers import Worker
from tests.worker.conftest import command, push

if TYPE_CHECKING:
    from pathlib import Path

    from router.config import Config
    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor
    from tests.worker.conftest import Write

FILE = "data: one\ndestinations: {lines: {type: console, events: 'event = \"EVENT\"'}}\n"


class File:
    """A configuration file that changes; broken when it holds nothing."""

    def __init__(self) -> None:
        self.text = FILE
        self.read = 0

    def load(self) -> Config:
        """Read it."""
        self.read += 1
        if not self.text:
            raise ConfigError([Problem("router.yaml", 3, 7, 'unknown word "destnations"')])
        return parse(self.text, {})


def test_the_file_is_read_once_for_each_wish() -> None:
    """The first look and every later wish read the file; any other look costs nothing."""
    file = File()
    configured = Configured(file.load(), file.load)
    assert [False, False, False] == [configured.outdated(wish) for wish in (4, 4, 5)]
    assert file.read == 3


def test_another_file_outdates_the_configuration() -> None:
    """What changed in the file is what is worked with from then on."""
    file = File()
    configured = Configured(file.load(), file.load)
    file.text = FILE.replace("EVENT", "Seen")
    assert configured.outdated(1)
    assert configured.config.digest == parse(file.text, {}).digest


@pytest.mark.parametrize(
    ("text", "told"),
    [("", 'router.yaml:3:7: unknown word "destnations"'),
     (FILE.replace("data: one", "data: two"), "data changed: restart this worker")],
)  # fmt: skip
def test_what_cannot_be_taken_over_changes_nothing(text: str, told: str) -> None:
    """A broken file, or one that needs a restart, is told, and the old one stays in force."""
    file = File()
    configured = Configured(file.load(), file.load)
    before = configured.config
    file.text = text
    assert not configured.outdated(1)
    assert configured.config is before
    assert told in configured.problem
    file.text = FILE
    assert not configured.outdated(2)
    assert configured.problem == ""


def test_a_strangers_failure_changes_nothing() -> None:
    """Whatever reading the file raises, the worker goes on with what it has, and says so."""

    def fails() -> Config:
        raise RuntimeError("a plugin of somebody's, with a secret in its words")

    configured = Configured(File().load(), fails)
    assert not configured.outdated(1)
    assert configured.problem == "reading it failed with RuntimeError"


def reloaded(config: Path) -> tuple[int, dict[str, Any]]:
    """Ask for a reload; returns the exit status and what was said."""
    done = command(config, "router", "reload", "--reason", "a test", "--json")
    return done.returncode, json.loads(done.stdout or "{}")


@pytest.mark.system
def test_queued_events_go_by_the_new_settings(
    write: Write, store: StoreServer, vendor: Vendor, tmp_path: Path
) -> None:
    """What failed goes to the new URL, and a destination that joins gets what comes from then."""
    config = write()
    workers = [Worker(f"w{n}", config, tmp_path / f"w{n}.log", seconds=120) for n in (1, 2)]
    for worker in workers:
        worker.wait_ready()
    vendor.behave("/hook", status=500)
    push(config, "m1", "m2")
    wait_until(lambda: len(vendor.arrivals("/hook")) >= 2, within=30, what="failed attempts")
    assert [] == vendor.arrivals("/other")

    secret = ["what the new endpoint wants"]
    moved = configuration.webhook(vendor, "/other")
    moved["settings"]["secret"] = secret
    configuration.write(
        tmp_path, store, {"hook": moved, "more": configuration.webhook(vendor, "/more")}
    )
    status, said = reloaded(config)

    assert 0 == status, json.dumps(said)
    assert [said["digest"]] * 2 == [worker["digest"] for worker in said["workers"]]
    push(config, "m3")
    vendor.wait_for(3, "/other")
    vendor.wait_for(1, "/more")
    with store.client() as client:
        wait_until(
            lambda: not any(client.xlen(key) for key in client.scan_iter("router:*:lane:*")),
            what="empty lanes",
        )
    checked = command(config, "router", "status", "--check")
    assert 0 == checked.returncode, checked.stdout
    assert all(worker.pid for worker in workers)


@pytest.mark.system
def test_a_worker_that_cannot_follow_goes_on_and_is_shown(
    write: Write, vendor: Vendor, tmp_path: Path
) -> None:
    """A broken file is refused before anybody is asked; one that needs a restart is told."""
    config = write()
    Worker("w1", config, tmp_path / "w1.log", seconds=120).wait_ready()
    good = config.read_text()

    config.write_text(good.replace("destinations:", "destnations:"))
    assert 2 == reloaded(config)[0]

    config.write_text(good + "shards: 16\n")
    status, said = reloaded(config)
    assert 3 == status
    assert ["shards changed: restart this worker"] == [one["problem"] for one in said["workers"]]
    shown = command(config, "router", "status", "--json")
    assert "shards changed" in shown.stdout

    push(config, "m1")
    vendor.wait_for(1, "/hook")
    config.write_text(good)
    assert 0 == reloaded(config)[0]
