"""The embedded store: found by its folder, shared by processes, outliving any of them."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import redis as client

from router.store.embedded import EmbeddedStore, StoreUnavailable
from router.store.opening import WrongFormat, open_store
from tests.support.processes import environment
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

HOLDER = Path(__file__).with_name("holder.py")
pytestmark = pytest.mark.system


@pytest.fixture
def data(short_path: Path) -> Iterator[Path]:
    """Give a folder for a store; end its server afterwards, whatever the test did."""
    folder = short_path / "data"
    yield folder
    pid = server(folder)
    if pid:
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not runs(pid), what="the server to be gone")


class Holder:
    """Another process that uses the store."""

    def __init__(self, data: Path) -> None:
        self.popen = subprocess.Popen(
            [sys.executable, str(HOLDER), str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )

    def url(self) -> str:
        """Return the address that it was given."""
        assert self.popen.stdout is not None
        return self.popen.stdout.readline().strip()

    def end(self) -> None:
        """Let it leave."""
        self.popen.communicate(timeout=30)

    def kill(self) -> None:
        """Kill it."""
        self.popen.kill()
        self.popen.communicate(timeout=30)


def server(data: Path) -> int:
    """Return the process id of the folder's server, or 0."""
    try:
        pid = int(json.loads((data / "store.json").read_text())["pid"])
    except FileNotFoundError:
        return 0
    return pid if runs(pid) else 0


def runs(pid: int) -> bool:
    """Tell whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def ask(url: str, *words: Any) -> Any:
    """Ask the server one thing."""
    with client.Redis.from_url(url) as redis:
        return redis.execute_command(*words)


def test_the_first_starts_and_the_last_stops_it(data: Path) -> None:
    """The server runs from the first who attaches to the last who leaves."""
    first, second = EmbeddedStore(data), EmbeddedStore(data)
    url = first.attach()
    assert url == second.attach()
    pid = server(data)

    first.leave()
    assert ask(url, "PING")
    second.leave()
    wait_until(lambda: not runs(pid), what="the server to end")


def test_a_restart_keeps_the_data(data: Path) -> None:
    """What was written is there again after the server was stopped and started."""
    store = EmbeddedStore(data)
    ask(store.attach(), "SET", "kept", "yes")
    store.leave()

    store = EmbeddedStore(data)
    assert b"yes" == ask(store.attach(), "GET", "kept")
    store.leave()


def test_its_files_are_private(data: Path) -> None:
    """Nobody else may enter the folder or the socket's, and the socket's path is short."""
    store = EmbeddedStore(data)
    path = Path(store.attach().removeprefix("unix://"))

    assert {0o700} == {stat.S_IMODE(each.stat().st_mode) for each in (data, path.parent)}
    assert 0o700 == stat.S_IMODE((data / "store").stat().st_mode)
    assert len(str(path)) < 100
    assert 0 == int(ask(f"unix://{path}", "CONFIG", "GET", "port")[b"port"])
    store.leave()
    assert not path.parent.exists()


def test_a_killed_starter_leaves_its_server_to_the_next(data: Path) -> None:
    """After kill -9 of who started it, the next one adopts the running server."""
    holder = Holder(data)
    url, pid = holder.url(), server(data)
    holder.kill()

    assert runs(pid)
    store = EmbeddedStore(data)
    assert url == store.attach()
    assert pid == server(data)
    store.leave()
    wait_until(lambda: not runs(pid), what="the server to end")


def test_who_leaves_disturbs_nobody(data: Path) -> None:
    """A command that attaches briefly beside another process leaves its server running."""
    holder = Holder(data)
    url = holder.url()
    for _ in range(3):
        brief = EmbeddedStore(data)
        brief.attach()
        brief.leave()

    assert ask(url, "PING")
    holder.end()
    assert 0 == server(data)


def test_many_at_once_share_one_server(data: Path) -> None:
    """Processes that attach at the same moment get the same server."""
    holders = [Holder(data) for _ in range(3)]
    urls = {holder.url() for holder in holders}

    assert 1 == len(urls)
    assert ask(urls.pop(), "PING")
    for holder in holders:
        holder.end()
    assert 0 == server(data)


def test_a_dead_server_is_started_again(data: Path) -> None:
    """After kill -9 of the server it comes back on the same socket, with its data."""
    store = EmbeddedStore(data)
    url = store.attach()
    ask(url, "SET", "kept", "yes")
    pid = server(data)
    assert not store.revive()
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not runs(pid), what="the server to be gone")

    wait_until(store.revive, what="the server to come back")
    assert b"yes" == ask(url, "GET", "kept")
    store.leave()


def test_a_number_that_is_anothers_by_now_is_not_waited_for(data: Path) -> None:
    """A record of a dead server whose process id was given to somebody else delays nobody."""
    data.mkdir(mode=0o700)
    record = {"pid": os.getppid(), "socket": str(data / "gone" / "s")}
    (data / "store.json").write_text(json.dumps(record))
    holder = Holder(data)

    wait_until(lambda: server(data) not in {0, os.getppid()}, within=20, what="a server")
    holder.end()
    assert runs(os.getppid())


def test_a_frozen_server_gets_no_second_beside_it(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that lives but does not answer is never doubled: both would write one file."""
    store, pid = EmbeddedStore(data), 0
    store.attach()
    pid = server(data)
    os.kill(pid, signal.SIGSTOP)
    monkeypatch.setattr("router.store.embedded.STARTS_WITHIN", 0.1)
    try:
        assert not store.revive()
        with pytest.raises(StoreUnavailable, match="does not answer"):
            EmbeddedStore(data).attach()
    finally:
        os.kill(pid, signal.SIGCONT)
    assert pid == server(data)
    store.leave()


async def test_an_unknown_format_is_refused(data: Path) -> None:
    """A store that a later version wrote is left as it is, and nobody stays attached to it."""
    place = SimpleNamespace(redis="embedded", data=data, shards=4)
    async with open_store(place) as store:
        await store.redis.hset("router:setup", "format", 99)

    with pytest.raises(WrongFormat, match="99"):
        async with open_store(place):
            pass
    assert 0 == server(data)
