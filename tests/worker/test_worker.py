"""`celery -A router worker`: what any Celery user expects of it, and what the engine needs."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from router.worker.deadline import END
from tests.support.processes import environment
from tests.support.waiting import wait_until
from tests.support.workers import Worker
from tests.worker.conftest import command, push

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor
    from tests.worker.conftest import Write

pytestmark = pytest.mark.system

BOUND = END + 10
"""Seconds; the worker's own hard end is earlier, a busy machine is given time."""


def asked(config: Path, what: str) -> dict[str, Any]:
    """Return what `celery inspect` says of the one worker."""
    name = f"w1@{socket.gethostname()}"
    options = ["--json", "-t", "20", "-d", name]
    done = command(config, "celery", "-A", "router", "inspect", what, *options)
    assert 0 == done.returncode, done.stderr
    answers: dict[str, Any] = json.loads(done.stdout)
    [answer] = answers.values()
    return dict(answer)


def test_inspect_shows_what_the_engine_owns(write: Write, tmp_path: Path) -> None:
    """`celery inspect engine` tells owner, intakes and shards; `stats` works as ever."""
    config = write()
    worker = Worker("w1", config, tmp_path / "w1.log", seconds=100)
    worker.wait_ready()

    def facts() -> dict[str, Any]:
        found = asked(config, "engine")
        return found if found.get("shards") else {}

    owned = wait_until(facts, within=30, what="the engine to own something")

    assert ["list", "stream"] == owned["intakes"]
    assert list(range(8)) == owned["shards"]
    assert owned["owner"].split(":")[1] == str(worker.pid)
    assert worker.pid == asked(config, "stats")["pid"]
    assert {"ok": "pong"} == asked(config, "ping")


def test_operators_tasks_pause_resume_and_replay(
    write: Write, tmp_path: Path, vendor: Vendor, store: StoreServer
) -> None:
    """Tasks on the queue `operations` hold a destination, let it go, and replay by id."""
    config = write()
    Worker("w1", config, tmp_path / "w1.log", seconds=100).wait_ready()

    def call(task: str, *args: Any) -> None:
        done = command(
            config, "celery", "-A", "router", "call", f"router.{task}", "--args", json.dumps(args)
        )
        assert 0 == done.returncode, done.stderr

    with store.client() as client:
        call("pause", "hook", "the vendor asked")
        wait_until(lambda: client.hget("{router}:holds", "hook"), what="the pause")
        push(config, "m1")
        wait_until(lambda: client.xlen("events") == 0, what="the routing")
        assert [] == vendor.arrivals("/hook")

        vendor.behave("/hook", status=422)
        call("resume", "hook")
        [dead] = wait_until(lambda: list(client.scan_iter("router:*:dead:*")), what="a dead letter")
        [(entry, _)] = client.xrange(dead)
        shard = dead.decode().partition("{")[2].partition("}")[0]
        vendor.behave("/hook")
        call("replay", [f"hook/{shard}/{entry.decode()}", "hook/0/1-1"])

    vendor.wait_for(1, "/hook")


def test_delivery_goes_on_while_the_broker_is_away(
    write: Write, broker: StoreServer, vendor: Vendor, tmp_path: Path
) -> None:
    """A worker whose broker was never there routes and delivers all the same."""
    broker.kill()
    config = write(broker=broker.broker)
    worker = Worker("w1", config, tmp_path / "w1.log", seconds=100)
    worker.wait_for("the broker (`broker:`) does not answer", within=60)

    push(config, "m1", "m2")

    vendor.wait_for(2, "/hook")


@pytest.mark.parametrize("away", ["killed", "frozen"])
def test_sigterm_ends_a_worker_whose_broker_is_gone(
    write: Write, broker: StoreServer, tmp_path: Path, away: str
) -> None:
    """SIGTERM, and a second one, end the worker with status 0 though the broker does not answer."""
    config = write(broker=broker.broker)
    worker = Worker("w1", config, tmp_path / "w1.log", seconds=100)
    worker.wait_ready()
    if away == "killed":
        broker.kill()
    else:
        broker.freeze()

    worker.terminate()
    worker.wait_for("Warm shutdown")
    worker.send(signal.SIGTERM)

    assert 0 == worker.wait(within=BOUND)


def test_a_stopped_worker_leaves_nothing_owned(
    write: Write, store: StoreServer, tmp_path: Path
) -> None:
    """After SIGTERM no lease and no member is left for anybody to wait for."""
    worker = Worker("w1", write(), tmp_path / "w1.log", seconds=100)
    worker.wait_ready()
    with store.client() as client:
        wait_until(lambda: client.exists("router:{7}:lease"), what="the shards to be owned")

        worker.terminate()
        worker.wait(within=BOUND)

        assert [] == list(client.scan_iter("router:*:lease"))
        assert 0 == client.zcard("{router}:members")


def test_a_worker_whose_engine_cannot_live_ends(
    write: Write, store: StoreServer, tmp_path: Path
) -> None:
    """A worker without an engine does not live on idle: it ends with a status that is not 0."""
    with store.client() as client:
        client.hset("router:setup", "format", "99")

    worker = Worker("w1", write(), tmp_path / "w1.log", seconds=100)

    assert 70 == worker.wait(within=60)
    assert "its format is 99" in worker.output()


@pytest.mark.parametrize("words", [["-P", "prefork"], ["-Pprefork"], ["--pool=prefork"]])
def test_prefork_is_refused(write: Write, words: list[str]) -> None:
    """`-P prefork` beside the step is refused with one sentence that says what to do."""
    done = command(write(), "celery", "-A", "router", "worker", *words)

    assert 5 == done.returncode
    assert "hosting: slices" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_configuration_ends_without_traceback(tmp_path: Path) -> None:
    """Problems of the configuration are printed with their lines, and the status is 2."""
    config = tmp_path / "router.yaml"
    config.write_text("destinations:\n  out: {type: consolle}\n")

    done = command(config, "celery", "-A", "router", "worker")

    assert 2 == done.returncode
    assert ":2:" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_importing_router_does_not_import_celery() -> None:
    """Only who asks for the app pays for Celery."""
    code = "import router, router.config, sys; raise SystemExit('celery' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], env=environment(), timeout=60, check=False)

    assert 0 == done.returncode
