"""Lines of a file or of standard input, as they come."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 1 << 18


@contextmanager
def opened_file(name: str) -> Iterator[tuple[BinaryIO, int | None]]:
    """Open a file, or standard input for `-`; gives it with its size, if it has one."""
    if name == "-":
        yield sys.stdin.buffer, None
        return
    with Path(name).open("rb") as file:
        yield file, Path(name).stat().st_size if Path(name).is_file() else None


def chunks(file: BinaryIO) -> Iterator[tuple[list[bytes], int]]:
    """Yield the complete lines of what can be read at once, with how many bytes were read.

    It never waits for more when it has lines: what trickles in gets through.
    """
    rest: list[bytes] = []
    read = getattr(file, "read1", file.read)
    while piece := read(CHUNK):
        *complete, last = piece.split(b"\n")
        if complete:
            complete[0] = b"".join([*rest, complete[0]])
            rest = []
        rest.append(last)
        yield [line.removesuffix(b"\r") for line in complete], len(piece)
    if last := b"".join(rest).removesuffix(b"\r"):
        yield [last], 0
