"""The operator's webhook learns of every hold and of its end, each at least once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr

from destinations.webhook import Webhook, WebhookSettings
from router.engine.hold.announcing import Announcer, news_of
from router.observe.reserved import INTAKE
from router.store.holds import Hold
from router.store.store import Store
from tests.engine.stage import Vendors, configuration, now_ms, push, running, track
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from collections.abc import Callable

HELD = Hold("held", "http_401", 1_000, 2_000)
PAUSED = Hold("paused", "by hand", 1_000, by="operator")
THROTTLED = Hold("throttled", "http_429", 1_000, 2_000)
NEWS = SecretStr("https://ops.test/token-1")


@pytest.mark.parametrize(
    ("holds", "announced", "states"),
    [
        ({}, {}, []),
        ({"a": HELD}, {}, ["held"]),
        ({"a": PAUSED}, {}, ["paused"]),
        ({"a": THROTTLED}, {}, []),
        ({"a": HELD}, {"a": "held http_401 1000"}, []),
        ({"a": PAUSED}, {"a": "held http_401 1000"}, ["paused"]),
        ({"a": THROTTLED}, {"a": "held http_401 1000"}, []),
        ({}, {"a": "held http_401 1000"}, ["resumed"]),
        ({"b": HELD}, {"a": "held http_401 1000"}, ["held", "resumed"]),
    ],
)
def test_what_is_news(holds: dict[str, Hold], announced: dict[str, str], states: list[str]) -> None:
    """A hold is news when it begins, changes its reason, or is over; a throttling never is."""
    assert states == [news.body()["state"] for news in news_of(holds, announced)]


def test_news_say_what_to_do() -> None:
    """News of a reason that the router knows carry its meaning and the advice."""
    [news] = news_of({"a": Hold("held", "network", 0)}, {})
    assert "our own network" in news.body()["meaning"]
    assert news.body()["text"] == "a is held: network"


def posting(answer: Callable[[httpx.Request], httpx.Response], store: Store) -> Announcer:
    """Return an announcer over a made-up webhook."""
    transport = httpx.MockTransport(answer)
    webhook = Webhook(WebhookSettings(url=NEWS, secret=SecretStr("secret")))
    return Announcer(store.holds, webhook, transport, within=5)


async def test_what_could_not_be_announced_comes_again(redis: Any) -> None:
    """News are repeated under the same id until the webhook has taken them, and never after."""
    store, posted = Store(redis, 4), list[httpx.Request]()

    def answer(request: httpx.Request) -> httpx.Response:
        posted.append(request)
        return httpx.Response(503 if len(posted) == 1 else 200)

    announcer = posting(answer, store)
    await store.holds.put("hook", Hold("held", "http_401", now_ms(), now_ms()))
    for _ in range(4):
        await announcer.look(now_ms())
    await store.holds.end("hook", now_ms())
    for _ in range(2):
        await announcer.look(now_ms())

    states = [json.loads(request.content)["state"] for request in posted]
    assert ["held", "held", "resumed"] == states
    ids = [request.headers["webhook-id"] for request in posted]
    assert ids[0] == ids[1] != ids[2]
    assert all(request.headers["webhook-signature"] for request in posted)


async def test_the_engine_announces_a_refused_credential(redis: Any) -> None:
    """A destination that is held, and let go, is announced by the one process there is."""
    store, vendors = Store(redis, 4), Vendors()
    config = configuration(announce={"url": "https://ops.test/news"})
    vendors.answer = lambda name, _: httpx.Response(200 if name == "announce" else 401)

    def told() -> list[str]:
        return [body["state"] for body in vendors.bodies("announce")]

    async with running(config, redis, vendors):
        await push(store, track("refused"))
        await wait_until_async(lambda: told() == ["held"], within=20, what="the news")
        vendors.answer = lambda *_: httpx.Response(200)
        await wait_until_async(lambda: "resumed" in told(), within=20, what="the end")


async def test_a_held_intake_silences_nothing(redis: Any) -> None:
    """While nobody takes from the stream, that is announced, and so is all that happens then."""
    store, vendors = Store(redis, 4), Vendors()
    config = configuration(announce={"url": "https://ops.test/news"})

    def told() -> list[str]:
        return [body["destination"] for body in vendors.bodies("announce")]

    async with running(config, redis, vendors) as engine:
        await store.holds.put(INTAKE, Hold("paused", "by hand", now_ms(), by="ann"))
        await wait_until_async(
            lambda: "stream" not in engine.facts()["intakes"] and INTAKE in told(),
            within=20, what="the news of the intake",
        )  # fmt: skip
        await store.holds.put("hook", Hold("paused", "by hand", now_ms(), by="ann"))
        await wait_until_async(lambda: "hook" in told(), within=20, what="the news after it")
