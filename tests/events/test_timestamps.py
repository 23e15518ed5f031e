"""When it happened: the sender's clock is corrected as Segment does, nonsense left out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.events.timestamps import iso, milliseconds
from tests.events.making import NOW, NOW_TEXT, event


def stamped(received_at: int | None = NOW, **fields: Any) -> tuple[str, str, tuple[str, ...]]:
    """Return timestamp, originalTimestamp and the notes of an event."""
    parsed = event(received_at=received_at, **fields)
    return parsed.data["timestamp"], parsed.data["originalTimestamp"], parsed.notes


def test_skew_is_taken_out() -> None:
    """The timestamp is receivedAt - (sentAt - originalTimestamp)."""
    fields: dict[str, Any] = {
        "timestamp": "2026-11-22T08:00:00Z",
        "sentAt": "2026-11-22T08:00:05.250Z",
    }

    assert ("2026-11-22T09:12:14.750Z", "2026-11-22T08:00:00Z", ("clock_skew",)) == stamped(
        **fields
    )


def test_rudderstack_sends_original_timestamp_only() -> None:
    """`originalTimestamp` is the sender's time where there is no `timestamp`."""
    fields: dict[str, Any] = {
        "originalTimestamp": "2026-11-22T09:12:19Z",
        "sentAt": "2026-11-22T09:12:19.5Z",
    }

    assert ("2026-11-22T09:12:19.500Z", "2026-11-22T09:12:19Z", ()) == stamped(**fields)


def test_corrected_timestamps_are_not_corrected_again() -> None:
    """An event with both times was corrected by somebody; its timestamp stays."""
    fields: dict[str, Any] = {
        "timestamp": "2026-11-22T09:00:00Z",
        "originalTimestamp": "2026-11-22T08:00:00Z",
        "sentAt": "2026-11-22T08:00:00Z",
    }

    assert ("2026-11-22T09:00:00.000Z", "2026-11-22T08:00:00Z", ()) == stamped(**fields)


@pytest.mark.parametrize("sent_at", ["maya@example.com", {"by": "maya@example.com"}, [1]])
def test_what_is_no_time_never_stays(sent_at: Any) -> None:
    """A sentAt that is no time goes, even where there is nothing to correct: policies trust it."""
    both = {"timestamp": "2026-11-22T09:00:00Z", "originalTimestamp": "2026-11-22T08:00:00Z"}

    assert "sentAt" not in event(received_at=NOW, **both, sentAt=sent_at).data
    assert "sentAt" not in event(received_at=None, sentAt=sent_at).data


def test_nothing_to_correct_with() -> None:
    """Without sentAt, or without a receivedAt of its own, the sender's time stands."""
    fields: dict[str, Any] = {"timestamp": "2026-11-22T08:00:00Z"}

    assert "2026-11-22T08:00:00.000Z" == stamped(**fields)[0]
    assert "2026-11-22T08:00:00.000Z" == stamped(None, **fields, sentAt="2026-11-22T08:30:00Z")[0]


def test_no_time_at_all() -> None:
    """An event without a time happened when it was received."""
    assert (NOW_TEXT, NOW_TEXT, ()) == stamped()
    assert (NOW_TEXT, NOW_TEXT, ()) == stamped(None)


def test_sent_before_it_happened() -> None:
    """A sentAt long before the event's own time is nonsense: the own time stands, with a note."""
    fields: dict[str, Any] = {"timestamp": "2030-01-01T00:00:00Z", "sentAt": "2026-11-22T09:12:19Z"}

    assert ("2030-01-01T00:00:00.000Z", "2030-01-01T00:00:00Z", ("clock_nonsense",)) == stamped(
        **fields
    )


def test_clock_set_meanwhile() -> None:
    """A sentAt a few seconds early is a clock that was set: it happened when it was received."""
    fields: dict[str, Any] = {"timestamp": "2026-11-22T09:12:10Z", "sentAt": "2026-11-22T09:12:05Z"}

    assert NOW_TEXT == stamped(**fields)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22T09:12:20.000Z", "2026-11-22T09:12:20.000Z"),
        ("2026-11-22T09:12:20.070901368Z", "2026-11-22T09:12:20.070Z"),
        ("2026-11-22T01:12:20-08:00", "2026-11-22T09:12:20.000Z"),
        ("2026-11-22T09:12:20.123456+00:00", "2026-11-22T09:12:20.123Z"),
        (1_795_338_740, "2026-11-22T09:12:20.000Z"),
        (1_795_338_740_123, "2026-11-22T09:12:20.123Z"),
        (1_795_338_740.5, "2026-11-22T09:12:20.500Z"),
    ],
)
def test_spellings(text: Any, expected: str) -> None:
    """Every spelling that SDKs send is read, and written in Segment's."""
    assert expected == stamped(timestamp=text)[0]


def test_no_timezone_is_utc() -> None:
    """A time without a timezone is taken as UTC, with a note."""
    expected = ("2026-11-22T09:12:20.000Z", "2026-11-22 09:12:20", ("no_timezone",))

    assert expected == stamped(timestamp="2026-11-22 09:12:20")


@pytest.mark.parametrize(
    "value",
    [
        "yesterday",
        "0001-01-01T00:00:00+10:00",
        "2026-02-30",
        -1,
        1e300,
        True,
        [],
        {},
        "NaN",
        10**18,
    ],
)
def test_no_timestamp(value: Any) -> None:
    """What is no time is left out, with a note; the event happened when it was received."""
    timestamp, original, notes = stamped(timestamp=value)

    assert (NOW_TEXT, NOW_TEXT) == (timestamp, original)
    assert "bad_timestamp" in notes


@pytest.mark.parametrize(
    ("origin", "received_at", "own", "expected"),
    [
        ("events-list:17", None, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z"),
        (f"events:{NOW}-0", NOW, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z"),
        ("events:1-0", NOW, "2026-01-01T00:00:00Z", NOW_TEXT),
        (f"events:{NOW}-0", NOW, "nonsense", NOW_TEXT),
        ("events-list:17", None, None, NOW_TEXT),
    ],
)
def test_received_at(origin: str, received_at: int | None, own: str | None, expected: str) -> None:
    """Received is the producer's field, else the event's own, else the stream id's time."""
    fields = {} if own is None else {"receivedAt": own}

    assert expected == event(origin=origin, received_at=received_at, **fields).data["receivedAt"]


@given(st.integers(0, 253_402_300_799_999))
def test_iso_reads_back(moment: int) -> None:
    """What is written as a timestamp is read as the same millisecond."""
    assert moment == milliseconds(iso(moment), [])


@given(st.text(max_size=30) | st.floats() | st.integers() | st.booleans() | st.none())
def test_any_value_is_a_time_or_none(value: Any) -> None:
    """No value makes reading a timestamp fail."""
    read = milliseconds(value, [])

    assert read is None or iso(read)
