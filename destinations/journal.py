"""A journal: a file of lines that several processes append to, safe from crashes and rotated.

Nothing is held open between two appends. Each opens the file by its name, takes its lock and
looks whether the name still means this file, for another process may have rotated it meanwhile.
What a crash left of a line is closed with a newline, so that it spoils no other; what a full disk
left of one is cut off at once.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 5.0
"""Seconds to wait for the lock; its holder may be frozen, and a thread waits with us."""
_FULLSYNC: int | None = getattr(fcntl, "F_FULLFSYNC", None)
_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOCTTY


class LockedError(OSError):
    """Another process holds the file's lock and does not let go."""


class Journal:
    """Lines under a path; `append` returns when the disk has them. Safe to share by threads."""

    def __init__(
        self, path: Path, *, rotate: int = 0, sync: bool = True, patience: float = PATIENCE
    ) -> None:
        """Take the path, the size to rotate at (0: never), and whether to wait for the disk."""
        self._path = path
        self._patience = patience
        self._rotate = rotate
        self._sync = sync

    def append(self, lines: bytes) -> None:
        """Append whole lines, all of them or none.

        Raises OSError as the system does, and `LockedError`.
        """
        while True:
            with self._locked() as (file, size):
                if self._rotate and size and size + len(lines) > self._rotate:
                    self._set_aside()
                    continue
                _write(file, size, lines, sync=self._sync)
                if self._sync and not size:
                    _sync_folder(self._path.parent)
                return

    @contextmanager
    def _locked(self) -> Iterator[tuple[int, int]]:
        """Give the file under the path, locked, with its size."""
        deadline = time.monotonic() + self._patience
        while True:
            file = self._open()
            try:
                _lock(file, deadline)
                found = os.fstat(file)
                if _is_at(found, self._path):
                    yield file, found.st_size
                    return
            finally:
                os.close(file)

    def _open(self) -> int:
        try:
            return os.open(self._path, _FLAGS, 0o600)
        except FileNotFoundError:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return os.open(self._path, _FLAGS, 0o600)

    def _set_aside(self) -> None:
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        aside = self._path.with_name(f"{self._path.stem}.{now}{self._path.suffix}")
        if not aside.exists():
            self._path.rename(aside)
            _sync_folder(self._path.parent)


def _lock(file: int, deadline: float) -> None:
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise LockedError("the lock of the file is taken") from None
            time.sleep(0.002)


def _is_at(found: os.stat_result, path: Path) -> bool:
    try:
        return os.path.samestat(found, path.stat())
    except FileNotFoundError:
        return False


def _write(file: int, size: int, lines: bytes, *, sync: bool) -> None:
    if size and os.pread(file, 1, size - 1) != b"\n":
        lines = b"\n" + lines
    rest = memoryview(lines)
    try:
        while rest:
            rest = rest[os.write(file, rest) :]
        if sync:
            _sync(file)
    except OSError:
        with suppress(OSError):
            os.ftruncate(file, size)
        raise


def _sync(file: int) -> None:
    """Wait until the disk itself has the file; macOS's fsync only reaches the drive's cache."""
    if _FULLSYNC is None:
        os.fsync(file)
    else:
        fcntl.fcntl(file, _FULLSYNC)


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power cut."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _sync(file)
    finally:
        os.close(file)
