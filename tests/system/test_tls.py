"""Workers over TLS: events, the broker's messages and commands all go encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.configuration import webhook
from tests.support.encrypted import Authority, EncryptedStore, needs_tls
from tests.support.vendor import missing
from tests.support.waiting import wait_until
from tests.system.command import router
from tests.system.scene import Scene, set_up, tracks
from tests.system.tasks import call

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.vendor import Vendor

pytestmark = [pytest.mark.system, needs_tls]
EVENTS = tracks(100)


@pytest.fixture
def store(short_path: Path) -> Iterator[EncryptedStore]:
    """Give a store that speaks TLS alone and asks who we are."""
    authority = Authority(short_path)
    shown = authority.signs("store")
    server = EncryptedStore(short_path, authority, shown, asks=True)
    server.trusting(authority, authority.signs("worker", "worker.example")).start()
    yield server
    server.kill()


@pytest.fixture
def scene(store: EncryptedStore, vendor: Vendor, tmp_path: Path) -> Iterator[Scene]:
    """Give a webhook; the broker is what comes of the store's address."""
    with set_up(store, vendor, tmp_path, {"hook": webhook(vendor, "/hook")}, broker=None) as scene:
        yield scene


def test_everything_goes_over_tls(scene: Scene, tmp_path: Path) -> None:
    """Events arrive, and a task that Celery carries is done, with certificates on both sides."""
    scene.workers.start(1)
    scene.push(EVENTS)
    scene.eyes.wait_drained()
    call(scene, tmp_path, "router.pause")

    wait_until(lambda: "hook" in scene.eyes.holds(), within=30, what="the pause")
    arrived = scene.vendor.arrivals("/hook")
    assert {} == missing({"/hook": {one["messageId"] for one in EVENTS}}, arrived)


def test_a_worker_says_whom_it_does_not_trust(
    scene: Scene, store: EncryptedStore, tmp_path: Path, short_path: Path
) -> None:
    """Workers and commands name what is wrong with the store's certificate, and send nothing."""
    trusted = store.url
    store.trusting(Authority(short_path, "stranger"))
    scene.eyes.file.write_text(scene.eyes.file.read_text().replace(trusted, store.url))
    why = "shows a certificate that is not accepted: self-signed certificate"

    worker, *_ = scene.workers.start(1, ready=False)

    worker.wait_for(f"the store {why}", within=60)
    assert f"the store at rediss://127.0.0.1:{store.port} {why}" in router(
        tmp_path, scene.eyes.file, "status", status=1
    )
