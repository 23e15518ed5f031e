"""Filters trim for good when an event is routed; transformations are of each attempt."""

from __future__ import annotations

import json
from typing import Any

import httpx

from router.config.compiled import compiled
from router.decide.explain import explain
from router.store.holds import Hold
from router.store.store import Store
from tests.engine.stage import LANE, Vendors, configuration, hook, push, running, settled, track
from tests.events.making import event

CART = {"products": [{"price": 1, "sku": "a"}], "total": 3, "note": "x"}
PERSON = {"traits": {"email": "a@b.test"}, "ip": "1.2.3.4", "locale": "en"}
FILTERS = [
    {"if": "event = 'dull'", "do": "drop"},
    {"if": "all", "do": "drop_properties", "fields": {"context": ["ip"], "properties": ["note"]}},
]
TRANSFORM = [
    {
        "rename_event": "Purchase",
        "rename": {"properties.total": "properties.value"},
        "copy": {"context.traits.email": "properties.email", "context.ip": "properties.ip"},
        "set": {"properties.currency": "EUR"},
        "hash": {"paths": ["properties.products.sku"]},
    }
]
PRIVACY = {"rules": [{"match": "context.traits.email", "do": "mask"}]}
FULL = hook(filters=FILTERS, transform=TRANSFORM, privacy=PRIVACY)
FIRST = {"default": {"transform": [{"rename": {"properties.sum": "properties.total"}}]}}


def happened(name: str) -> dict[str, Any]:
    """Return an event with everything that is filtered, masked and transformed here."""
    return track(name, properties=CART, context=PERSON, timestamp="2026-08-01T10:00:00Z")


async def test_explained_is_sent(redis: Any) -> None:
    """What a vendor is sent is, byte for byte, the payload that `explain` shows."""
    config = configuration({"hook": FULL}, sources=FIRST)
    store, vendors = Store(redis, 4), Vendors()
    sent = happened("e1")
    sent["properties"] = {key: value for key, value in CART.items() if key != "total"} | {"sum": 3}
    async with running(config, redis, vendors):
        await push(store, sent, happened("dull"))
        await settled(store, delivered=1, pending=0)

    (body,) = vendors.bodies()
    fresh = event(json.dumps(sent).encode(), received_at=None)
    told = explain(fresh, compiled(config))["destinations"]["hook"]
    received = {"receivedAt": body["receivedAt"]}
    assert told["payload"] | received == body
    assert "Purchase" == body["event"]
    assert {"products", "value", "email", "currency"} == body["properties"].keys()
    assert ("***@b.test", 3) == (body["properties"]["email"], body["properties"]["value"])
    lane = (await store.ledger()).lanes[LANE]
    assert {"filter.dropped": 1} == lane.filtered


async def test_a_changed_transformation_is_for_what_waits(redis: Any) -> None:
    """Lanes hold what the policy left; done to it is the transformation of now, not of then."""
    store = Store(redis, 4)
    await store.holds.put("hook", Hold("paused", "by_hand", 0, by="ann"))
    async with running(configuration({"hook": FULL}), redis, Vendors()):
        await push(store, happened("e1"))
        await settled(store, pending=1)
    await store.holds.end("hook", 0, by="operator")
    vendors = Vendors()
    now = hook(transform=[{"rename_event": "Bought"}])
    async with running(configuration({"hook": now}), redis, vendors):
        await settled(store, delivered=1)

    (body,) = vendors.bodies()
    assert "Bought" == body["event"]
    assert {"products": CART["products"], "total": 3} == body["properties"]
    assert {"traits": {"email": "***@b.test"}, "locale": "en"} == body["context"]


async def test_a_letter_keeps_what_was_not_transformed(redis: Any) -> None:
    """A dead letter holds the payload from before the transformation: a replay does it once."""
    store, vendors = Store(redis, 4), Vendors()
    vendors.answer = lambda *_: httpx.Response(422)
    async with running(configuration({"hook": FULL}), redis, vendors):
        await push(store, happened("e1"))
        await settled(store, dead=1)

    (letter,) = [letter async for letter in store.letters.scan([LANE])]
    assert letter.entry is not None
    kept = json.loads(letter.entry.body)
    assert ("e1", 3) == (kept["event"], kept["properties"]["total"])
    assert ["Purchase"] == vendors.names()
