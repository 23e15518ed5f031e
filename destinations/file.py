"""File: events as JSON lines, on the disk before they count as delivered."""

from __future__ import annotations

import asyncio
from errno import EACCES, EISDIR, ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR, EPERM, EROFS, errorcode
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ByteSize, Field

from destinations.contract import Adapter, Batch, Outcomes, Settings
from destinations.journal import Journal, LockedError
from destinations.outcome import Delivered, Held, Outcome, Retry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from destinations.delivery import Delivery

_TO_MEND = frozenset({EACCES, EISDIR, ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR, EPERM, EROFS})
"""Errors that somebody must mend; the others (a full disk, a bad sector) may pass."""


class FileSettings(Settings):
    """Which file, and how large it may grow."""

    path: Path = Field(description="The file to append to; its folder is made if need be.")
    rotate: ByteSize = Field(
        default=ByteSize(100_000_000),
        description="Size at which the file is renamed (`events.jsonl` to"
        " `events.20260801T120000.000000Z.jsonl`) and begun anew, such as `100MB`; 0 for never.",
    )


class File(Adapter[FileSettings]):
    """Append one line per event to a file that several processes of a host may share."""

    Settings = FileSettings
    name = "File"
    batch = Batch(events=1000, bytes=4_000_000, in_order=True)

    def __init__(self, settings: FileSettings) -> None:
        super().__init__(settings)
        self._journal = Journal(settings.path, rotate=int(settings.rotate))

    async def send(self, deliveries: Sequence[Delivery]) -> Outcomes:
        """Append the lines and have the disk confirm them, all or none."""
        outcome = await asyncio.to_thread(self._append, [d.body for d in deliveries])
        return dict.fromkeys(deliveries, outcome)

    def _append(self, bodies: list[bytes]) -> Outcome:
        # A newline in JSON can only stand between values, where a space does as well.
        lines = b"".join(body.replace(b"\n", b" ") + b"\n" for body in bodies)
        try:
            self._journal.append(lines)
        except LockedError:
            return Retry("file_locked")
        except OSError as error:
            reason = f"file_{errorcode.get(error.errno or 0, 'error').lower()}"
            return Held(reason) if error.errno in _TO_MEND else Retry(reason)
        return Delivered()
