"""`router explain`: who would get an event, what of it, and by which rule."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click
import orjson

from router.cli.command import Command
from router.cli.lines import chunks, opened_file
from router.cli.options import config_option, load_config
from router.cli.output import SCHEMA_VERSION, harmless, json_option
from router.cli.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from router.decide.routes import Routes


@click.command(
    cls=Command,
    examples="""
        router explain events.jsonl
        router explain --human events.jsonl
        echo '{"type":"track","event":"Signed Up","userId":"u1"}' | router explain -
        router explain events.jsonl | jq -c '.destinations.hook.payload'
    """,
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--human", is_flag=True, help="Print verdicts for people, without payloads.")
@config_option
@json_option
def explain(file: str, config_path: Path, *, human: bool, as_json: bool) -> None:
    """Decide for each event in FILE (`-`: standard input) as the router would, and send nothing.

    Prints one JSON line for each line of FILE, in order: per destination the verdict, its
    reason, the rule that decided, and the payload that the destination would be given. Needs no
    store and no network.
    """
    if human and as_json:
        raise click.UsageError("--human and --json exclude each other.")
    show = _told if human else _versioned if as_json else _json
    line_of = _explainer(config_path, show)
    with opened_file(file) as (lines, size), Progress("explained", size) as progress:
        for some, read in chunks(lines):
            if some:
                click.echo(b"\n".join(map(line_of, some)))
            progress.advance(read, counted=len(some))


def _explainer(path: Path, show: Callable[[dict[str, Any]], bytes]) -> Callable[[bytes], bytes]:
    """Return what makes an output line of an input line."""
    from router.config.compiled import compiled, sources  # noqa: PLC0415 - `--help` decides nothing

    config = load_config(path)
    routes, by_key = compiled(config), sources(config)
    number = iter(range(1, 1 << 62))
    return lambda raw: show(_explained(raw, next(number), routes, by_key))


def _explained(raw: bytes, number: int, routes: Routes, sources: dict[str, str]) -> dict[str, Any]:
    """Decide on a line as if it had just been put on the stream."""
    from router.decide.explain import explain as decide  # noqa: PLC0415 - `--help` decides nothing
    from router.events.event import Arrival, Unreadable  # noqa: PLC0415 - as above
    from router.events.parse import parse  # noqa: PLC0415 - as above

    now = int(time.time() * 1000)
    try:
        event = parse(Arrival(raw, f"explain:{now}-{number}", None, now), sources, now)
    except Unreadable as unreadable:
        return {"message_id": None, "error": str(unreadable.reason), "destinations": {}}
    return decide(event, routes)


def _json(explanation: dict[str, Any]) -> bytes:
    return orjson.dumps(explanation)


def _versioned(explanation: dict[str, Any]) -> bytes:
    return orjson.dumps({"schema_version": SCHEMA_VERSION, **explanation})


def _told(explanation: dict[str, Any]) -> bytes:
    from router.observe.reasons import SkipReason  # noqa: PLC0415 - `--help` tells nothing

    if "error" in explanation:
        return f"unreadable: {explanation['error']}".encode()
    meanings = {member.value: f": {member.meaning}" for member in SkipReason}
    lines = [harmless(explanation["message_id"])]
    verdicts = explanation["destinations"]
    width = max(map(len, verdicts), default=0)
    for name, verdict in verdicts.items():
        reason = verdict["reason"] or ""
        line = f"  {name:<{width}}  {verdict['verdict']}  {reason}{meanings.get(reason, '')}"
        lines.append(f"{line.rstrip()}  [{harmless(verdict['rule'])}]")
    return "\n".join(lines).encode()
