"""`router explain`: who would get an event, what of it, and by which rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from router.cli.command import Command
from router.cli.lines import chunks, opened_file
from router.cli.options import config_option, load_config
from router.cli.output import SCHEMA_VERSION, json_line, json_option
from router.cli.preview.knowing import preferences
from router.cli.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from router.cli.preview.knowing import Known
    from router.config import Config


@click.command(
    cls=Command,
    examples="""
        router explain events.jsonl
        router explain --human events.jsonl
        router explain --compare segment events.jsonl
        echo '{"type":"track","event":"Signed Up","userId":"u1"}' | router explain -
        router explain events.jsonl | jq -c '.destinations.hook.payload'
    """,
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--human", is_flag=True, help="Print verdicts for people, without any value.")
@click.option(
    "--compare", type=click.Choice(["segment"]), help="Say what Segment would have done, and why."
)
@click.option("--now", is_flag=True, help="Heed what the store knows of users' consent as well.")
@config_option
@json_option
def explain(  # noqa: PLR0913 - a command has this many options
    file: str, config_path: Path, compare: str | None, *, human: bool, now: bool, as_json: bool
) -> None:
    """Decide for each event in FILE (`-`: standard input) as the router would, and send nothing.

    Prints one JSON line for each line of FILE, in order: per destination the verdict, its
    reason, the rule that decided, and the payload that the destination would be given; where the
    event's integrations map or its categories hold something odd, that too. With --human it names
    the fields that a destination would not see, or see changed. Needs no store and no network, but
    for --now: it judges as before an attempt, by the latest known preference of each event's user.
    """
    if human and as_json:
        raise click.UsageError("--human and --json exclude each other.")
    config = load_config(config_path)
    with (
        preferences(config, asked=now) as known,
        opened_file(file) as (lines, size),
        Progress("explained", size) as progress,
    ):
        line_of = _explainer(config, compare, known, human=human, versioned=as_json)
        for some, read in chunks(lines):
            if some:
                click.echo(b"\n".join(map(line_of, some)))
            progress.advance(read, counted=len(some))


def _explainer(
    config: Config, compare: str | None, known: Known, *, human: bool, versioned: bool
) -> Callable[[bytes], bytes]:
    """Return what makes an output line of an input line."""
    from router.cli.preview.arriving import Arriving  # noqa: PLC0415 - `--help` decides nothing
    from router.cli.preview.explain_text import told  # noqa: PLC0415 - as above
    from router.config.compiled import compared, compiled, sources  # noqa: PLC0415 - as above
    from router.decide.explain import explain as decide  # noqa: PLC0415 - as above

    arriving, routes = Arriving(sources(config)), compiled(config)
    segment = compared(config) if compare else None
    version = {"schema_version": SCHEMA_VERSION} if versioned else {}

    def line_of(raw: bytes) -> bytes:
        event = arriving.read(raw)
        if isinstance(event, str):
            explanation: dict[str, Any] = {"message_id": None, "error": event, "destinations": {}}
            return told(None, explanation) if human else json_line(version | explanation)
        explanation = decide(event, routes, segment, known(event))
        return told(event, explanation) if human else json_line(version | explanation)

    return line_of
