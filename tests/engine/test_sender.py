"""The way out of a destination: its rate, its lease, and connections that hiccup."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest
from pydantic import SecretStr
from redis.exceptions import ConnectionError as Away

from destinations import Adapter, Batch, Delivered, Settings
from destinations.webhook import Webhook, WebhookSettings
from router.engine.deliver.attempt import Attempter
from router.engine.deliver.exchange import NotStarted
from router.engine.deliver.turn import Item
from router.engine.out.sender import Sender
from router.store.codec import Entry, pack, policy_mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from destinations import Delivery
    from destinations.contract import Outcomes
    from router.engine.deliver.given import Rules
    from router.engine.deliver.home import Home
    from router.engine.deliver.latest import Latest
    from router.store.store import Store

LANE = "hook:webhook"
REQUEST = httpx.Request("POST", "https://vendor.test/")


class Owned:
    """A share that is owned for some more seconds."""

    def __init__(self, remaining: float = 60.0) -> None:
        self.remaining = remaining


OWNED = [Owned()]


class Answers(httpx.AsyncBaseTransport):
    """Raises what it is told first, then answers 200."""

    def __init__(self, *errors: type[httpx.TransportError]) -> None:
        self.errors = list(errors)
        self.asked = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer, or fail."""
        self.asked += 1
        if self.errors:
            raise self.errors.pop(0)("", request=request)
        return httpx.Response(200)


class Rates:
    """A store that only knows rates; `wait` may be an exception."""

    def __init__(self, wait: Any = 0.0) -> None:
        self.wait = wait
        self.asked: list[int] = []

    async def rate_wait(self, _: str, __: float, events: int) -> float:
        """Tell how long to wait."""
        self.asked.append(events)
        if isinstance(self.wait, Exception):
            raise self.wait
        return float(self.wait)


def sender(transport: Answers, rates: Rates | None = None) -> Sender:
    """Return a sender with a rate, over a store of the test's own."""
    store = cast("Store", rates or Rates())
    return Sender(store, LANE, transport, timeout=1.0, rate=10.0)


async def test_a_refused_connection_is_tried_again_within_the_attempt() -> None:
    """A hiccup of the connection costs no attempt: nothing had been sent."""
    transport = Answers(httpx.ConnectError, httpx.ConnectError)

    assert 200 == (await sender(transport).send(REQUEST, OWNED)).status_code
    assert 3 == transport.asked


@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.ReadError, httpx.ConnectTimeout])
async def test_what_may_have_been_sent_is_not_repeated(error: type[httpx.TransportError]) -> None:
    """Within one attempt only refused connections are tried again."""
    transport = Answers(error)

    with pytest.raises(error):
        await sender(transport).send(REQUEST, OWNED)
    assert 1 == transport.asked


async def test_nothing_starts_that_the_lease_would_not_outlive() -> None:
    """A request whose timeout is longer than what is left of the lease does not start."""
    transport = Answers()

    with pytest.raises(NotStarted, match="lease"):
        await sender(transport).send(REQUEST, [Owned(0.9)])
    assert 0 == transport.asked


@pytest.mark.parametrize(("wait", "reason"), [(60.0, "rate"), (Away("gone"), "store")])
async def test_a_rate_that_gives_no_leave_starts_nothing(wait: Any, reason: str) -> None:
    """Too slow a rate, or a store that cannot be asked, is no failure of the destination."""
    rates = Rates(wait)

    with pytest.raises(NotStarted, match=reason):
        await sender(Answers(), rates).admit(7)
    assert [7] == rates.asked


class Files(Adapter[Settings]):
    """An adapter without HTTP."""

    async def send(self, deliveries: Sequence[Delivery]) -> Outcomes:
        """Take everything."""
        return dict.fromkeys(deliveries, Delivered())


class AllowAll:
    """Rules of now that have not changed."""

    name = "hook"
    policy_digest = "digest"
    heeds_consent = False
    reshape = None

    def recheck(self, _: Any, known: Any = None) -> None:
        """Allow it."""


async def test_a_rate_holds_for_adapters_without_http() -> None:
    """Whatever way an adapter sends, its destination's rate counts its events."""
    rates = Rates()
    way_out = sender(Answers(), rates)
    attempter = Attempter(
        cast("Rules", AllowAll()), Files(Settings()), way_out,
        latest=cast("Latest", None), batch=Batch(events=9), timeout=1.0,
    )  # fmt: skip
    home = cast("Home", Owned())
    raw = pack(Entry("id", "track", "default", 0, (policy_mark("digest"),), b"{}"))
    items = [Item(home, b"%d" % n, b"user", raw) for n in range(3)]
    result = await attempter.attempt(items)

    assert [3] == rates.asked
    assert [Delivered()] * 3 == [result.outcomes[item] for item in items]
    assert timedelta(seconds=8) == attempter.longest


class Clock:
    """Time that passes only where a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


class Slow(Answers):
    """Takes three seconds for an answer."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer late."""
        self.clock.now += 3
        return await super().handle_async_request(request)


class LateRates(Rates):
    """Takes forty seconds to let anything go."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock

    async def rate_wait(self, lane: str, per_second: float, events: int) -> float:
        """Let it go late."""
        self.clock.now += 40
        return await super().rate_wait(lane, per_second, events)


async def test_our_own_rate_makes_no_destination_slow() -> None:
    """An attempt has taken what its slowest request took: neither their sum nor their waits."""
    clock = Clock()
    adapter = Webhook(WebhookSettings(url=SecretStr("https://vendor.test/")))
    attempter = Attempter(
        cast("Rules", AllowAll()), adapter, sender(Slow(clock), LateRates(clock)),
        latest=cast("Latest", None), batch=Batch(events=9), timeout=1.0, clock=clock,
    )  # fmt: skip
    raw = pack(Entry("id", "track", "default", 0, (policy_mark("digest"),), b"{}"))
    items = [Item(cast("Home", Owned()), b"%d" % n, b"user", raw) for n in range(2)]

    assert 3 == (await attempter.attempt(items)).seconds
    assert 2 * 43 == clock.now
