"""`router explain`: who would get an event, what of it, and by which rule."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

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
        router explain --why events.jsonl | jq -c '.destinations.hook.fields'
        echo '{"type":"track","event":"Signed Up","userId":"u1"}' | router explain -
        router explain events.jsonl | jq -c '.destinations.hook.payload'
    """,
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--human", is_flag=True, help="Print verdicts for people, without any value.")
@click.option(
    "--why", is_flag=True, help="Name lines of the file, and the rule behind each changed field."
)
@click.option(
    "--compare", type=click.Choice(["segment"]), help="Say what Segment would have done, and why."
)
@click.option("--now", is_flag=True, help="Heed what the store knows of users' consent as well.")
@config_option
@json_option
def explain(  # noqa: PLR0913 - a command has this many options
    file: str,
    config_path: Path,
    compare: str | None,
    *,
    human: bool,
    why: bool,
    now: bool,
    as_json: bool,
) -> None:
    """Decide for each event in FILE (`-`: standard input) as the router would, and send nothing.

    Prints one JSON line for each line of FILE, in order: per destination the verdict, its
    reason, the rule that decided, and the payload that the destination would be given; where the
    event's integrations map or its categories hold something odd, that too. --why adds the line of
    each rule, and per rule the fields that it takes or changes; --human tells the same in words.
    Needs no store and no network, but for --now: it judges as before an attempt, by the latest
    known preference of each event's user.
    """
    if human and as_json:
        raise click.UsageError("--human and --json exclude each other.")
    config = load_config(config_path)
    form = Form(human=human, why=why or human, versioned=as_json)
    with (
        preferences(config, asked=now) as known,
        opened_file(file) as (lines, size),
        Progress("explained", size) as progress,
    ):
        line_of = _explainer(config, compare, known, form)
        for some, read in chunks(lines):
            if some:
                click.echo(b"\n".join(map(line_of, some)))
            progress.advance(read, counted=len(some))


class Form(NamedTuple):
    """How explanations are printed."""

    human: bool
    why: bool
    versioned: bool


def _explainer(
    config: Config, compare: str | None, known: Known, form: Form
) -> Callable[[bytes], bytes]:
    """Return what makes an output line of an input line."""
    from router.cli.preview.arriving import Arriving  # noqa: PLC0415 - `--help` decides nothing
    from router.cli.preview.explain_text import told  # noqa: PLC0415 - as above
    from router.config.compiled import Courses, compared, compiled, sources  # noqa: PLC0415 - as above
    from router.decide.explain import explain as decide  # noqa: PLC0415 - as above

    arriving, routes = Arriving(sources(config)), compiled(config)
    segment = compared(config) if compare else None
    courses = Courses(config) if form.why else None
    version = {"schema_version": SCHEMA_VERSION} if form.versioned else {}
    numbers = count(1)

    def line_of(raw: bytes) -> bytes:
        event, number = arriving.read(raw), next(numbers)
        if isinstance(event, str):
            explanation: dict[str, Any] = {"message_id": None, "error": event, "destinations": {}}
        else:
            explanation = decide(event, routes, segment, known(event), courses)
            if form.why:
                _place(config, explanation)
        if form.human:
            return told(number, None if isinstance(event, str) else event, explanation).encode()
        return json_line(version | explanation)

    return line_of


def _place(config: Config, explanation: dict[str, Any]) -> None:
    """Add the line of each rule that is named."""
    from router.config.lines import line_of  # noqa: PLC0415 - as above

    verdicts = explanation["destinations"].values()
    for each in (*explanation["fields"], *verdicts):
        each["line"] = line_of(config, each["rule"])
    for verdict in verdicts:
        for each in verdict["fields"]:
            each["line"] = line_of(config, each["rule"])
