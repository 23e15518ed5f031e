"""Whatever producers send, each arrival is delivered or shelved for itself, with a reason."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.configuration import webhook
from tests.support.vendor import accepted, out_of_order
from tests.system.command import router
from tests.system.scene import Scene, set_up, tracks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

pytestmark = pytest.mark.system


def event(**parts: Any) -> bytes:
    """Return a good event with something odd in it."""
    return json.dumps({"type": "track", "event": "Odd", "userId": "odd", **parts}).encode()


def inner(text: str) -> bytes:
    """Return an event whose `properties` are this text, JSON or not."""
    return b'{"type":"track","event":"Odd","userId":"odd","properties":' + text.encode() + b"}"


SHELVED = {
    "invalid_json": [b"", b"{", b"\x00", b'{"type":"track",}', inner('{"x":01}'), b"{'type':1}"],
    "invalid_utf8": [b'{"type":"track","userId":"\xff\xfe"}'],
    "not_an_object": [b"null", b"[]", b'"track"', b"42", b"NaN", b"[" + event() + b"]"],
    "type_missing": [b"{}", b'{"type":null}', b'{"type":""}'],
    "type_unknown": [b'{"type":"trakc"}'],
    "bad_field": [
        b'{"type":7}', event(userId=["a"]), event(messageId={"a": 1}), event(properties="x"),
        event(context=[1]), event(event={"a": 1}), event(anonymousId=True),
    ],
    "too_large": [event(properties={"x": "x" * 1_000_000}), b"[" * 3_000_000],
    "too_deep": [inner('{"a":' * 500 + "1" + "}" * 500), b"[" * 100_000, b'{"a":' * 65],
}  # fmt: skip
DELIVERED = [
    inner('{"x":NaN,"y":[Infinity,-Infinity]}'),
    inner(r'{"x":"\ud83d","\udc00":1}'),
    inner('{"x":' + "9" * 400 + "}"),
    inner('{"x":1,"x":2}'),
    inner(r'{"x":"\u0000"}'),
    b"\xef\xbb\xbf" + event(),
    event(properties={"k" * 500_000: 1}),
    event(properties={f"k{number}": number for number in range(20_000)}),
    event(messageId="m" * 100_000),
    event(userId=None, anonymousId=None),
    event(timestamp="banana", sentAt=-1, originalTimestamp=1e300),
    event(timestamp="0000-00-00", sentAt="2038-01-19T03:14:08Z"),
    event(timestamp="+275760-09-13T00:00:00Z", sentAt={"no": "time"}),
    event(integrations={"All": True, "No Such Destination": False, "": {"a": 1}}),
    event(context={"consent": "yes"}, _metadata=[1], writeKey={"a": 1}),
]
FILTERED = [event(integrations="none"), event(integrations={"All": False})]
GOOD = len(DELIVERED) + len(FILTERED) + sum(map(len, SHELVED.values())) + 1


@pytest.fixture
def scene(own_store: StoreServer, vendor: Vendor, tmp_path: Path) -> Iterator[Scene]:
    """Give a webhook and no worker yet."""
    with set_up(own_store, vendor, tmp_path, {"hook": webhook(vendor, "/hook")}) as scene:
        yield scene


def between_good_ones(bad: list[bytes]) -> list[bytes]:
    """Put a good event before, between and behind bad ones, all of one user."""
    good = [json.dumps(one).encode() for one in tracks(len(bad) + 1, users=1)]
    return [raw for pair in zip(good, [*bad, b""], strict=True) for raw in pair][:-1]


def assert_each_for_itself(scene: Scene) -> None:
    """Wait for the end, then look at what became of each."""
    scene.eyes.wait_drained()
    shelf, ledger = scene.eyes.shelf(), scene.eyes.ledger()
    arrivals = scene.vendor.arrivals("/hook")
    neighbours = {f"m{number}" for number in range(GOOD)}

    assert {reason: len(raws) for reason, raws in SHELVED.items()} == Counter(
        item.reason for item in shelf
    )
    assert {raw for raws in SHELVED.values() for raw in raws} == {item.raw for item in shelf}
    assert neighbours <= accepted(arrivals)["/hook"]
    assert [] == out_of_order([one for one in arrivals if one.user == "u0"])
    hook = ledger.lanes["hook:webhook"]
    assert (GOOD + len(DELIVERED), 0) == (hook.delivered, hook.dead)
    assert len(FILTERED) == sum(hook.filtered.values())
    assert ledger.intake_holds
    assert ledger.holds
    assert "ERROR" not in scene.workers.output()


BAD = [*DELIVERED, *FILTERED, *(raw for raws in SHELVED.values() for raw in raws)]


def test_the_stream_takes_each_for_itself(scene: Scene) -> None:
    """Bad entries of the stream are shelved with their reason; their neighbours arrive in order."""
    with scene.server.client() as client:
        for raw in between_good_ones(BAD):
            client.xadd("events", {"event": raw})
    scene.workers.start()

    assert_each_for_itself(scene)


def test_the_list_takes_each_for_itself(scene: Scene, tmp_path: Path) -> None:
    """The same holds for bare items of the list; `router status --check` agrees."""
    with scene.server.client() as client:
        for raw in between_good_ones(BAD):
            client.lpush("events-list", raw)
    scene.workers.start()

    assert_each_for_itself(scene)
    router(tmp_path, scene.eyes.file, "status", "--check")


def test_odd_fields_of_entries_do_no_harm(scene: Scene) -> None:
    """An entry without `event` is shelved; nonsense in `source` and `received_at` is borne."""
    odd: list[dict[bytes | str, Any]] = [
        {"evnt": "{}"},
        {b"\xff": b"\xff"},
        {"event": event(), "source": b"\xff\xfe", "received_at": "banana"},
        {"event": event(), "source": "s" * 100_000, "received_at": "9" * 400},
        {"event": event(), "source": "", "received_at": "-1", "more": "fields"},
    ]
    with scene.server.client() as client:
        for fields in odd:
            client.xadd("events", fields)
    scene.push(tracks(10))
    scene.workers.start()

    scene.eyes.wait_drained()

    assert {"no_event_field": 2} == Counter(item.reason for item in scene.eyes.shelf())
    assert 13 == scene.eyes.delivered()["hook"]
    assert scene.eyes.ledger().holds


def test_an_intake_of_the_wrong_kind_stops_no_other(scene: Scene) -> None:
    """When somebody has put something else under the list's name, the stream still flows."""
    with scene.server.client() as client:
        client.set("events-list", "no list")
    scene.push(tracks(20))
    scene.workers.start()

    scene.vendor.wait_for(20, "/hook")

    with scene.server.client() as client:
        client.delete("events-list")
        client.lpush("events-list", event(messageId="at last"))
    scene.vendor.wait_for(21, "/hook")
    scene.eyes.wait_drained()
    assert scene.eyes.ledger().holds
