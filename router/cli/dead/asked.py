"""What QUERY and ID arguments name, and the questions before something large happens."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from router.cli.failure import Exit, Failure
from router.dead.query import QueryError, parse_query
from router.dead.scan import is_id, matching, named
from router.observe.lane import destination_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from router.dead.query import Query
    from router.dead.record import Record
    from router.store.store import Store

ASK_ABOVE = 100
"""Records that change without a question."""


class Asked:
    """The records that a command was asked for: by their ids, or by a query."""

    def __init__(self, words: Sequence[str], now_ms: int) -> None:
        self.ids = tuple(words) if words and all(map(is_id, words)) else ()
        self.query = _query("" if self.ids else " ".join(words), now_ms)
        self.now_ms = now_ms
        self._names: list[str] = []

    @property
    def nothing(self) -> str:
        """What is told when nothing matched: a name that nobody ever had is likely a typo."""
        if not self._names or any(map(self.query.reaches, self._names)):
            return "nothing matches"
        return f"nothing matches: no such destination ever had an event ({', '.join(self._names)})"

    @property
    def everything(self) -> bool:
        """Whether nothing was asked for in particular."""
        return not self.ids and not self.query.terms

    @property
    def text(self) -> str:
        """What was asked, for the record."""
        return " ".join(self.ids) or self.query.text or "everything"

    async def records(self, store: Store) -> AsyncIterator[Record]:
        """Yield them; an id that nothing has ends the command before anything is yielded."""
        if not self.ids:
            lanes = await store.lanes.known()
            self._names = [*sorted(set(map(destination_of, lanes))), "shelf"]
            async for record in matching(store, self.query, self.now_ms):
                yield record
            return
        found, gone = await named(store, self.ids)
        if gone:
            raise Failure(f"there is no dead letter {gone[0]}", Exit.NOT_FOUND)
        for record in found:
            yield record


def _query(text: str, now_ms: int) -> Query:
    try:
        return parse_query(text, now_ms)
    except QueryError as error:
        pointer = " " * (error.column - 1) + "^"
        raise Failure(f"{error}\n  {text}\n  {pointer}", Exit.USAGE) from None


def something(asked: Asked, *, everything: bool) -> None:
    """Refuse to change everything unless that was said."""
    if asked.everything and not everything:
        raise click.UsageError("Name what: a QUERY, IDs, or --all.")
    if everything and not asked.everything:
        raise click.UsageError("--all and a QUERY exclude each other.")


def agreed(question: str, count: int, *, yes: bool) -> None:
    """Ask before more than a hundred records change; `--yes` answers."""
    if yes or count <= ASK_ABOVE:
        return
    if not sys.stdin.isatty():
        raise Failure(f"{question} Say --yes, or fewer with --limit.", Exit.USAGE)
    if not click.confirm(question, err=True):
        raise Failure("nothing was changed", Exit.STOPPED)
