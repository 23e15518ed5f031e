"""The pretend vendor does what fault tests believe it does."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.support.vendor import Arrival, accepted, duplicates, missing, out_of_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.vendor import Vendor


@pytest.fixture
def client(vendor: Vendor) -> Iterator[httpx.Client]:
    """Give a client that stands at the vendor's door."""
    with httpx.Client(base_url=vendor.url, timeout=5) as client:
        yield client


def an_event(number: int, user: str = "ada", seq: int = 0) -> dict[str, Any]:
    """Make an event with its number as message id."""
    return {"messageId": f"m{number}", "userId": user, "context": {"seq": seq}}


def test_writes_down_who_came_with_which_key(client: httpx.Client, vendor: Vendor) -> None:
    """An accepted request leaves path, key, message id, user, number and status."""
    client.post("/hook", json=an_event(1, seq=7), headers={"webhook-id": "k1"})

    expected = Arrival(0, "/hook", "k1", "m1", "ada", 7, 200, taken=True, request=1)
    assert [expected] == vendor.arrivals("/hook")


def test_reads_arrays_and_gzip(client: httpx.Client, vendor: Vendor) -> None:
    """Each object of a compressed array counts as a message, in its order."""
    body = gzip.compress(json.dumps([an_event(1), an_event(2)]).encode())

    client.post("/hook", content=body, headers={"content-encoding": "gzip"})

    assert ["m1", "m2"] == [arrival.message_id for arrival in vendor.arrivals()]


def test_refuses_the_same_messages_each_time(client: httpx.Client, vendor: Vendor) -> None:
    """A rejected message is rejected again; about the share asked for is."""
    vendor.behave("/hook", reject=0.25)

    first = [client.post("/hook", json=an_event(n)).status_code for n in range(200)]
    second = [client.post("/hook", json=an_event(n)).status_code for n in range(200)]

    assert first == second
    assert 25 < first.count(422) < 75


def test_follows_a_script_of_statuses(client: httpx.Client, vendor: Vendor) -> None:
    """Scripted answers come in turn, then all is well again; only 2xx are kept."""
    vendor.behave("/hook", statuses=[503, 429, 302], retry_after="9", headers={"Location": "/x"})

    answers = [client.post("/hook", json=an_event(1)) for _ in range(4)]

    assert [503, 429, 302, 200] == [answer.status_code for answer in answers]
    assert "9" == answers[1].headers["retry-after"]
    assert [False, False, False, True] == [arrival.taken for arrival in vendor.arrivals()]


def test_keeps_what_it_swallows(client: httpx.Client, vendor: Vendor) -> None:
    """A swallowed request is accepted though its sender hears nothing but a closed connection."""
    vendor.behave("/hook", swallow=1.0)

    with pytest.raises(httpx.RemoteProtocolError):
        client.post("/hook", json=an_event(1))

    assert [(0, True)] == [(arrival.status, arrival.taken) for arrival in vendor.arrivals()]


def test_hangs_on_one_path_alone(client: httpx.Client, vendor: Vendor) -> None:
    """A path that hangs answers nothing while the others go on."""
    vendor.behave("/slow", hang=True)

    with pytest.raises(httpx.ReadTimeout):
        client.post("/slow", json=an_event(1), timeout=0.2)

    assert 200 == client.post("/hook", json=an_event(2)).status_code


def test_can_be_down_and_come_back(client: httpx.Client, vendor: Vendor) -> None:
    """A vendor that is shut refuses connections; opened, it is where it was."""
    vendor.shut()
    with pytest.raises(httpx.ConnectError):
        client.post("/hook", json=an_event(1))

    vendor.open()

    assert 200 == client.post("/hook", json=an_event(1)).status_code


def test_answers_as_mixpanel_does(client: httpx.Client, vendor: Vendor) -> None:
    """An import with refused records is a 400 that names them; the others are kept."""
    vendor.behave("/import", reject=0.5)
    records = [{"event": "x", "properties": {"$insert_id": f"i{n}"}} for n in range(40)]

    answer = client.post("/import", json=records)

    failed = {record["insert_id"] for record in answer.json()["failed_records"]}
    assert 400 == answer.status_code
    assert accepted(vendor.arrivals())["/import"] == {f"i{n}" for n in range(40)} - failed
    assert 0 < len(failed) < 40


def test_refuses_a_behaviour_that_it_does_not_know(vendor: Vendor) -> None:
    """A misspelt behaviour is an error, never silently good manners."""
    with pytest.raises(ValueError, match="hangs"):
        vendor.behave("/hook", hangs=True)


def arrival(number: int, message_id: str, seq: int, key: str = "k") -> Arrival:
    """Make an accepted arrival of user ada at /hook."""
    return Arrival(number, "/hook", key, message_id, "ada", seq, 200, taken=True, request=number)


def test_concludes_what_is_missing_and_what_came_twice() -> None:
    """Of what was expected, the absent are named; copies are counted with their keys."""
    seen = [arrival(0, "m1", 0), arrival(1, "m1", 0), arrival(2, "m2", 1), arrival(3, "m2", 1, "")]

    copies = duplicates(seen)

    assert {"/hook": {"m3"}} == missing({"/hook": {"m1", "m3"}}, seen)
    assert [("m1", 2, True), ("m2", 2, False)] == [
        (copy.message_id, copy.times, copy.same_key) for copy in copies
    ]


def test_judges_order_by_first_arrivals_alone() -> None:
    """A late copy is no disorder, a message that was overtaken is."""
    fine = [arrival(0, "m1", 0), arrival(1, "m2", 1), arrival(2, "m1", 0)]
    overtaken = [arrival(0, "m2", 1), arrival(1, "m1", 0)]

    assert [] == out_of_order(fine)
    assert [(overtaken[0], overtaken[1])] == out_of_order(overtaken)
