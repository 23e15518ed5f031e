"""Progress on standard error, once something takes longer than a second."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

from router.cli.output import note

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

PATIENCE = 1.0
"""Seconds of silence at the start."""
PAUSE = 10.0
"""Seconds between two lines where nobody watches a terminal."""


class Progress:
    """A bar on a terminal, a line every ten seconds elsewhere; silent for the first second.

    `total` is in the unit of `advance`; `told` is the count that is shown in words.
    """

    def __init__(self, what: str, total: int | None = None) -> None:
        self._what = what
        self._total = total
        self._done = 0
        self._counted = 0
        self._since = time.monotonic()
        self._told = self._since
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, steps: int, *, counted: int | None = None) -> None:
        """Say that so much more is done."""
        self._done += steps
        self._counted += steps if counted is None else counted
        now = time.monotonic()
        if now - self._since < PATIENCE:
            return
        if sys.stderr.isatty():
            self._draw()
        elif now - self._told >= PAUSE:
            self._told = now
            share = f" ({100 * self._done // self._total} %)" if self._total else ""
            note(f"{self._what} {self._counted:,}{share}")

    def _draw(self) -> None:
        if self._bar is None or self._task is None:
            self._bar, self._task = _bar(self._what, self._total)
        speed = self._counted / max(time.monotonic() - self._since, 0.001)
        self._bar.update(
            self._task, completed=self._done, counted=f"{self._counted:,}", speed=f"{speed:,.0f}/s"
        )


def _bar(what: str, total: int | None) -> tuple[Bar, TaskID]:
    from rich import progress  # noqa: PLC0415 - only what takes long pays for it
    from rich.console import Console  # noqa: PLC0415 - as above

    bar = progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.TextColumn("{task.fields[counted]}  {task.fields[speed]}"),
        progress.TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    bar.start()
    return bar, bar.add_task(what, total=total, counted="0", speed="")
