"""An operator's command that dies at whatever step has done its deed wholly or not at all."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from click.testing import CliRunner

from router.cli import main
from router.decide.verdict import PolicyError
from router.store.codec import unpack
from router.store.handoff import Shelved
from router.store.marks import limits
from tests.chaos.points import BY_COMMAND, BY_OPERATORS, step_of
from tests.dead.morgue import LEASE, OWNER, bury, route, stored
from tests.support.configuration import write
from tests.support.looking import Eyes
from tests.support.processes import Process

if TYPE_CHECKING:
    from pathlib import Path

    from router.store.store import Store
    from tests.support.stores import StoreServer

EACH = 6
"""Of everything: more than die, for the command that lives."""
COMMANDS = {
    "abandon": "destinations drop left --confirm left",
    "discard": "dead discard dest:second reason:http_400 --limit 1 -y --reason test",
    "drop": "dead discard dest:shelf reason:worthless --limit 1 -y --reason test",
    "jot": "dead discard dest:second reason:http_400 --limit 1 -y --reason test",
    "ledger": "status --check",
    "replay": "dead replay dest:first reason:http_400 --limit 1 -y",
    "requeue": "dead replay dest:shelf reason:mended --limit 1 -y",
    "reroute": "dead replay dest:first reason:policy_error --limit 1 -y",
}
CONSOLE = {"type": "console", "consent": {"not_required": "a test"}}


def arrivals(kind: str) -> list[bytes]:
    """Return events of a kind, each of its own user."""
    ids = [f"{kind}-{number}" for number in range(EACH)]
    return [json.dumps({"type": "track", "event": "Seen", "messageId": one, "userId": one}).encode()
            for one in ids]  # fmt: skip


def failing(*_: Any) -> Any:
    """Fail, as a policy that cannot be applied does."""
    raise PolicyError("made to fail")


async def shelve(store: Store, stream: str, reason: str, raws: list[bytes]) -> None:
    """Put arrivals on the shelf, as a hand-off does."""
    intake = store.intake("stream", stream)
    lease = intake.lease(OWNER, LEASE)
    await store.push(stream, [{"event": raw} for raw in raws])
    assert await lease.acquire()
    peek = await intake.peek()
    on_shelf = [Shelved(reason, raw, "stream:1-1", None, None) for raw in raws]
    await intake.hand_off(lease, peek, [], [], shelved=on_shelf, marks=limits(LEASE, 1 << 20),
                          now_ms=int(time.time() * 1000))  # fmt: skip
    await lease.release()


async def fill(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be something for each command."""
    now_ms = int(time.time() * 1000)
    async with stored(file) as (config, store):
        await route(config, store, arrivals("plain"), now_ms)
        for name in ("first", "second"):
            await bury(store, f"{name}:console", "http_400", now_ms, 400)
        with monkeypatch.context() as broken:
            broken.setattr("router.decide.policy.policy.Policy.strip", failing)
            await route(config, store, arrivals("failed"), now_ms)
        for reason in ("worthless", "mended"):
            await shelve(store, config.queue.stream, reason, arrivals(reason))


@pytest.fixture
def file(own_store: StoreServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a configuration whose store holds something for each command."""
    names = ("first", "second", "left")
    written = write(tmp_path, own_store, dict.fromkeys(names, CONSOLE), shards=1)
    asyncio.run(fill(written, monkeypatch))
    return write(tmp_path, own_store, dict.fromkeys(names[:2], CONSOLE), shards=1)


def die(file: Path, folder: Path) -> None:
    """Let each command die at each of its fault points; each was passed."""
    lives = [[point, 1, COMMANDS[step_of(point)].split()] for point in BY_COMMAND]
    proof, told = folder / "proof", folder / "kennel.json"
    told.write_bytes(orjson.dumps({"config": str(file), "proof": str(proof), "lives": lives,
                                   "celery": False}))  # fmt: skip
    command = [sys.executable, "-m", "tests.chaos.kennel", str(told)]
    kennel = Process(command, log=folder / "kennel.log")
    assert kennel.wait(within=90) == 0, kennel.output()

    assert list(BY_COMMAND) == proof.read_text("utf-8").split(), kennel.output()
    ended = {f"{point} {-signal.SIGKILL}" for point in BY_COMMAND}
    assert ended <= set(kennel.output().splitlines())


def waiting(eyes: Eyes, lane: str) -> list[str]:
    """Return the message ids that wait in a lane, sorted."""

    async def ids(store: Store) -> list[str]:
        [found] = await store.lanes.read(0, [(lane, b"0-0", 1000)])
        return sorted(unpack(one.raw).message_id for one in found)

    return eyes.ask(ids)


@pytest.mark.system
def test_commands_that_die_do_their_deed_once(file: Path, tmp_path: Path) -> None:
    """Killed at each step and given again, a command has moved each thing exactly once."""
    die(file, tmp_path)
    for words in COMMANDS.values():
        again = words.replace(" --limit 1", "").split()
        CliRunner().invoke(main, [*again, "--config", str(file)], catch_exceptions=False)
    eyes = Eyes(file)
    ledger = eyes.ledger()

    assert ledger.holds
    routed = {f"{kind}-{number}" for kind in ("plain", "failed") for number in range(EACH)}
    assert sorted(routed) == waiting(eyes, "first:console")
    assert [] == waiting(eyes, "left:console")
    assert [] == eyes.shelf()[EACH:], "more than the originals that letters still need"
    assert EACH == eyes.waiting(), "what was mended waits in its intake again, once"
    assert {"first": 0, "second": EACH, "left": 2 * EACH} == {
        name: ledger.lanes[f"{name}:console"].letters for name in ("first", "second", "left")
    }


def test_every_operators_step_has_its_command() -> None:
    """No step that only commands do is left out."""
    assert BY_OPERATORS.keys() == COMMANDS.keys()
