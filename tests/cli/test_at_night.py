"""What somebody meets who is called at night: no room, no right, no output, a name misspelled."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from router.cli.failure import Exit
from tests.cli.conftest import Shop, an_event

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = f"{sys.executable} -c 'from router.cli import main; main()'"


@pytest.mark.parametrize("command", ["status", "run", "push", "destinations list", "dead list"])
def test_a_data_folder_that_cannot_be_one(tmp_path: Path, command: str) -> None:
    """A folder that cannot be made or written is told by its name, with its setting."""
    shop, events = Shop(tmp_path), tmp_path / "events.jsonl"
    (tmp_path / "data").write_text("a file")
    events.write_bytes(an_event(1))

    result = shop(*command.split(), *([str(events)] if command == "push" else []))

    told = f"router: the data folder {tmp_path / 'data'} cannot be used (file exists): mend it"
    assert (Exit.ERROR, told) == (result.exit_code, result.stderr.partition(", or")[0])


def test_a_privacy_key_that_cannot_be_kept(tmp_path: Path) -> None:
    """A key that has no place to be is told as that, not as a bug."""
    shop, events = Shop(tmp_path), tmp_path / "events.jsonl"
    (tmp_path / "data").write_text("a file")
    events.write_bytes(an_event(1))

    result = shop("explain", str(events))

    assert Exit.USAGE == result.exit_code
    assert "secret.key:1:1: the privacy key cannot be kept here: file exists" in result.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("dead list dest:hok", "no such destination ever had an event (ads, hook, shelf)"),
        ("dead list dest:hook", "nothing matches"),
        ("dead discard dest:hok --reason x", "no such destination ever had an event"),
        ("dead replay dest:hok", "no such destination ever had an event"),
        ("destinations show hok", 'did you mean "hook"?'),
        ("destinations resume hok", 'did you mean "hook"?'),
        ("reload", "no worker runs; one that starts reads the file"),
    ],
)
def test_a_name_or_a_worker_that_is_not_there(shop: Shop, words: str, told: str) -> None:
    """What was asked for and is not there is told with what there is."""
    shop.route(an_event(1))

    assert told in shop(*words.split()).stderr


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("--help >/dev/full", 1, "router: nothing more can be written: no space left on device\n"),
        ("check >/dev/full", 1, "router: nothing more can be written: no space left on device\n"),
        ("check >&-", 0, ""),
        ("push - <&-", 0, "0 events queued on events\n"),
    ],
)
def test_output_that_leads_nowhere(shop: Shop, line: str, code: int, told: str) -> None:
    """A full disk behind standard output is a sentence; what the shell closed is no error."""
    done = subprocess.run(
        ["sh", "-c", f"{PROGRAM} {line}"], cwd=shop.folder, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip

    assert (code, told) == (done.returncode, done.stderr + done.stdout)
