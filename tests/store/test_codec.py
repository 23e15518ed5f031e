"""Entries as bytes: nothing is lost, nothing strange is believed, nothing grows too large."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from router.store.codec import Entry, Envelope, Undecodable, pack, policy_mark, unpack
from router.store.dictionary import LARGEST, SHIPPED
from tests.support import corpus

if TYPE_CHECKING:
    from collections.abc import Callable

LAST = 253_402_300_799_999
"""The end of the year 9999 in milliseconds: later no event was received."""
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda some: st.lists(some, max_size=3) | st.dictionaries(TEXT, some, max_size=3),
    max_leaves=8,
)
ENTRIES = st.builds(
    Entry,
    message_id=TEXT,
    type=TEXT,
    source=TEXT,
    received_at=st.integers(0, LAST),
    policies=st.lists(TEXT.map(policy_mark), max_size=3).map(tuple),
    body=st.binary(max_size=200),
    transformed=st.lists(TEXT, max_size=3).map(tuple),
    signals=JSON,
    options=st.none() | st.dictionaries(TEXT, JSON, max_size=3),
    other=st.sampled_from([b"", b"t" * 12, b"t" * 24]),
)


def framed(text: bytes) -> bytes:
    """Return a text in the form of an entry."""
    return bytes(SHIPPED.sign + bytes(7) + SHIPPED.fast.compress(text))


@given(ENTRIES)
def test_an_entry_comes_back_as_it_was(entry: Entry) -> None:
    """Whatever is packed is unpacked the same, line ends in the body included."""
    assert entry == unpack(pack(entry))


@given(ENTRIES)
def test_patience_changes_nothing_but_the_size(entry: Entry) -> None:
    """What was packed patiently is unpacked the same."""
    envelope = Envelope(entry.message_id, entry.type, entry.source, entry.received_at,
                        entry.signals, other=entry.other)  # fmt: skip
    facts = (entry.policies, entry.body, entry.transformed, entry.options)

    assert entry == unpack(envelope.pack(*facts, patient=True))


@pytest.mark.parametrize(
    "body", [b'{"a":1,"receivedAt":"1970-01-01T00:00:07.008Z"}', b'{"receivedAt":"1970-01-01"}',
             b'{"a":1,"receivedAt":"1970-01-01T00:00:07.009Z"}'],
)  # fmt: skip
def test_when_it_was_received_is_kept_once(body: bytes) -> None:
    """A payload that ends with the time of its entry comes back with it, another as it is."""
    entry = Entry("id", "track", "web", 7008, (), body)

    assert unpack(pack(entry)).body == body


def test_only_the_policies_that_left_it_are_known() -> None:
    """Of very many policies that left a payload, it says that the last have changed."""
    digests = [f"{number:016x}" for number in range(130)]
    entry = Entry("id", "track", "web", 0, tuple(map(policy_mark, digests)), b"{}")

    known = [unpack(pack(entry)).left_by(digest) for digest in [*digests, "another"]]

    assert known == [True] * 127 + [False] * 4


@given(st.binary(max_size=300))
def test_junk_is_undecodable(junk: bytes) -> None:
    """Bytes that are no entry are said to be none, by one exception only."""
    with pytest.raises(Undecodable):
        unpack(junk)


@settings(max_examples=300)
@given(JSON | st.lists(JSON, min_size=6, max_size=7))
def test_a_strange_envelope_is_undecodable(envelope: Any) -> None:
    """Well-packed bytes whose first line is not an envelope are junk like any other."""
    try:
        entry = unpack(framed(orjson.dumps(envelope) + b"\n{}"))
    except Undecodable:
        return
    assert envelope[:3] == [entry.message_id, entry.type, entry.source]
    assert all(isinstance(path, str) for path in entry.transformed)
    assert isinstance(entry.message_id, str)


@pytest.mark.parametrize("declared", [True, False])
def test_a_bomb_is_refused(*, declared: bool) -> None:
    """An entry that would come to more than the limit, or hides its size, is refused."""
    bomb = b"0" * (LARGEST + 1)
    if declared:
        raw = framed(bomb)
    else:
        stream = zstandard.ZstdCompressor(level=1).compressobj()
        raw = (
            SHIPPED.sign
            + bytes(7)
            + (stream.compress(bomb) + stream.flush())[len(zstandard.FRAME_HEADER) :]
        )

    with pytest.raises(Undecodable):
        unpack(raw)


def test_a_repr_shows_no_payload() -> None:
    """An entry that is printed shows no value of the event."""
    entry = Entry("id", "track", "web", 0, (), b'{"email":"secret"}', (), {"c": "secret"})

    assert "secret" not in repr(entry)


def test_captured_events_are_small(record_property: Callable[[str, object], None]) -> None:
    """A captured event takes less than half of its JSON; the figures are in the report."""
    bodies = [json.dumps(event).encode("utf-8", "surrogatepass") for event in corpus.events()]
    packed = [
        len(
            pack(
                Entry(f"ajs-{n}-4d8f", "track", "web", 1_700_000_000_000, (policy_mark("a"),), body)
            )
        )
        for n, body in enumerate(bodies)
    ]
    mean, raw = sum(packed) / len(packed), sum(map(len, bodies)) / len(bodies)
    record_property("captured", f"{len(packed)} events: {raw:.0f} bytes, packed {mean:.0f}")

    assert mean < raw / 2
