"""The dictionary: it packs real shapes well, holds nobody's values, and can be made again."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import zstandard

from router.events.event import Arrival, Unreadable
from router.events.parse import parse
from router.store.codec import Entry, Undecodable, pack, policy_mark, unpack
from router.store.dictionary import LARGEST
from tests.dictionary.make import make
from tests.support import corpus

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 395
"""Bytes that a captured event may come to on average; 413 when measured, of 1,634 unpacked."""
MADE_BY = (1, 5, 7)
"""The zstd that trained the dictionary; another one may come to other bytes."""
NUMBER = b"\x01"

PERSONAL = {
    "anonymousId", "email", "firstName", "first_name", "lastName", "last_name", "messageId",
    "phone", "previousId", "street", "userId", "username", "advertisingId", "token",
}  # fmt: skip


def entries() -> Iterator[Entry]:
    """Yield the captured events as a lane has them."""
    for number, line in enumerate(corpus.lines()):
        received = 1_795_338_202_000 + 37 * number
        try:
            event = parse(Arrival(line, f"events:{received}-0"), {}, received)
        except Unreadable:
            continue
        payload = {key: value for key, value in event.data.items() if key != "integrations"}
        yield Entry(event.message_id, event.type, event.source, event.received_at,
                    (policy_mark("8f3a1c0be4d25f97"),), orjson.dumps(payload))  # fmt: skip


def personal(value: Any, inside: str = "") -> Iterator[str]:
    """Yield the texts in a value that are somebody's, by the key that they stand under."""
    if isinstance(value, list):
        for item in value:
            yield from personal(item, inside)
    if isinstance(value, dict):
        for key, item in value.items():
            theirs = key in PERSONAL or (key == "name" and inside == "traits")
            if theirs and isinstance(item, str):
                yield item
            else:
                yield from personal(item, key)


def shipped() -> bytes:
    """Return the dictionary that the package ships."""
    return (files("router.store") / "dictionary-1.zdict").read_bytes()


def test_captured_events_pack_small() -> None:
    """An entry of a captured event comes to no more bytes on average than when measured."""
    sizes = [len(pack(entry)) for entry in entries()]

    assert len(sizes) > 500
    assert sum(sizes) / len(sizes) <= MOST


def test_every_captured_event_survives() -> None:
    """What was packed is unpacked unchanged."""
    changed = [entry.message_id for entry in entries() if unpack(pack(entry)) != entry]

    assert [] == changed


def test_the_dictionary_holds_nobody() -> None:
    """No id, name, address or number of a captured person stands in the dictionary."""
    bytes_ = shipped()
    events = corpus.events()
    values = {text for event in events for text in personal(event) if len(text) > 3}
    values |= set(re.findall(r"[\w.+-]+@[\w-]+\.[\w.-]+", "".join(map(str, events))))

    assert len(values) > 500
    assert [] == [text for text in values if text.encode() in bytes_]


def test_mail_addresses_in_the_dictionary_are_nobodys() -> None:
    """A mail address in the dictionary is in a reserved domain, unless it was cut off."""
    found = re.findall(rb"[\w.+-]+@[\w.-]+(?=\")", shipped())

    assert found
    assert [] == [mail for mail in found if not mail.endswith((b".example", b"@example.com"))]


@pytest.mark.skipif(zstandard.ZSTD_VERSION != MADE_BY, reason="another zstd trains other bytes")
def test_the_dictionary_can_be_made_again() -> None:
    """The shipped dictionary is what its maker makes, byte for byte."""
    assert shipped() == make()


@pytest.mark.parametrize("number", [b"", b"\x00", b"\x02", b"\xff"])
def test_an_unknown_dictionary_is_refused(number: bytes) -> None:
    """An entry of a dictionary that is not there is no entry."""
    frame = pack(Entry("m", "track", "default", 0, (), b"{}"))[1:]

    with pytest.raises(Undecodable):
        unpack(number + frame)


@pytest.mark.parametrize("sized", [True, False])
def test_a_bomb_is_refused(sized: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """A frame of more than the largest entry is refused, and so is one that hides its size."""
    content = b"[]\n" + bytes(LARGEST if sized else 10)
    frame = zstandard.ZstdCompressor(write_content_size=sized).compress(content)

    with pytest.raises(Undecodable):
        unpack(NUMBER + bytes(7) + frame[4:])


@pytest.mark.parametrize("cut", [1, 2, 8, -1])
def test_a_torn_entry_is_refused(cut: int) -> None:
    """An entry that was cut off is no entry, and neither is one with something behind it."""
    whole = pack(Entry("m", "track", "default", 0, (), b'{"a":"' + b"xyz" * 50 + b'"}'))

    with pytest.raises(Undecodable):
        unpack(whole[:cut])
    with pytest.raises(Undecodable):
        unpack(whole + b"\x00")
