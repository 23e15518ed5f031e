"""An adapter that asks before it writes: what comes back of an `Ask`, and what of its failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from destinations import (
    Adapter,
    Ask,
    Batch,
    Call,
    Delivered,
    Held,
    Judgement,
    Known,
    Outcome,
    Rejected,
    Requests,
    Retry,
    Settings,
    Split,
    Unknown,
    json_of,
)
from destinations.rehearsal import Vendor, a_delivery, drive, rehearse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from destinations import Delivery, Exchange
    from destinations.rehearsal import Answers

URL = "https://vendor.test"


class Asking(Adapter[Settings]):
    """Asks for all of a batch at once, then writes each."""

    name = "Asking"
    batch = Batch(events=100)

    def requests(self, deliveries: Sequence[Delivery]) -> Requests:
        """Ask, then write."""
        question = httpx.Request("GET", f"{URL}/ask?{len(deliveries)}")
        found = yield Ask(question, deliveries, also=frozenset({404}))
        if found is None:
            return
        for delivery in deliveries:
            if found.status_code == 404:
                yield Known(delivery, Rejected("nobody"))
            else:
                yield Call(httpx.Request("PUT", f"{URL}/{json_of(found)['id']}"), [delivery])

    def judge(self, call: Call, response: httpx.Response) -> Judgement:  # noqa: ARG002 - the answer is enough
        """Refuse questions about many."""
        if response.status_code == 413:
            return Split(Rejected("too_many"))
        return Held("says_no") if b"no" in response.content else None


def asked(status: int, value: object = None) -> Answers:
    """Return a vendor that answers questions so, and takes what is written."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/ask":
            return httpx.Response(200)
        return httpx.Response(status, json={"id": "7"} if value is None else value)

    return answer


def test_the_answer_comes_back() -> None:
    """What was learned can be written."""
    some = [a_delivery(), a_delivery()]
    heard = rehearse(Asking(Settings()), some, asked(200))
    assert [call.request.url.path for call in heard.calls] == ["/ask", "/7", "/7"]
    assert heard.outcomes == dict.fromkeys(some, Delivered())


@pytest.mark.parametrize(
    ("status", "value", "outcome"),
    [(503, None, Retry("http_503", 503)), (401, None, Held("http_401", 401)),
     (200, "no", Held("says_no")), (413, None, Rejected("too_many"))],
)  # fmt: skip
def test_a_failed_question_is_the_outcome(status: int, value: object, outcome: Outcome) -> None:
    """A question that is not judged delivered settles its deliveries; nothing is written."""
    a = a_delivery()
    heard = rehearse(Asking(Settings()), [a], asked(status, value))
    assert heard.outcomes == {a: outcome}
    assert len(heard.calls) == 1


def test_a_broken_connection_is_judged() -> None:
    """A question without an answer raises nothing in the adapter."""

    def late(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("late", request=request)

    a = a_delivery()
    assert drive(Asking(Settings()), [a], late) == {a: Unknown("read_timeout")}


def test_a_no_may_be_an_answer() -> None:
    """A status of `also` comes back like any answer."""
    a = a_delivery()
    assert drive(Asking(Settings()), [a], asked(404)) == {a: Rejected("nobody")}


def test_a_question_about_many_is_split() -> None:
    """A question refused for its size is asked again in halves."""

    def at_most_one(request: httpx.Request) -> httpx.Response:
        return asked(200 if request.url.query in {b"", b"1"} else 413)(request)

    some = [a_delivery() for _ in range(4)]
    heard = rehearse(Asking(Settings()), some, at_most_one)
    assert heard.outcomes == dict.fromkeys(some, Delivered())
    assert [call.request.method for call in heard.calls if len(call.deliveries) == 1] == [
        "GET", "PUT"] * 4  # fmt: skip


def test_a_question_delivers_nothing() -> None:
    """Who asks and then forgets to write is told so."""

    class Forgetful(Asking):
        def requests(self, deliveries: Sequence[Delivery]) -> Requests:
            yield Ask(httpx.Request("GET", URL), deliveries)

    a = a_delivery()
    assert drive(Forgetful(Settings()), [a]) == {a: Rejected("not_carried")}


def test_a_question_may_be_judged_for_each() -> None:
    """Who is refused by the answer is so; for the others it comes back."""

    class Listing(Asking):
        def judge(self, call: Call, response: httpx.Response) -> Judgement:  # noqa: ARG002 - same
            return [Rejected("bad"), Delivered()] if isinstance(call, Ask) else None

    a, b = a_delivery(), a_delivery()
    heard = rehearse(Listing(Settings()), [a, b], asked(200))
    assert heard.outcomes == {a: Rejected("bad"), b: Delivered()}


def test_a_question_for_nobody_is_a_bug() -> None:
    """Nobody would have the outcome of its failure."""
    with pytest.raises(ValueError, match="hang on its answer"):
        Ask(httpx.Request("GET", URL), [])


def test_the_worst_of_question_and_write_counts() -> None:
    """A write that fails after a good answer is the outcome."""

    def half(request: httpx.Request) -> httpx.Response:
        return asked(200)(request) if request.method == "GET" else httpx.Response(500)

    a = a_delivery()
    assert drive(Asking(Settings()), [a], half) == {a: Retry("http_500", 500)}


def test_an_exchange_may_be_overridden() -> None:
    """An adapter may drive itself, for what no `Ask` can say."""

    class Driving(Asking):
        def exchange(self, deliveries: Sequence[Delivery]) -> Exchange:
            found = yield Call(httpx.Request("GET", URL + "/id"), deliveries)
            yield Call(httpx.Request("PUT", f"{URL}/{found.json()['id']}"), deliveries)
            return dict.fromkeys(deliveries, Delivered())

    a, vendor = a_delivery(), Vendor(json={"id": "7"})
    assert drive(Driving(Settings()), [a], vendor) == {a: Delivered()}
    assert [request.url.path for request in vendor.sent] == ["/id", "/7"]


def test_repr_tells_nothing() -> None:
    """Neither the path nor the event shows in a repr."""
    ask = Ask(httpx.Request("GET", f"{URL}/secret"), [a_delivery(event="secret")])
    assert repr(ask) == "<Ask GET vendor.test deliveries=1>"


def test_what_is_no_json_says_nothing() -> None:
    """An answer that is no JSON reads as None."""
    assert json_of(httpx.Response(200, content=b"<html>")) is None
    assert json_of(httpx.Response(200, content=b'{"a": [1]}')) == {"a": [1]}
