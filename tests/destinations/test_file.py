"""File: JSON lines that are on the disk before they count as delivered."""

from __future__ import annotations

import json
import os
import resource
import stat
import subprocess
import sys
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest

from destinations import Delivered, Held, Outcome, Retry
from destinations.conformance import SendContract, a_delivery, carrying, drive
from destinations.file import File
from destinations.journal import Journal
from tests.support.waiting import wait_until

WRITER = """
import asyncio, sys
from pathlib import Path
from destinations.file import File
from destinations.rehearsal import a_delivery
file = File(File.Settings(path=Path(sys.argv[1]), rotate="2KB"))
for n in range(int(sys.argv[3])):
    asyncio.run(file.send([a_delivery(messageId=f"{sys.argv[2]}-{n}")]))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a file that is not there yet, in a folder that is not there either."""
    return tmp_path / "out" / "events.jsonl"


def file(path: Path, **settings: Any) -> File:
    """Return an adapter that writes to a path."""
    return File(File.Settings.model_validate({"path": path, **settings}))


def write(adapter: File, *ids: str) -> Outcome:
    """Deliver events of these message ids, and return their one outcome."""
    outcomes = drive(adapter, [a_delivery(messageId=each) for each in ids])
    (outcome,) = set(outcomes.values())
    return outcome


def ids_in(*paths: Path) -> list[str]:
    """Return the message ids in files, every line of which must be whole."""
    return [json.loads(line)["messageId"] for p in paths for line in p.read_bytes().splitlines()]


class TestFile(SendContract):
    """A file keeps the contract."""

    @pytest.fixture
    def adapter(self, path: Path) -> File:
        """Return an adapter that knows a path and no more."""
        return file(path)


def test_lines_are_the_events_in_order(path: Path) -> None:
    """Each delivery's body is a line of its own, in the order of the deliveries."""
    first, second = a_delivery(), carrying({"messageId": "b", "event": "a\nb"})
    drive(file(path), [first, second])
    assert path.read_bytes() == first.body + b"\n" + second.body + b"\n"


def test_a_body_on_several_lines_becomes_one(path: Path) -> None:
    """A body that was written with line breaks is still one line."""
    delivery = a_delivery()
    delivery.body = json.dumps(dict(delivery.payload), indent=2).encode()
    drive(file(path), [delivery])
    assert [json.loads(line) for line in path.read_text().splitlines()] == [delivery.payload]


def test_nobody_else_may_read_it(path: Path) -> None:
    """The file and a folder made for it are the owner's alone."""
    write(file(path), "a")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_disk_has_it_before_it_counts(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole file, then the folder that names it, are synced before the outcome."""
    synced: list[tuple[int, int]] = []

    def fsync(descriptor: int) -> None:
        found = os.fstat(descriptor)
        synced.append((found.st_ino, found.st_size))

    monkeypatch.setattr(os, "fsync", fsync)
    assert write(file(path), "a") == Delivered()

    folder = path.parent.stat()
    assert synced == [(path.stat().st_ino, path.stat().st_size), (folder.st_ino, folder.st_size)]


def test_a_torn_line_spoils_no_other(path: Path) -> None:
    """What a crash left of a line is closed, and the next event begins on a line of its own."""
    write(file(path), "a")
    with path.open("ab") as torn:
        torn.write(b'{"messageId": "b", "ev')
    write(file(path), "b", "c")

    lines = path.read_bytes().splitlines()
    assert lines.pop(1) == b'{"messageId": "b", "ev'
    assert [json.loads(line)["messageId"] for line in lines] == ["a", "b", "c"]


def test_a_disk_that_fills_up_leaves_no_half_line(path: Path) -> None:
    """When the disk takes only a part, that part is cut off and all deliveries wait."""
    adapter = file(path)
    write(adapter, "a")
    before = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 10, hard))
    try:
        outcome = write(adapter, "b")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert outcome == Retry("file_efbig")
    assert path.read_bytes() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_tried_again() -> None:
    """A full disk may be emptied: the deliveries are retried, with the system's own code."""
    assert write(file(Path("/dev/full")), "a") == Retry("file_enospc")


def test_a_path_that_cannot_be_written_holds(tmp_path: Path) -> None:
    """A path that is a folder, or lies in a file, holds the destination until it is mended."""
    (tmp_path / "plain").touch()
    assert write(file(tmp_path), "a") == Held("file_eisdir")
    assert write(file(tmp_path / "plain" / "x"), "a") == Held("file_enotdir")


def test_a_frozen_neighbour_is_not_waited_for(path: Path) -> None:
    """When another process keeps the lock, the deliveries wait, not the thread."""
    adapter = file(path)
    write(adapter, "a")
    adapter._journal = Journal(path, patience=0)
    with path.open() as held:
        flock(held, LOCK_EX)
        assert write(adapter, "b") == Retry("file_locked")
    assert write(adapter, "b") == Delivered()


def test_it_is_renamed_when_full(path: Path) -> None:
    """A file that the next batch would take beyond its size is set aside; no event is lost."""
    adapter = file(path, rotate="1KB")
    for n in range(12):
        write(adapter, f"{n}-a", f"{n}-b")

    aside = sorted(path.parent.glob("events.*.jsonl"))
    assert len(aside) > 2
    assert all(p.stat().st_size <= 1000 for p in (*aside, path))
    assert ids_in(*aside, path) == [f"{n}-{x}" for n in range(12) for x in "ab"]


def test_a_batch_larger_than_the_size_stays_whole(path: Path) -> None:
    """A batch is never torn by a rotation, however small the size."""
    adapter = file(path, rotate=1)
    write(adapter, "a", "b")
    write(adapter, "c", "d")
    (aside,) = path.parent.glob("events.*.jsonl")
    assert (ids_in(aside), ids_in(path)) == (["a", "b"], ["c", "d"])


def test_zero_never_rotates(path: Path) -> None:
    """A size of 0 lets the file grow."""
    adapter = file(path, rotate=0)
    for n in range(20):
        write(adapter, str(n))
    assert os.listdir(path.parent) == ["events.jsonl"]  # noqa: PTH208 - names are enough


def test_a_file_that_was_moved_away_is_begun_anew(path: Path) -> None:
    """When something else renames the file, the next events go to a new one of its name."""
    adapter = file(path)
    write(adapter, "a")
    path.rename(path.with_name("moved"))
    write(adapter, "b")
    assert ids_in(path) == ["b"]


def test_processes_share_a_file_and_its_rotation(path: Path) -> None:
    """Several processes write and rotate one file: each event is there once, no line torn."""
    command = [sys.executable, "-c", WRITER, str(path)]
    writers = [subprocess.Popen([*command, name, "40"]) for name in "xyz"]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]

    found = ids_in(*path.parent.iterdir())
    assert sorted(found) == sorted(f"{name}-{n}" for name in "xyz" for n in range(40))
    assert len(list(path.parent.iterdir())) > 5, "it rotated"


def test_a_killed_writer_loses_nothing_that_counted(path: Path) -> None:
    """After a kill at any moment the file goes on, with at most one broken line."""
    command = [sys.executable, "-c", WRITER.replace('"2KB"', "0"), str(path), "x", "100000"]
    writer = subprocess.Popen(command)
    wait_until(lambda: path.exists() and path.stat().st_size > 20_000, what="lines")
    writer.kill()
    writer.wait()
    write(file(path), "last")

    lines = path.read_bytes().splitlines()
    whole = [line for line in lines if line.endswith(b"}")]
    assert len(lines) - len(whole) <= 1
    assert [json.loads(line)["messageId"] for line in whole][-1] == "last"
