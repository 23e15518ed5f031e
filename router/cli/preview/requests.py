"""`router requests`: the vendor requests that events would become; nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import orjson

from router.cli.command import Command
from router.cli.lines import chunks, opened_file
from router.cli.options import config_option, load_config
from router.cli.output import SCHEMA_VERSION, json_line, json_option, note
from router.cli.preview.stand_in import AnswerType
from router.cli.progress import Progress
from router.cli.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from router.cli.preview.previewing import Previewing
    from router.cli.preview.stand_in import Answer


@click.command(
    cls=Command,
    examples="""
        router requests --destination hook events.jsonl
        router requests --destination hook --human events.jsonl
        echo '{"type":"track","userId":"u1"}' | router requests --destination hook -
        router requests --destination hook events.jsonl | jq -c .body
        router requests --destination hook --answer 404 --answer '{"id": 7}' events.jsonl
    """,
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--destination", "name", required=True, metavar="NAME", help="Whose requests.")
@click.option("--reveal", is_flag=True, help="Show secrets, too.")
@click.option("--human", is_flag=True, help="Print requests for people.")
@click.option(
    "--answer",
    "answers",
    type=AnswerType(),
    multiple=True,
    metavar="ANSWER",
    help="What a look-up is answered with: a status, JSON, both, or @FILE; given again, in turn. "
    "Default: what is looked up is not there.",
)
@config_option
@json_option
def requests(  # noqa: PLR0913 - a command's options
    file: str,
    name: str,
    answers: Sequence[Answer],
    config_path: Path,
    *,
    reveal: bool,
    human: bool,
    as_json: bool,
) -> None:
    """Show the requests that would carry the events in FILE (`-`: standard input) to a vendor.

    One JSON line for each request, in order: method, url, headers, body (decoded when it is JSON)
    and message_ids. What a destination may not have is left out and counted on standard error.
    Secrets are masked. A look-up before a write is shown with the answer it was given
    (`answered`). A destination without HTTP is shown what it would be given. Needs no store, and
    sends nothing.
    """
    if human and as_json:
        raise click.UsageError("--human and --json exclude each other.")
    show = _drawn if human else _versioned if as_json else json_line
    previewing = _previewing(config_path, name, answers, reveal=reveal)
    with opened_file(file) as (lines, size), Progress("read", size) as progress:
        for shown in previewing.over(_lines(lines, progress)):
            click.echo(show(shown))
    _tell(name, previewing)


def _previewing(path: Path, name: str, answers: Sequence[Answer], *, reveal: bool) -> Previewing:
    from router.cli.destinations.chosen import chosen  # noqa: PLC0415 - `--help` shows no requests
    from router.cli.preview.previewing import Previewing  # noqa: PLC0415 - as above

    config = load_config(path)
    chosen(config, name)
    return Previewing(config, name, answers, reveal=reveal)


def _lines(file: Any, progress: Progress) -> Iterator[bytes]:
    for some, read in chunks(file):
        yield from some
        progress.advance(read, counted=len(some))


def _versioned(shown: dict[str, Any]) -> bytes:
    return json_line({"schema_version": SCHEMA_VERSION, **shown})


def _drawn(shown: dict[str, Any]) -> str:
    """Return a request as it looks on the wire, more or less."""
    from router.cli.output import harmless  # noqa: PLC0415 - `--help` draws nothing

    if shown["method"] is None:
        lines = ["given"]
    else:
        lines = [f"{shown['method']} {harmless(shown['url'])}"]
        lines += [f"  {name}: {harmless(value)}" for name, value in shown["headers"].items()]
    body = shown["body"]
    if body is not None:
        text = body if isinstance(body, str) else orjson.dumps(body, option=orjson.OPT_INDENT_2)
        text = text if isinstance(text, str) else text.decode()
        lines += ["", *(f"  {harmless(line)}" for line in text.splitlines())]
    if "answered" in shown:
        answer = shown["answered"]
        lines += ["", f"  answered with {answer['status']} {orjson.dumps(answer['body']).decode()}"]
    lines += ["", f"  carries: {', '.join(map(harmless, shown['message_ids']))}", ""]
    return "\n".join(lines)


def _tell(name: str, seen: Previewing) -> None:
    """Say on standard error what came of all the lines."""
    parts = [count(seen.events, "event"), count(seen.deliveries, "delivery", "deliveries")]
    parts.append(count(seen.requests, "request") if seen.speaks_http else "no HTTP")
    note(f"{name}: {', '.join(parts)}")
    if not seen.speaks_http:
        note("  this adapter makes no requests: each line is what it would be given")
    for what, counted in (
        ("skipped", seen.skipped), ("no request for", seen.unsent), ("unreadable", seen.unreadable),
    ):  # fmt: skip
        for reason, number in counted.most_common():
            note(f"  {what} {number:,}: {reason}{_meaning(reason)}")


def _meaning(reason: str) -> str:
    from router.observe.reasons import DeadReason, ShelfReason, SkipReason  # noqa: PLC0415 - `--help` tells nothing

    found = SkipReason.listed(reason) or ShelfReason.listed(reason) or DeadReason.listed(reason)
    return f" ({found.meaning.rstrip('.')})" if found else ""
