"""The real thing with canaries in it: run it once, and keep everything that anybody could see."""

from __future__ import annotations

import gzip
import json
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.support.configuration import NOT_REQUIRED, webhook, write
from tests.support.looking import Eyes
from tests.support.processes import Process
from tests.support.waiting import wait_until
from tests.support.workers import Workers
from tests.system import everywhere, planted
from tests.system.command import router
from tests.system.listening import Tap, dump
from tests.system.planted import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from router.store.letters import Letter
    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

UNTRUSTED = ("/plain", "/allowed", "/refusing", "/failing", "/mp")
RULED = {do: [{"match": "**", "do": do}] for do in ("drop", "redact", "mask", "hash", "token")}
"""By destination: rules that leave nothing as it was, of whatever kind."""
DONE = ("trusted", "plain", "allowed", "refusing", "archive", "analytics", "crashing", *RULED)
"""Destinations that come to an end with everything; `failing` and `waiting` do not."""
SHOWN = (
    ("status",), ("status", "--json"), ("dead", "list"), ("dead", "list", "--json"),
    ("destinations", "list", "--json"), ("destinations", "show", "refusing"), ("check",),
)  # fmt: skip
INSPECTED = (("inspect", "engine"), ("inspect", "report"), ("inspect", "conf"))


@dataclass(slots=True)
class Evidence:
    """What could be seen, in bytes, by where it was seen."""

    requests: dict[str, bytes] = field(default_factory=dict)
    logs: bytes = b""
    broker: bytes = b""
    store: dict[bytes, bytes] = field(default_factory=dict)
    kept_by_broker: dict[bytes, bytes] = field(default_factory=dict)
    shown: dict[str, bytes] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    archive: bytes = b""
    configuration: str = ""


def configure(vendor: Vendor, folder: Path) -> dict[str, Any]:
    """Return destinations that may see all, some or nothing personal, and fail in all ways."""
    vendor.behave("/", keep=True)
    vendor.behave("/refusing", keep=True, status=422)
    vendor.behave("/failing", keep=True, status=500)
    secret = webhook(vendor, f"/plain/{SETTINGS['path']}")
    secret["settings"] |= {
        "secret": SETTINGS["signature"],
        "headers": {"Authorization": SETTINGS["authorization"]},
    }
    allowed = {"default": "drop", "rules": [{"match": "properties.plan", "do": "keep"}]}
    mixpanel = {"token": SETTINGS["mixpanel"], "endpoint": f"{vendor.url}/mp"}
    archive = {"path": str(folder / "archive.jsonl")}
    drill = {"shares": {"raise": 1.0}}
    return {
        "trusted": webhook(vendor, "/trusted"),
        "plain": secret,
        "allowed": webhook(vendor, "/allowed", privacy=allowed),
        "refusing": webhook(vendor, "/refusing"),
        "failing": webhook(vendor, "/failing", delivery={"retry": {"attempts": 1000}}),
        "waiting": webhook(vendor, "/waiting"),
        "analytics": {"type": "mixpanel", "settings": mixpanel, "consent": NOT_REQUIRED},
        "archive": {"type": "file", "settings": archive, "consent": NOT_REQUIRED},
        "crashing": {"type": "drill", "settings": drill, "consent": NOT_REQUIRED},
        **{do: webhook(vendor, f"/{do}", privacy={"rules": rules}) for do, rules in RULED.items()},
    }


def observe(server: StoreServer, vendor: Vendor, folder: Path) -> Evidence:
    """Let canaries fly through workers at DEBUG, operators' tasks and commands."""
    file = write(folder, server, configure(vendor, folder), pii={"trusted": ["trusted", *RULED]},
                 privacy_key=SETTINGS["privacy-key"])  # fmt: skip
    eyes, seen = Eyes(file), Evidence(configuration=repr(Eyes(file).config))
    debug = ("--loglevel", "DEBUG")
    with Tap(server) as tap, Workers(file, folder, options=debug, seconds=200) as workers:
        workers.start(2)
        celery(folder, file, "call", "router.pause", "--args", '["waiting", "by hand"]')
        _push(server)
        eyes.wait_drained(*DONE)
        wait_until(lambda: eyes.failing()["failing"], what="something to be retried")
        _replay(eyes, folder, file)
        for words in INSPECTED:
            seen.shown[" ".join(words)] = celery(folder, file, *words)
        workers.kill_one()
        seen.letters = eyes.letters()
        seen.store, seen.kept_by_broker = dump(server, 0), dump(server, 1)
        _look(seen, eyes, folder)
        for worker in workers.alive:
            worker.terminate()
            worker.wait()
        seen.logs, seen.broker = workers.output().encode(), tap.said(1)
    seen.requests = _requests(vendor)
    seen.archive = (folder / "archive.jsonl").read_bytes()
    return seen


def celery(folder: Path, file: Path, *words: str) -> bytes:
    """Run a Celery command as an operator does; return what it said."""
    log = folder / f"celery-{words[0]}-{words[1]}.log"
    command = [sys.executable, "-m", "celery", "-A", "router", *words]
    process = Process(command, log=log, environ={"ROUTER_CONFIG": str(file)}, seconds=60)
    assert process.wait(within=60) == 0, process.output()
    return process.output().encode()


def _push(server: StoreServer) -> None:
    with server.client() as client:
        for number, event in enumerate([*planted.events(), *everywhere.events()]):
            raw = json.dumps(event)
            if number % 2:
                client.xadd("events", {"event": raw})
            else:
                client.lpush("events-list", raw)
        for raws in planted.unreadable():
            client.xadd("events", {"event": raws})
        client.xadd("events", {"evnt": planted.EMAIL})


def _replay(eyes: Eyes, folder: Path, file: Path) -> None:
    """Replay what one destination refused; it is refused again."""
    ids = [letter.id for letter in eyes.letters() if letter.destination == "refusing"]
    celery(folder, file, "call", "router.replay", "--args", json.dumps([ids]))
    lane = "refusing:webhook"
    wait_until(lambda: eyes.ledger().lanes[lane].replayed == len(ids), what="the replay")
    eyes.wait_drained("refusing")
    celery(folder, file, "call", "router.resume", "--args", '["plain"]')


def _look(seen: Evidence, eyes: Eyes, folder: Path) -> None:
    """Ask the command line for everything that it shows without being told to reveal."""
    one = next(letter for letter in seen.letters if letter.destination == "refusing")
    item = eyes.shelf()[0]
    asked: list[Sequence[str]] = [*SHOWN, ("dead", "show", one.id), ("dead", "show", item.id)]
    for words in asked:
        seen.shown[" ".join(words)] = router(folder, eyes.file, *words).encode()


def _requests(vendor: Vendor) -> dict[str, bytes]:
    """Return all bytes that reached each first part of a path: line, headers and body."""
    found: defaultdict[str, list[bytes]] = defaultdict(list)
    for request in vendor.requests():
        body = request["body"]
        if request["headers"].get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        head = json.dumps([request["path"], request["headers"]]).encode()
        found["/" + request["path"].split("/")[1]] += [head, body]
    return {path: b"\n".join(parts) for path, parts in found.items()}
