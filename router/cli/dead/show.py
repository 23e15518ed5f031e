"""`router dead show`: one dead letter, with what its destination would see of the event."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import click
import orjson

from router.cli.advice import going_on
from router.cli.command import Command
from router.cli.failure import Exit, Failure
from router.cli.options import config_option, looked_up
from router.cli.output import harmless, json_option, note, print_json
from router.cli.wording import ago, local

if TYPE_CHECKING:
    from pathlib import Path

    from router.dead.record import Record
    from router.observe.reasons import Reason
    from router.store.opening import Place


@click.command(
    cls=Command,
    examples="""
        router dead show hook/3/1790000000000-0
        router dead show --reveal shelf/3/1790000000000-0
    """,
)
@click.argument("letter_id", metavar="ID")
@click.option("--reveal", is_flag=True, help="Show values; of the shelf, the event as it came.")
@config_option
@json_option
def show(letter_id: str, config_path: Path, *, reveal: bool, as_json: bool) -> None:
    """Show why it died, and what its destination would see of the event.

    Values are masked unless --reveal. An event that could not be read, or whose policy failed,
    is kept as it came, with everything in it: only --reveal shows it.
    """
    record, raw = asyncio.run(_get(looked_up(config_path), letter_id))
    shown = _facts(record, raw, reveal=reveal)
    if as_json:
        print_json(shown)
    else:
        _tell(record, shown)


async def _get(config: Place, wanted: str) -> tuple[Record, bytes | None]:
    """Return the record, and the event as it came if that is kept."""
    from router.cli.opening import opened  # noqa: PLC0415 - `--help` needs no store
    from router.dead.scan import named  # noqa: PLC0415 - as above

    async with opened(config) as store:
        found, _ = await named(store, [wanted])
        if not found:
            raise Failure(f"there is no dead letter {harmless(wanted)}", Exit.NOT_FOUND)
        record = found[0]
        item = record.item
        if record.letter is not None and record.letter.shelf is not None:
            item = await store.shelf.get(record.letter.shelf)
        return record, item.raw if item else None


def _facts(record: Record, raw: bytes | None, *, reveal: bool) -> dict[str, Any]:
    from router.cli.dead.list import as_dict  # noqa: PLC0415 - `--help` shows no letter
    from router.cli.dead.masking import masked  # noqa: PLC0415 - as above

    payload, reason = record.payload, _listed(record)
    shown = {
        **as_dict(record),
        "meaning": reason.meaning if reason else None,
        "advice": reason.advice if reason else None,
        "revealed": reveal,
        "payload": payload if reveal or payload is None else masked(payload),
    }
    if raw is not None:
        shown["original"] = raw.decode("utf-8", "replace") if reveal else f"<{len(raw)} bytes>"
    return shown


def _listed(record: Record) -> Reason | None:
    """Return the reason as the router lists it; what a destination answered is not listed."""
    from router.observe.reasons import DeadReason, ShelfReason  # noqa: PLC0415 - as above

    reasons: type[Reason] = DeadReason if record.item is None else ShelfReason
    return reasons.listed(record.reason.partition(".")[0])


def _tell(record: Record, shown: dict[str, Any]) -> None:
    now = int(time.time() * 1000)
    meaning = f" ({shown['meaning']})" if shown["meaning"] else ""
    lines = {
        "id": record.id,
        "reason": f"{record.reason}{meaning}",
        "status": record.status,
        "event": " ".join(filter(None, (record.type, record.event))),
        "message": record.message_id,
        "source": record.source,
        "attempts": record.attempts or None,
        "replays": record.replays or None,
        "first failed": local(record.first_failed_at),
        "dead": f"{local(record.dead_at)}, {ago(record.dead_at, now)}",
        "original": shown.get("original"),
        "what to do": shown["advice"],
    }
    for name, value in lines.items():
        if value:
            click.echo(f"{name:<13}{harmless(value)}")
    if shown["payload"] is not None:
        click.echo("payload")
        click.echo(_escaped(orjson.dumps(shown["payload"], option=orjson.OPT_INDENT_2)))
    if not shown["revealed"]:
        note("values are masked: --reveal shows them")
    note(f"next: {going_on(f'router dead replay {record.id} --dry-run')}")


def _escaped(text: bytes) -> str:
    return "\n".join(harmless(line) for line in text.decode().splitlines())
