"""When a step fails on an event, whatever the step and the event: nothing leaves, nothing is told.

Each step in turn fails on whatever it is given, with an error that quotes all of it. The
destination with that step gets nothing, its neighbour gets what it would get anyway, and the
error's words are nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given, settings

from destinations import Delivery
from router.config.compiled import compiled, sources
from router.config.reading.load import parse as parse_config
from router.decide.detect.clean import Clean
from router.decide.detect.finder import Finder
from router.decide.explain import explain
from router.decide.verdict import PolicyError, Send
from router.engine.deliver.given import given as made_now
from router.engine.route.routing import Router
from router.events.parse import parse
from router.store.codec import unpack
from tests.decide import oracle
from tests.decide.case import ADAPTERS
from tests.decide.drawn import events
from tests.decide.test_conformance import Log
from tests.events.making import NOW, arrival

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.config import Config
    from router.decide.routes import Route
    from router.events.event import Event

CONFIGURATION = {
    "privacy_key": "a key for tests: 0123456789",
    "pii": {"trusted": ["careful", "open"]},
    "destinations": {
        "careful": {
            "type": "webhook",
            "settings": {"url": "https://hook.test/in"},
            "consent": {"not_required": "a test"},
            "events": "event != 'Test'",
            "filters": [{"if": "all", "do": "drop_properties", "fields": {"context": ["ip"]}}],
            "privacy": {"rules": [
                {"match": "type", "do": "keep"},
                {"match": {"detect": ["email"]}, "do": "mask"},
                {"match": "**", "do": "token"},
            ]},
            "transform": [{"set": {"properties.seen": True}}],
        },
        "open": {"type": "console", "consent": {"not_required": "a test"}},
    },
}  # fmt: skip


class Failing:
    """What fails whenever it is called, and knows how often it was."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, *given: Any) -> Any:
        """Fail, with everything that was given in the error's words."""
        self.times += 1
        raise ValueError(repr(given))


STEPS: dict[str, Callable[[Failing], Any]] = {
    "router.decide.filters.sieve.compile_filter": lambda failing: lambda _: failing,
    "router.decide.filters.sieve.compile_trim": lambda failing: lambda *_: failing,
    "router.decide.policy.matched.compile_action": lambda failing: lambda *_: failing,
    "router.decide.policy.detection.compile_finder": (
        lambda failing: lambda *_: Finder(failing, failing, Clean())
    ),
    "router.decide.routes.compile_transform": (
        lambda failing: lambda steps: failing if steps else None
    ),
}
"""Where each step is compiled, and what fails in its place."""


def given_to(config: Config, raw: bytes) -> tuple[dict[str, bytes], str]:
    """Return what the adapters are given of an event, and all that is told beside it."""
    routes, arrived = compiled(config), arrival(raw)
    batch = Router(routes, sources(config), b"secret", 4).route([arrived], NOW)
    sent, told = {}, [*map(repr, batch.routed)]
    for routed in batch.routed:
        for place, body in routed.sends:
            route = routes.destinations[place]
            made = made_now(route, unpack(routed.bodies[body]), 1, NOW)
            if isinstance(made, Delivery):
                sent[route.name] = made.body
            told.append(repr(made))
        if routed.deads:
            letter = unpack(routed.bodies[-1])
            told += [repr(letter), letter.body.decode()]
    event = parse(arrived, sources(config), NOW)
    told += [repr(error_of(route, event)) for route in routes.destinations]
    explained = explain(event, routes)["destinations"]
    shown = {name: each["payload"] for name, each in explained.items() if each["payload"]}
    assert {name: orjson.loads(body) for name, body in sent.items()} == shown
    return sent, "\n".join([*told, str([each["reason"] for each in explained.values()])])


def error_of(route: Route, event: Event) -> PolicyError | None:
    """Return the error of a destination's policy, if it fails."""
    try:
        route.strip(event, Send("a test"))
    except PolicyError as error:
        return error
    return None


@pytest.mark.parametrize("step", STEPS)
def test_what_fails_lets_nothing_pass(step: str) -> None:
    """Who has the step gets nothing where it failed, and no word of the event is said of it."""
    config = parse_config(orjson.dumps(CONFIGURATION).decode(), {}, adapters=ADAPTERS)
    failed = []

    @settings(max_examples=20)
    @given(events())
    def law(event: dict[str, Any]) -> None:
        raw = orjson.dumps(event)
        whole, _ = given_to(config, raw)
        failing = Failing()
        with pytest.MonkeyPatch.context() as patch, Log() as log:
            patch.setattr(step, STEPS[step](failing))
            sent, told = given_to(config, raw)

        failed.append(failing.times)
        if failing.times:
            assert "careful" not in sent
        assert sent == {name: body for name, body in whole.items() if name in sent}
        assert whole.keys() - sent.keys() <= {"careful"}
        assert not oracle.heard("\n".join([told, *log.lines]))

    law()
    assert any(failed)
