"""A delivery: what an adapter sees of an event."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from destinations import Delivery
from destinations.rehearsal import a_delivery, carrying


def made(**facts: object) -> Delivery:
    """Return a delivery with these facts."""
    usual: dict[str, object] = {
        "body": b'{"type":"track"}', "destination": "hook", "message_id": "m", "type": "track"
    }  # fmt: skip
    return Delivery(**{**usual, **facts})  # type: ignore[arg-type] # any fact at all


def test_payload_is_the_body_decoded_once() -> None:
    """The payload is what the body says, decoded when first asked for and then kept."""
    delivery = made(body=b'{"a":{"b":[1]}}')
    assert delivery.payload == {"a": {"b": [1]}}
    assert delivery.payload is delivery.payload


def test_get_follows_a_path() -> None:
    """A dotted path leads through objects; where it breaks off, the default stands."""
    delivery = a_delivery(context={"page": {"url": "u", "title": None}, "list": [1]})
    assert delivery.get("context.page.url") == "u"
    assert delivery.get("context.page.title", "d") is None
    assert delivery.get("context.page.none", "d") == "d"
    assert delivery.get("context.list.0", "d") == "d"
    assert delivery.get("event.x") is None


def test_get_bears_a_payload_that_is_no_object() -> None:
    """A payload of another kind has nothing at any path."""
    assert made(body=b"[]").get("a", "d") == "d"


def test_the_key_outlives_attempts() -> None:
    """Attempts and their times do not change the idempotency key."""
    first = carrying({"type": "track", "messageId": "m"})
    later = carrying({"type": "track", "messageId": "m"}, attempt=7)
    assert first.idempotency_key == later.idempotency_key
    assert first.attempted_at < later.attempted_at


@given(*[st.tuples(st.text(), st.text(), st.text())] * 2)
def test_the_key_tells_deliveries_apart(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    """Source, message id and destination make the key, whatever characters they hold."""
    first, second = (
        made(source=s, message_id=m, destination=d).idempotency_key for s, m, d in (one, other)
    )
    assert len(first) == 32
    if "\0" not in "".join(one + other):
        assert (first == second) == (one == other)


def test_the_key_bears_lone_surrogates() -> None:
    """A message id that is not valid Unicode has a key too."""
    assert made(message_id="\ud800").idempotency_key != made(message_id="\ud801").idempotency_key


def test_repr_shows_no_value() -> None:
    """A delivery's repr names its key, type and destination, nothing of a person."""
    text = repr(a_delivery(userId="ada", event="secret", messageId="mail@example.com"))
    assert not any(word in text for word in ("ada", "secret", "mail"))
