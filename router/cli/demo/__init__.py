"""`router demo`: see it all work on real events, with real workers, in a minute."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from router.cli.command import Command
from router.cli.failure import Failure
from router.cli.output import console, harmless, json_option, note, print_json

if TYPE_CHECKING:
    from router.cli.demo.ending import Ending
    from router.cli.demo.scenery import Scene
    from router.cli.demo.vendors import Vendors

NEXT = """\
What next?
  router check                 is a router.yaml right? Three lines are enough for one:
                                 destinations:
                                   hook: {type: webhook, settings: {url: "https://..."}}
  router run                   route and deliver, until Ctrl-C
  router push events.jsonl     queue events
  router explain events.jsonl  who would get what, and why
  router status --check        how it goes, and that nothing was lost"""


@click.command(
    cls=Command,
    examples="""
        router demo
        router demo --json
        router demo --keep        leave the folder, to look into it
    """,
)
@click.option("--keep", is_flag=True, help="Leave the folder with its configuration and logs.")
@json_option
def demo(*, keep: bool, as_json: bool) -> None:
    """Route some hundred real events to eight destinations, kill a worker, and lose nothing.

    An embedded store in a temporary folder, two real Celery workers, vendors on loopback:
    nothing leaves this machine. What it claims is checked on what was really received; exit
    code 10 if something was lost, 1 if anything else is not as claimed.
    """
    from router.cli.demo.scenery import build  # noqa: PLC0415 - `--help` needs none of it
    from router.cli.demo.vendors import Vendors  # noqa: PLC0415 - as above

    folder = Path(tempfile.mkdtemp(prefix="router-demo-"))
    try:
        with Vendors() as vendors:
            found = _played(build(folder, vendors.port), vendors)
    except Failure:
        keep = True
        raise
    finally:
        if keep:
            note(f"the configuration, the data and the logs are in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    if as_json:
        print_json(found.as_dict())
    else:
        _tell(found)
    if found.exit:
        raise click.exceptions.Exit(found.exit)


def _played(scene: Scene, vendors: Vendors) -> Ending:
    from router.cli.demo.ending import ending  # noqa: PLC0415 - as above
    from router.cli.demo.play import Play  # noqa: PLC0415 - as above
    from router.cli.demo.scenery import LOG  # noqa: PLC0415 - as above
    from router.cli.demo.view import view  # noqa: PLC0415 - as above
    from router.config import load  # noqa: PLC0415 - as above
    from router.observe import log  # noqa: PLC0415 - as above
    from router.store.embedded import StoreUnavailable  # noqa: PLC0415 - as above

    log.configure(logging.INFO, scene.folder / LOG)
    config = load(scene.file, os.environ)
    with (scene.folder / LOG).open("ab") as output, view() as shown:
        play = Play(config, scene, vendors, shown, output)

        async def perform() -> Ending:
            stop = asyncio.Event()
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
            return ending(await play.perform(stop), scene, vendors, config.lanes)

        try:
            return asyncio.run(perform())
        except StoreUnavailable as error:
            raise Failure(str(error)) from error


def _tell(found: Ending) -> None:
    from router.cli.demo.view import numbers  # noqa: PLC0415 - as above

    played = found.played
    console().print(numbers(played.ledger, found.lanes))
    click.echo()
    if played.letter:
        letter = played.letter
        click.echo(f"a dead letter: {letter.id}  {letter.reason}  {harmless(letter.event)}")
    for claim in found.claims:
        click.echo(f"{'yes' if claim.true else 'NO '}  {claim.text}")
    if stay := sum(played.ledger.lanes[lane].dead_now for lane in found.lanes):
        click.echo(f"     left dead: {stay}, which no replay would mend")
    if found.twice:
        click.echo(f"     {found.twice} came twice, under the same webhook-id: at least once")
    holds = "conservation holds" if found.conserved else "conservation FAILS"
    click.echo(f"{holds}: {found.sum}")
    click.echo(f"{played.seconds:.0f} s\n\n{NEXT}")
