"""`router diff`: what another configuration would change, shown on events that were recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from router.cli.command import Command
from router.cli.failure import Exit
from router.cli.lines import chunks, opened_file
from router.cli.options import load_config
from router.cli.output import json_option, note, print_json
from router.cli.progress import Progress
from router.cli.wording import count

if TYPE_CHECKING:
    from router.cli.preview.comparison import ConfigDiff

CONFIGURATION = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    cls=Command,
    examples="""
        router diff old.yaml new.yaml events.jsonl
        router diff old.yaml new.yaml events.jsonl --examples 10 --reveal
        router diff old.yaml new.yaml events.jsonl --json | jq .destinations.hook.paths
        tail -n 10000 events.jsonl | router diff old.yaml new.yaml -
    """,
)
@click.argument("before", metavar="A.yaml", type=CONFIGURATION)
@click.argument("after", metavar="B.yaml", type=CONFIGURATION)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "--examples",
    type=click.IntRange(0, 1000),
    default=3,
    show_default=True,
    metavar="N",
    help="So many examples of each effect.",
)
@click.option("--reveal", is_flag=True, help="Show the values of examples, too.")
@json_option
@click.pass_context
def diff(  # noqa: PLR0913 - a command's options
    ctx: click.Context,
    before: Path,
    after: Path,
    file: str,
    examples: int,
    *,
    reveal: bool,
    as_json: bool,
) -> None:
    """Say per destination what would be different with B.yaml, on the events in FILE.

    Which events would appear and vanish, lose or gain fields, carry other values, or be kept back
    for another reason; with examples that show ids and paths, never values. Needs no store and no
    network. Ends with 0 when nothing is different, with 11 when something is.
    """
    compared = _compared(before, after, file, examples)
    if as_json:
        from router.cli.preview.diff_text import as_value  # noqa: PLC0415 - `--help` compares nothing

        print_json(as_value(compared, before, after, reveal=reveal))
    else:
        from router.cli.preview.diff_text import told  # noqa: PLC0415 - as above

        for line in told(compared, reveal=reveal):
            click.echo(line)
    for reason, number in compared.unreadable.most_common():
        note(f"{count(number, 'line')} could not be read: {reason}")
    if compared.different:
        ctx.exit(Exit.DIFFERENT)


def _compared(before: Path, after: Path, file: str, examples: int) -> ConfigDiff:
    from router.cli.preview.comparison import ConfigDiff  # noqa: PLC0415 - `--help` compares nothing

    compared = ConfigDiff(load_config(before), load_config(after), examples)
    with opened_file(file) as (lines, size), Progress("compared", size) as progress:
        for some, read in chunks(lines):
            for raw in some:
                compared.add(raw)
            progress.advance(read, counted=len(some))
    return compared
