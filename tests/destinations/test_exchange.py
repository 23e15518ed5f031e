"""The contract's own part: how `requests` and `judge` become outcomes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from destinations import (
    Adapter,
    Call,
    Delivered,
    Held,
    Judgement,
    Known,
    Rejected,
    Retry,
    Settings,
    Split,
    Throttled,
    Unknown,
)
from destinations.contract import speaks_http
from destinations.exchange import BATCH_REFUSED, MOST_RUNS, RULED, spread
from destinations.rehearsal import Vendor, a_delivery, drive, rehearse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from destinations import Delivery, Outcomes

URL = "https://vendor.test/"


class Plain(Adapter[Settings]):
    """Sends what a test says, and judges as a test says."""

    name = "Plain"

    def __init__(
        self,
        plan: Callable[[Sequence[Delivery]], Iterable[Call | Known]],
        judgement: Judgement = None,
    ) -> None:
        super().__init__(Settings())
        self._plan = plan
        self._judgement = judgement

    def requests(self, deliveries: Sequence[Delivery]) -> Iterable[Call | Known]:
        """Follow the plan."""
        return self._plan(deliveries)

    def judge(self, call: Call, response: httpx.Response) -> Judgement:  # noqa: ARG002 - told before
        """Judge as was said."""
        return self._judgement


def to(path: str, *deliveries: Delivery) -> Call:
    """Return a call to a path that carries these deliveries."""
    return Call(httpx.Request("POST", URL + path), deliveries)


def by_path(request: httpx.Request) -> httpx.Response:
    """Answer with the status that the path names; `/reset` and `/late` break instead."""
    match request.url.path:
        case "/reset":
            raise httpx.ConnectError("refused", request=request)
        case "/late":
            raise httpx.ReadTimeout("late", request=request)
        case path:
            return httpx.Response(int(path[1:]), headers={"retry-after": "7"})


def test_one_answer_is_everybodys() -> None:
    """An answer judged as one counts for each delivery of its call."""
    a, b = a_delivery(), a_delivery()
    adapter = Plain(lambda _: [to("503", a, b)], Retry("slow"))
    assert drive(adapter, [a, b], by_path) == {a: Retry("slow"), b: Retry("slow")}


def test_each_may_have_an_answer_of_its_own() -> None:
    """Several outcomes go to the deliveries of the call in its order."""
    a, b = a_delivery(), a_delivery()
    adapter = Plain(lambda _: [to("200", b, a)], [Delivered(), Rejected("bad")])
    assert drive(adapter, [a, b], by_path) == {b: Delivered(), a: Rejected("bad")}


def test_too_few_outcomes_are_a_bug() -> None:
    """An adapter that judges fewer deliveries than it carried raises."""
    a, b = a_delivery(), a_delivery()
    with pytest.raises(ValueError, match="zip"):
        dict(spread(to("200", a, b), [Delivered()]))


def test_the_worst_of_several_calls_counts() -> None:
    """A delivery that needed several requests has the worst of their outcomes."""
    a, b = a_delivery(), a_delivery()
    adapter = Plain(lambda _: [to("200", a, b), to("400", a), to("429", a, b), to("200", b)])
    wait = Throttled(timedelta(seconds=7), "http_429")
    assert drive(adapter, [a, b], by_path) == {a: wait, b: wait}


def test_calls_go_on_after_one_failed() -> None:
    """A call that broke does not keep the next from being made."""
    a, b, c = a_delivery(), a_delivery(), a_delivery()
    adapter = Plain(lambda _: [to("reset", a), to("late", b), to("200", c)])
    outcomes = {a: Retry("connect_error"), b: Unknown("read_timeout"), c: Delivered()}
    assert drive(adapter, [a, b, c], by_path) == outcomes


def test_what_was_not_carried_is_rejected() -> None:
    """A delivery that no call carried and nobody judged is a dead letter, not a loss."""
    a, b = a_delivery(), a_delivery()
    adapter = Plain(lambda _: [to("200", a)])
    assert drive(adapter, [a, b], by_path) == {a: Delivered(), b: Rejected("not_carried")}


def test_the_known_need_no_call() -> None:
    """A delivery whose outcome is known beforehand keeps its outcome, unless a call fared worse."""
    a, b = a_delivery(), a_delivery()
    plan: list[Call | Known] = [
        Known(a, Rejected("no_email")),
        Known(b, Delivered()),
        to("401", b),
    ]
    outcomes = {a: Rejected("no_email"), b: Held("http_401", 401)}
    assert drive(Plain(lambda _: plan), [a, b], by_path) == outcomes


def test_nothing_to_do_asks_nothing() -> None:
    """No deliveries, no calls, no outcomes."""
    assert rehearse(Plain(lambda _: []), []).calls == []


def test_an_adapters_bug_is_not_hidden() -> None:
    """What an adapter raises reaches the engine."""
    with pytest.raises(ZeroDivisionError):
        drive(Plain(lambda _: [to(str(1 // 0))]), [a_delivery()])


@given(st.integers(1, 40), st.sets(st.integers(0, 39), max_size=5))
def test_a_split_finds_the_culprits(size: int, bad: set[int]) -> None:
    """A batch refused for some of its events is halved until only those are rejected."""
    deliveries = [a_delivery(messageId=str(n)) for n in range(size)]
    culprits = {d for n, d in enumerate(deliveries) if n in bad}

    class Splitting(Plain):
        def judge(self, call: Call, response: httpx.Response) -> Judgement:  # noqa: ARG002 - it knows
            refused = culprits & set(call.deliveries)
            return Split(Rejected("culprit")) if refused else Delivered()

    heard = rehearse(Splitting(lambda some: [to("200", *some)]), deliveries)

    expected: Outcomes = {d: Rejected("culprit") if d in culprits else Delivered()
                          for d in deliveries}  # fmt: skip
    assert heard.outcomes == expected
    delivered = [d for call in heard.calls for d in call.deliveries
                 if not culprits & set(call.deliveries)]  # fmt: skip
    assert delivered == [d for d in deliveries if d not in culprits], "each once, in order"
    assert len(heard.calls) <= 1 + 2 * len(culprits) * size.bit_length()


def test_a_split_of_one_is_its_otherwise() -> None:
    """A split of a call that carries one delivery is the outcome given for that."""
    a = a_delivery()
    adapter = Plain(lambda some: [to("413", *some)], Split(Rejected("too_large")))
    assert drive(adapter, [a], Vendor(413)) == {a: Rejected("too_large")}


@pytest.mark.parametrize("size", [32, 33, 1000])
def test_a_split_has_an_end(size: int) -> None:
    """Where all is refused, some are rejected one by one; the rest, in order, comes again."""
    deliveries = [a_delivery(messageId=str(n)) for n in range(size)]
    adapter = Plain(lambda some: [to("413", *some)], Split(Rejected("too_large")))

    heard = rehearse(adapter, deliveries)

    assert len(heard.calls) == min(2 * size - 1, MOST_RUNS)
    said = [heard.outcomes[delivery] for delivery in deliveries]
    alone = said.count(Rejected("too_large"))
    assert said == [Rejected("too_large")] * alone + [BATCH_REFUSED] * (size - alone)
    assert alone == size if size <= 32 else 25 < alone < size


def test_who_sends_is_seen_on_the_class() -> None:
    """An adapter with a `send` of its own does not speak HTTP; any other does."""

    class Sends(Adapter[Settings]):
        async def send(self, deliveries: Sequence[Delivery]) -> Outcomes:
            return dict.fromkeys(deliveries, Delivered())

    assert speaks_http(Plain)
    assert not speaks_http(Sends)
    assert not speaks_http(Sends(Settings()))


def test_reprs_tell_nothing() -> None:
    """Neither a call's path, body or events nor an adapter's settings show in a repr."""
    call = to("a-secret-path", a_delivery(event="a secret event"))
    assert repr(call) == "<Call POST vendor.test deliveries=1>"
    assert repr(Plain(lambda _: [])) == "<Plain>"


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_batch_refused_by_default_is_halved(status: int) -> None:
    """An adapter that says nothing of its own loses no neighbour of a bad event."""
    some = [a_delivery(messageId=f"m{n}", event=f"event-{n}") for n in range(8)]
    adapter = Plain(lambda these: [Call(_carrying(these), these)])

    def vendor(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status if b"event-5" in request.content else 200)

    outcomes = drive(adapter, some, vendor)

    bad = Rejected(f"http_{status}", status)
    assert [outcomes[one] for one in some] == [*[Delivered()] * 5, bad, *[Delivered()] * 2]


def test_an_operators_rule_comes_before_the_adapter() -> None:
    """What the operator's rules say of an answer counts, whatever the adapter would have said."""
    adapter = Plain(lambda these: [to("200", *these)], Delivered())

    def vendor(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, extensions={RULED: Retry("not_ok")})

    a = a_delivery()
    assert drive(adapter, [a], vendor) == {a: Retry("not_ok")}


def _carrying(deliveries: Sequence[Delivery]) -> httpx.Request:
    return httpx.Request("POST", URL, content=b",".join(one.body for one in deliveries))
