"""Routing without a store: what is packed, what is shared, and what one event does to others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from router.config.compiled import compiled
from router.decide.routes import Routes
from router.engine.route.packing import Packing
from router.engine.route.routing import Router
from router.events.event import Arrival
from router.store.codec import Entry, unpack
from tests.engine.stage import configuration, hook

if TYPE_CHECKING:
    from router.store.handoff import Routed

NOW = 1_790_000_000_000
DROPS_NOTE = {"rules": [{"match": "properties.note", "do": "drop"}]}
MASKS_CARD = {"rules": [{"match": "properties.card", "do": "mask"}]}
FOUR = {
    "a_plain": hook(),
    "b_twin": hook(),
    "c_notes": hook(privacy=DROPS_NOTE),
    "d_cards": hook(privacy=MASKS_CARD),
}


def router(destinations: dict[str, Any] | None = None) -> Router:
    """Return a router to some destinations."""
    return Router(compiled(configuration(destinations or FOUR)), {}, b"secret", 4)


def arrival(number: int = 1, **fields: Any) -> Arrival:
    """Return a track event as it arrives."""
    event = {"type": "track", "event": "e", "messageId": f"m{number}", "userId": "u", **fields}
    return Arrival(json.dumps(event).encode(), f"events:{number}-0", None, NOW)


def routed(**fields: Any) -> tuple[Routed, list[Entry]]:
    """Return one event as it is handed off, and its bodies."""
    (one,) = router().route([arrival(**fields)], NOW).routed
    return one, [unpack(body) for body in one.bodies]


def test_what_no_policy_changes_is_packed_once() -> None:
    """Destinations whose policies leave an event as it is share one body, which names them all."""
    one, (entry,) = routed(properties={"plan": "pro"})
    routes = compiled(configuration(FOUR)).destinations

    assert ((0, 0), (1, 0), (2, 0), (3, 0)) == one.sends
    assert all(entry.left_by(route.policy_digest) for route in routes)


def test_what_goes_to_a_held_destination_is_packed_patiently() -> None:
    """What will wait takes fewer bytes, and unpacks to the same; what goes at once is as ever."""
    note = "never the same words, many of them, and some of the same words again: " * 3
    event = arrival(properties={"note": note})
    routes = compiled(configuration(FOUR))
    held: set[int] = set()
    routing = Router(routes, {}, b"secret", 4, packing=Packing(held=lambda: frozenset(held)))

    (usual,) = routing.route([event], NOW).routed
    held.add(2)  # c_notes, which gets no note
    (patient,) = routing.route([event], NOW).routed

    assert usual.bodies[0] == patient.bodies[0]
    assert len(patient.bodies[1]) < len(usual.bodies[1])
    assert unpack(usual.bodies[1]) == unpack(patient.bodies[1])


def test_what_a_policy_changes_is_its_own() -> None:
    """A body names only the policies that left just that of the event."""
    one, (whole, noteless) = routed(properties={"note": "n", "plan": "pro"})
    plain, _, notes, cards = compiled(configuration(FOUR)).destinations

    assert ((0, 0), (1, 0), (2, 1), (3, 0)) == one.sends
    assert {"note": "n", "plan": "pro"} == json.loads(whole.body)["properties"]
    assert {"plan": "pro"} == json.loads(noteless.body)["properties"]
    assert [True, False, True] == [whole.left_by(x.policy_digest) for x in (plain, notes, cards)]
    assert [False, True, False] == [
        noteless.left_by(x.policy_digest) for x in (plain, notes, cards)
    ]


def test_what_is_masked_by_itself_is_not_shared() -> None:
    """A value that a rule turned into an equal one is noted as changed, for that rule alone."""
    one, (whole, masked) = routed(properties={"card": "***"})

    assert ((0, 0), (1, 0), (2, 0), (3, 1)) == one.sends
    assert () == whole.transformed
    assert ("properties.card",) == masked.transformed


def test_no_body_holds_the_integrations_map() -> None:
    """The event's map goes before bodies are shared; a destination's options are its own."""
    one, (whole, optioned) = routed(integrations={"b_twin": {"lookup": 1}})

    assert ((0, 0), (1, 1), (2, 0), (3, 0)) == one.sends
    assert "integrations" not in json.loads(whole.body)
    assert (None, {"lookup": 1}) == (whole.options, optioned.options)


@pytest.mark.parametrize("raw", [b"{", b"[]", b'{"type": "track", "userId": {}}', b"\xff"])
def test_neighbours_of_what_cannot_be_read_go_on(raw: bytes) -> None:
    """An arrival that cannot be read is shelved; those beside it are routed, in order."""
    broken = Arrival(raw, "events:2-0", None, NOW)
    batch = router().route([arrival(1), broken, arrival(3)], NOW)

    assert [raw] == [shelved.raw for shelved in batch.shelved]
    assert ["m1", "m3"] == [unpack(one.bodies[0]).message_id for one in batch.routed]


@pytest.mark.parametrize("step", ["signals", "judged"])
def test_neighbours_of_what_breaks_the_router_go_on(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event on which deciding fails is shelved alone."""
    whole = getattr(Routes, step)

    def breaking(self: Any, event: Any, *rest: Any) -> Any:
        if event.message_id == "m2":
            raise RuntimeError("a value")
        return whole(self, event, *rest)

    monkeypatch.setattr(f"router.decide.routes.Routes.{step}", breaking)
    batch = router().route([arrival(number) for number in (1, 2, 3)], NOW)

    assert ["router_error"] == [shelved.reason for shelved in batch.shelved]
    assert ["m1", "m3"] == [unpack(one.bodies[0]).message_id for one in batch.routed]


def test_a_failing_policy_kills_one_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others get the event; the dead one holds nothing of it, and its original is kept."""

    def failing(*_: Any) -> Any:
        raise RuntimeError("a value")

    monkeypatch.setattr("router.decide.policy.rules.Rules.root_of", failing)
    one, (whole, nothing) = routed(properties={"note": "n"})

    assert ((0, 0), (1, 0)) == one.sends
    assert [2, 3] == [place for place, _ in one.deads]
    assert (b"", ()) == (nothing.body, nothing.policies)
    assert b'"note"' in whole.body
    assert one.raw == arrival(properties={"note": "n"}).raw
