"""What one sees while it plays: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Protocol, Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from router.cli.demo.scenery import ABOUT
from router.cli.output import note
from router.observe.lane import destination_of

if TYPE_CHECKING:
    from router.store.ledger import Ledger

PAUSE = 2.0
"""Seconds between two plain lines of progress."""


class View(Protocol):
    """Whoever shows how it goes."""

    def say(self, text: str) -> None:
        """Tell what happens now."""

    def show(self, ledger: Ledger, lanes: list[str], events: int) -> None:
        """Show the numbers as they are now."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(self, *exception: object) -> None:
        """End."""


def view() -> View:
    """Return the view that fits standard error."""
    return LiveView() if sys.stderr.isatty() else PlainView()


class PlainView:
    """Lines, at most one every two seconds."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def say(self, text: str) -> None:
        """Tell what happens now."""
        note(text)

    def show(self, ledger: Ledger, lanes: list[str], events: int) -> None:
        """Write a line now and then."""
        if time.monotonic() - self._told < PAUSE:
            return
        self._told = time.monotonic()
        delivered = sum(ledger.lanes[lane].delivered for lane in lanes)
        pending = sum(ledger.lanes[lane].pending for lane in lanes)
        read = ledger.intake.get("read", 0)
        note(f"  {read:,} of {events:,} events routed, {delivered:,} delivered, {pending:,} wait")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        pass


class LiveView:
    """A table that changes, a bar below it, and the lines above."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            console=self._console,
        )  # fmt: skip
        self._task = self._bar.add_task("deliveries settled", total=None)
        self._live = Live(self._bar, console=self._console, transient=True, refresh_per_second=8)

    def say(self, text: str) -> None:
        """Write a line above the table."""
        self._console.print(text, markup=False)

    def show(self, ledger: Ledger, lanes: list[str], events: int) -> None:
        """Draw the table anew."""
        drawn = numbers(ledger, lanes)
        rows = [ledger.lanes[lane] for lane in lanes]
        settled = sum(row.delivered + sum(row.filtered.values()) + row.dead_now for row in rows)
        self._bar.update(self._task, completed=settled, total=events * len(lanes))
        self._live.update(Group(drawn, self._bar))

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._live.stop()


def numbers(ledger: Ledger, lanes: list[str]) -> Table:
    """Return the table of all destinations."""
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    drawn.add_column("destination")
    for name in ("delivered", "filtered", "pending", "retried", "dead"):
        drawn.add_column(name, justify="right")
    for name in ("mostly filtered by", "what it is"):
        drawn.add_column(name, no_wrap=True, overflow="ellipsis")
    for lane in lanes:
        row, name = ledger.lanes[lane], destination_of(lane)
        cells = (row.delivered, sum(row.filtered.values()), row.pending,
                 row.other.get("retried", 0), row.dead_now)  # fmt: skip
        reason = max(row.filtered, key=lambda why: row.filtered[why], default="")
        drawn.add_row(name, *(f"{cell:,}" for cell in cells), reason, ABOUT[name])
    return drawn
