"""`router push`: lines onto the queue, untouched."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.cli.conftest import Shop, an_event

if TYPE_CHECKING:
    from pathlib import Path

LINES = [b'{"type":"track"}', b"{broken", b'{"lone": "\\ud800", "nan": NaN}', b"\xff\xfe"]


def test_queues_lines_as_they_are(shop: Shop) -> None:
    """Broken lines go onto the queue byte for byte: the router sets them aside itself."""
    result = shop("push", "-", stdin=b"\n".join(LINES))

    assert LINES == shop.queued()
    assert ("4 events queued on events\n", 0) == (result.stdout, result.exit_code)


def test_skips_blank_lines_and_carriage_returns(shop: Shop) -> None:
    """Blank lines are no events, and a line ends before its carriage return."""
    shop("push", "-", stdin=b'{"a":1}\r\n\r\n  \n{"b":2}\n')

    assert [b'{"a":1}', b'{"b":2}'] == shop.queued()


def test_queues_more_than_a_batch_in_order(shop: Shop, tmp_path: Path) -> None:
    """A long file goes in several round trips and keeps its order."""
    events = [an_event(number) for number in range(1234)]
    (tmp_path / "events.jsonl").write_bytes(b"\n".join(events))

    assert 1234 == shop.json("push", str(tmp_path / "events.jsonl"))["pushed"]
    assert events[:100] == shop.queued()[:100]


def test_names_the_source(shop: Shop) -> None:
    """`--source` goes along with every event."""
    shop("push", "--source", "shop", "-", stdin=an_event(1))

    assert ["shop"] == [arrival.source for arrival in shop.arrivals("stream", "events")]


def test_list_keeps_the_order(shop: Shop) -> None:
    """`--list` queues bare JSON, the first line to be read first."""
    shop("push", "--list", "-", stdin=b'{"a":1}\n{"b":2}')

    queued = shop.arrivals("list", "events-list")
    assert [b'{"a":1}', b'{"b":2}'] == [arrival.raw for arrival in queued]


def test_list_takes_no_source(shop: Shop) -> None:
    """A list item cannot carry a source, so asking for one is a mistake of usage."""
    assert 2 == shop("push", "--list", "--source", "shop", "-", stdin=b"{}").exit_code


def test_says_nothing_was_there(shop: Shop) -> None:
    """An empty input is no mistake."""
    result = shop("push", "-", stdin=b"")

    assert ("0 events queued on events\n", 0) == (result.stdout, result.exit_code)


def test_missing_file_is_a_mistake_of_usage(shop: Shop) -> None:
    """A file that is not there ends with exit code 2."""
    assert 2 == shop("push", "no-such-file.jsonl").exit_code


def test_json_is_one_object(shop: Shop) -> None:
    """`--json` prints what was done as one object with its version."""
    result = shop("push", "-", "--json", stdin=b"{}")

    assert {"schema_version": 1, "pushed": 1, "queue": "events"} == json.loads(result.stdout)


def test_starts_the_store_when_it_is_alone(tmp_path: Path) -> None:
    """Without a running router the store starts for the push and keeps what was pushed."""
    shop = Shop(tmp_path)

    shop("push", "-", stdin=an_event(1))

    assert [an_event(1)] == shop.queued()
