"""The envelope of an event: type, ids, source, fields, what is taken out."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.events.event import Arrival, Unreadable
from router.events.parse import parse
from router.observe.reasons import ShelfReason
from tests.events.making import NOW, arrival, event

VALUES: list[Any] = [None, "", "text", 0, 1.5, True, [], {}, ["a"], {"a": 1}]
ENVELOPE = {"type", "messageId", "timestamp", "originalTimestamp", "receivedAt"}
FIELDS = ["type", "messageId", "userId", "anonymousId", "groupId", "event", "context", "properties",
          "traits", "integrations", "timestamp", "sentAt", "originalTimestamp", "receivedAt",
          "_metadata", "writeKey", "name", "version"]  # fmt: skip


@pytest.mark.parametrize("kind", ["track", "identify", "page", "screen", "group", "alias"])
def test_types(kind: str) -> None:
    """The six types of the Segment spec are read, in any case, with a note if it was another."""
    assert (kind, ()) == (event(type=kind).type, event(type=kind).notes)
    assert (kind, ("type_spelling",)) == (
        event(type=kind.title()).type,
        event(type=kind.title()).notes,
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"type": None}, "type_missing"),
        ({"type": ""}, "type_missing"),
        ({"type": "delete"}, "type_unknown"),
        ({"type": 1}, "bad_field"),
        ({"userId": {"a": 1}}, "bad_field"),
        ({"userId": True}, "bad_field"),
        ({"messageId": ["m"]}, "bad_field"),
        ({"properties": "text"}, "bad_field"),
        ({"context": 1}, "bad_field"),
        ({"traits": ["a"]}, "bad_field"),
        ({"event": {"name": "x"}}, "bad_field"),
    ],
)
def test_refusals(fields: dict[str, Any], reason: str) -> None:
    """A field of the envelope that cannot be what it is sets the event aside with a reason."""
    with pytest.raises(Unreadable) as refused:
        event(**fields)

    assert reason == refused.value.reason


@pytest.mark.parametrize(
    ("given", "expected"),
    [("u1", "u1"), (17, "17"), (17.0, "17"), (1.5, "1.5"), (2**53, "9007199254740992"), (0, "0")],
)
def test_ids_become_text(given: Any, expected: str) -> None:
    """Numbers are ids as JavaScript writes them."""
    assert expected == event(userId=given).data["userId"]


def test_long_numeric_ids_stay_apart() -> None:
    """Two ids that differ in the 23rd digit are two people."""
    raw = b'{"type": "page", "userId": 1234567890123456789012%d}'

    assert "12345678901234567890121" == event(raw % 1).user_key
    assert "12345678901234567890122" == event(raw % 2).user_key


@pytest.mark.parametrize("nothing", [None, ""])
def test_absent_ids(nothing: Any) -> None:
    """Neither null nor "" are no ids: the key is not there afterwards."""
    parsed = event(userId=nothing, anonymousId="a1", messageId=nothing)

    assert "userId" not in parsed.data
    assert "a1" == parsed.user_key


def test_user_key() -> None:
    """A user is userId, else anonymousId, else the message id."""
    assert "u" == event(userId="u", anonymousId="a").user_key
    assert "a" == event(anonymousId="a").user_key
    assert "m1" == event().user_key


def test_message_id_of_the_origin() -> None:
    """Without a messageId the same place in the same intake gives the same id, another another."""
    first, again = event(messageId=None), event(messageId=None)
    other = event(messageId=None, origin="events-list:18")

    assert first.message_id == again.message_id == first.data["messageId"]
    assert other.message_id != first.message_id
    assert ("no_message_id",) == first.notes


@pytest.mark.parametrize(
    ("named", "write_key", "expected"),
    [("shop", "k1", "shop"), (None, "k1", "app"), (None, "k2", "default"), (None, None, "default")],
)
def test_source(named: str | None, write_key: str | None, expected: str) -> None:
    """The source is the producer's field, else that of the write key, else `default`."""
    parsed = parse(arrival(source=named, writeKey=write_key), {"k1": "app"}, NOW)

    assert expected == parsed.source
    assert (("unknown_write_key",) if write_key == "k2" else ()) == parsed.notes


def test_credentials_are_taken_out() -> None:
    """Write keys, their like and `_metadata` are not in the event."""
    secrets = {**dict.fromkeys(["writeKey", "write_key", "apiKey", "authorization"], "k"),
               "_metadata": {"nodeVersion": "20"}}  # fmt: skip

    assert secrets.keys().isdisjoint(event(**secrets).data)


def test_bundled() -> None:
    """Destinations that the browser served are known by name and id; failed ones were not."""
    metadata = {"bundled": ["Mixpanel", "Amplitude", 1], "bundledIds": ["id1"],
                "failedInitializations": ["Amplitude"], "unbundled": ["x"]}  # fmt: skip

    assert {"Mixpanel", "id1"} == event(_metadata=metadata).bundled
    assert set() == event(_metadata=[]).bundled
    assert set() == event(_metadata={"bundled": "Mixpanel"}).bundled


def test_empty_maps_of_php() -> None:
    """An empty list where a map belongs is PHP's empty map; null is no map at all."""
    parsed = event(context=[], traits=[], integrations=[], properties=None)

    assert ({}, {}, {}) == tuple(parsed.data[key] for key in ("context", "traits", "integrations"))
    assert "properties" not in parsed.data


def test_identify_of_rudderstack() -> None:
    """Traits that are only under `context.traits` are the traits of an identify."""
    context = {"traits": {"plan": "pro"}}

    assert {"plan": "pro"} == event(type="identify", context=context).data["traits"]
    assert {"plan": "free"} == event(
        type="identify", context=context, traits={"plan": "free"}
    ).data["traits"]
    assert "traits" not in event(context=context).data


def test_nameless_track() -> None:
    """A track without a name is an event, with a note; a number is a name."""
    assert ("no_event_name",) == event(event=None).notes
    assert "404" == event(event=404).data["event"]


def test_repr_shows_no_value() -> None:
    """An event's repr holds nothing that a person could be known by."""
    assert "<Event type=track source=default>" == repr(event(userId="maya@example.com"))


@given(st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(VALUES)))
def test_odd_envelopes(fields: dict[str, Any]) -> None:
    """Whatever stands in the envelope, it is an event or has a reason."""
    raw = orjson.dumps({"type": "track", **fields})
    reason = ShelfReason.BAD_FIELD.value
    parsed = None
    try:
        parsed = parse(Arrival(raw, "events:1-0", None, NOW), {"text": "app"}, NOW)
    except Unreadable as unreadable:
        reason = unreadable.reason

    assert reason in set(ShelfReason)
    assert parsed is None or (ENVELOPE <= parsed.data.keys() and parsed.user_key)
    assert parsed is None or orjson.dumps(parsed.data)
