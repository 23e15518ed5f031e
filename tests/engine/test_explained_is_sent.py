"""What `router explain` and `router requests` show is what a running engine sends."""

from __future__ import annotations

import json
from typing import Any

from router.cli.preview.arriving import Arriving
from router.cli.preview.previewing import Previewing
from router.config.compiled import compiled, sources
from router.decide.explain import explain
from router.store.store import Store
from tests.engine.stage import Vendors, configuration, hook, push, running, settled

PRIVACY = {
    "rules": [
        {"match": "traits.email", "do": "hash"},
        {"match": "properties.note", "do": "drop"},
        {"match": {"detect": ["phone"]}, "do": "mask"},
    ]
}
CONTEXT = {"consent": {"categoryPreferences": {"analytics": True}}}
CHANGING = frozenset({"webhook-timestamp", "webhook-signature"})
"""Headers that name the moment."""


def event(number: int, **fields: Any) -> dict[str, Any]:
    """Return an event that needs nothing of the router's clock."""
    moment = "2026-08-01T10:00:00.000Z"
    return {"type": "track", "event": f"e{number}", "messageId": f"m-{number}", "userId": "u",
            "timestamp": moment, "receivedAt": moment, "originalTimestamp": moment,
            "context": CONTEXT, **fields}  # fmt: skip


EVENTS = [
    event(1, properties={"note": "n", "text": "call +49 151 99887766", "plan": "pro"}),
    event(2, type="identify", traits={"email": "a@b.test", "name": "Ann"}),
    event(3, context={}),
    event(4, integrations={"Webhook": False}),
    event(5, anonymousId="a", properties={"products": [{"note": "x"}]}),
]


async def test_what_is_shown_is_what_is_sent(redis: Any) -> None:
    """The bodies that a vendor got are the explained payloads, and the requests those shown."""
    destination = hook(consent={"require": ["analytics"]}, privacy=PRIVACY)
    destination["settings"]["secret"] = "a-signing-secret"
    config = configuration({"hook": destination})
    lines = [json.dumps(each).encode() for each in EVENTS]
    shown = list(Previewing(config, "hook", reveal=True).over(lines))
    routes, store, vendors = compiled(config), Store(redis, 4), Vendors()

    async with running(config, redis, vendors):
        await push(store, *EVENTS)
        await settled(store, delivered=3, pending=0)

    arriving = Arriving(sources(config))
    events = [each for each in map(arriving.read, lines) if not isinstance(each, str)]
    explained = [explain(each, routes)["destinations"]["hook"] for each in events]
    payloads = [told["payload"] for told in explained if told["verdict"] == "send"]
    assert payloads == vendors.bodies() == [request["body"] for request in shown]
    for request, real in zip(shown, vendors.requests["hook"], strict=True):
        assert (request["method"], request["url"]) == (real.method, str(real.url))
        assert _fixed(request["headers"]) == _fixed(dict(real.headers))


def _fixed(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in CHANGING}
