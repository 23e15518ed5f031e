"""What an event becomes for Mixpanel: its time, ids and browser, and how many fit in a call."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from destinations import Call, Known
from destinations.conformance import carrying
from destinations.mixpanel import Mixpanel, MixpanelSettings, browsers, load
from destinations.mixpanel.ids import insert_id
from destinations.rehearsal import NOON

Json = dict[str, Any]
MIXPANEL = Mixpanel(MixpanelSettings.model_validate({"token": "t"}))


def items(call: Call | Known) -> list[Any]:
    """Return the items that a call carries."""
    assert isinstance(call, Call)
    found: list[Any] = json.loads(call.request.content)
    return found


def track(**more: Any) -> Json:
    """Return a track event by a user."""
    return {"type": "track", "event": "E", "userId": "u", **more}


def properties(event: Json) -> Json:
    """Return the properties of the first item that an event makes."""
    (call,) = MIXPANEL.requests([carrying(event)])
    found: Json = items(call)[0]["properties"]
    return found


@pytest.mark.parametrize(
    ("timestamp", "time"),
    [
        ("2026-01-15T11:59:58.250Z", 1768478398250),
        ("2026-01-15T11:59:58.250999+00:00", 1768478398250),
        ("2026-01-15T12:59:58.250+01:00", 1768478398250),
        ("2026-01-15T11:59:58.250", 1768478398250),
        ("0001-01-01T00:00:00+23:59", -62135683140000),
        ("9999-12-31T23:59:59-23:59", 253402387139000),
        ("yesterday", NOON),
        (None, NOON),
        (1768478398, NOON),
    ],
)
def test_time_is_in_milliseconds(timestamp: Any, time: int) -> None:
    """Time is whole milliseconds, UTC unless said; without a readable one, when it came in."""
    assert time == properties(track(timestamp=timestamp))["time"]


@given(moment=st.datetimes(timezones=st.just(UTC)))
def test_any_moment_is_exact(moment: datetime) -> None:
    """No rounding of a float ever shifts a moment to another millisecond."""
    time = properties(track(timestamp=moment.isoformat()))["time"]

    assert time // 1000 == (moment.replace(microsecond=0) - datetime(1970, 1, 1, tzinfo=UTC)
                            ).total_seconds()  # fmt: skip
    assert time % 1000 == moment.microsecond // 1000


@pytest.mark.parametrize("legal", ["a", "0f8fad5b-d9cb-469f-a165-70867728950e", "A-1"])
def test_a_legal_id_is_kept(legal: str) -> None:
    """A message id that Mixpanel takes stays as it is, so that Segment's own events match."""
    assert legal == insert_id(legal)


@given(st.text())
def test_every_id_becomes_legal(text: str) -> None:
    """Any message id becomes at most 36 letters, digits and dashes, always the same ones."""
    found = insert_id(text)

    assert 0 < len(found) <= 36
    assert found.isascii()
    assert found.replace("-", "x").isalnum()
    assert found == insert_id(text)


@pytest.mark.parametrize("illegal", ["", "a:b", "é", "x" * 37, "0", "anonymous", "NULL", "a\n"])
def test_an_illegal_id_is_hashed(illegal: str) -> None:
    """An empty, long, odd or placeholder message id becomes a hash."""
    assert illegal != insert_id(illegal)
    assert len(insert_id(illegal)) == 32


def test_products_of_a_uuid_have_legal_ids() -> None:
    """A product's id is legal even when the message id has all 36 letters, and each differs."""
    uuid = "0f8fad5b-d9cb-469f-a165-70867728950e"
    bought = {"products": [{}, {}, "no", {}]}
    order = track(event="Order Completed", messageId=uuid, properties=bought)
    (call,) = MIXPANEL.requests([carrying(order)])
    ids = [item["properties"]["$insert_id"] for item in items(call)]

    assert len(set(ids)) == 4
    assert ids == [insert_id(each) for each in ids]


def test_an_import_has_at_most_2000_items() -> None:
    """More items than Mixpanel takes at once become several calls that carry them in order."""
    order = track(event="Order Completed", properties={"products": [{}] * 2500})
    calls = list(MIXPANEL.requests([carrying(order), carrying(track())]))

    assert [2000, 502] == [len(items(call)) for call in calls]
    assert [len(items(c)) for c in calls] == [
        len(c.deliveries) for c in calls if isinstance(c, Call)
    ]


def test_an_import_has_at_most_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """No body is larger than Mixpanel takes, but for an item that is too large alone."""
    monkeypatch.setattr(load, "MAX_BYTES", 1000)
    sizes = [10, 100, 5000, 100, 300, 300, 300]
    several = [carrying(track(properties={"x": "y" * size})) for size in sizes]
    calls = [call for call in MIXPANEL.requests(several) if isinstance(call, Call)]
    bodies = [len(call.request.content) for call in calls]

    assert several == [each for call in calls for each in call.deliveries]
    assert 1 == sum(body > 1000 for body in bodies)
    assert len(calls) < len(sizes)


AGENTS = [
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36",
     ("Chrome", "120.0.0.0")),
    ("Mozilla/5.0 (iPhone) AppleWebKit/605.1 Version/16.5 Mobile/15E148 Safari/604.1",
     ("Mobile Safari", "16.5")),
    ("Mozilla/5.0 (Macintosh) AppleWebKit/605.1 Version/17.1 Safari/605.1", ("Safari", "17.1")),
    ("Mozilla/5.0 (Windows) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91",
     ("Microsoft Edge", "120.0.2210.91")),
    ("Mozilla/5.0 Chrome/119.0 Safari/537.36 OPR/105.0.0.0", ("Opera", "105.0.0.0")),
    ("Mozilla/5.0 (X11; rv:121.0) Gecko/20100101 Firefox/121.0", ("Firefox", "121.0")),
    ("Mozilla/5.0 (iPhone) CriOS/120.0.6099.50 Mobile/15E148 Safari/604.1",
     ("Chrome iOS", "120.0.6099.50")),
    ("Mozilla/5.0 (iPhone) FxiOS/121.0 Mobile/15E148 Safari/605.1", ("Firefox iOS", "121.0")),
    ("Mozilla/5.0 (Linux) SamsungBrowser/23.0 Chrome/115.0 Mobile Safari/537.36",
     ("Samsung Internet", "23.0")),
    ("Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko",
     ("Internet Explorer", "11.0")),
    ("Mozilla/5.0 Chrome/", ("Chrome", "")),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", None),
    ("analytics-node/1.1.3", None),
    ("", None),
    ("Chrome/1 " + "x" * 600, None),
]  # fmt: skip


@pytest.mark.parametrize(("user_agent", "expected"), AGENTS)
def test_the_browser_is_read_from_the_user_agent(
    user_agent: str, expected: tuple[str, str] | None
) -> None:
    """The common browsers are told by name and version, anything else is left out."""
    assert expected == browsers.browser_of(user_agent)
