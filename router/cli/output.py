"""What commands print: results on standard output, everything else on standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click
import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.console import Console
    from rich.table import Table

SCHEMA_VERSION = 1
"""Of every JSON object that a command prints; it changes when a script would have to."""
WIDE = 200
"""Columns of a table that goes into a file or a pipe."""

_LINE_ENDS = tuple(
    (sign.encode(), f"\\u{ord(sign):04x}".encode()) for sign in ("\u2028", "\u2029", "\x85")
)

json_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON for programs."
)


def json_line(value: Any) -> bytes:
    """Return a JSON value as one line for every reader.

    Python's `splitlines` and JavaScript see ends of lines where JSON sees none: these are escaped.
    """
    line = orjson.dumps(value)
    if line.isascii():
        return line
    for sign, escaped in _LINE_ENDS:
        line = line.replace(sign, escaped)
    return line


def print_json(value: dict[str, Any]) -> None:
    """Print one JSON object on one line."""
    click.echo(json_line({"schema_version": SCHEMA_VERSION, **value}))


def note(message: str) -> None:
    """Tell something that is not the result."""
    click.echo(message, err=True)


def console() -> Console:
    """Return where tables are printed: as wide as the terminal, or wide."""
    from rich.console import Console  # noqa: PLC0415 - only commands that draw pay for it

    return Console(
        width=None if sys.stdout.isatty() else WIDE, highlight=False, markup=False, emoji=False
    )


def table(*columns: str, numbers: Iterable[str] = ()) -> Table:
    """Return an empty table; those in `numbers` stand to the right, and in one piece."""
    from rich.table import Table  # noqa: PLC0415 - as above

    made = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    right = frozenset(numbers)
    for column in columns:
        if column in right:
            made.add_column(column, justify="right", no_wrap=True)
        else:
            made.add_column(column, overflow="fold")
    return made


def harmless(text: object) -> str:
    """Write out what a terminal would obey: texts of events are anybody's."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(text))
