"""No object and no exception says what it holds, however it is written down."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import pytest

from router.config import Config, ConfigError
from router.config.reading.load import parse as parse_config
from router.config.secret_key import privacy_key
from router.decide.routes import compile_routes
from router.engine.route.routing import Router
from router.events.event import Arrival, Event, Unreadable
from router.events.parse import parse
from router.store.codec import Undecodable, unpack
from router.store.handoff import Shelved
from router.store.intakes import Peek
from router.store.letters import Letter
from router.store.shelf import ShelfItem
from tests.support.corpus import encode
from tests.system.planted import ANYTHING, CREDENTIALS, SETTINGS, events, heard, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTION = f"""
privacy_key: {SETTINGS["privacy-key"]}
destinations:
  plain:
    type: webhook
    settings:
      url: https://user:{SETTINGS["path"]}@hook.test/{SETTINGS["path"]}
      secret: {SETTINGS["signature"]}
      headers: {{Authorization: {SETTINGS["authorization"]}}}
  analytics: {{type: mixpanel, settings: {{token: {SETTINGS["mixpanel"]}}}}}
"""
RAWS = [encode(event) for event in events()]


def configuration() -> Config:
    """Return a configuration full of secrets."""
    return parse_config(SECTION.replace("user:", "").replace(f"{SETTINGS['path']}@", ""), {})


def arrivals(raws: list[bytes]) -> list[Arrival]:
    """Return what came in."""
    return [Arrival(raw, f"events:{number}-0") for number, raw in enumerate(raws)]


def parsed() -> Iterator[Event]:
    """Yield the planted events, read."""
    for arrival in arrivals(RAWS):
        yield parse(arrival, {}, 0)


def objects() -> Iterator[Any]:
    """Yield one of everything that holds an event, or a part of one, on its way."""
    config = configuration()
    adapters = {section.type: section.adapter_class for section in config.destinations.values()}
    routes = compile_routes(config, adapters, privacy_key(config))
    router = Router(routes, {}, privacy_key(config), 8)
    came = arrivals([*RAWS, *unreadable()])
    yield from (config, routes, router, came, Peek(0, tuple(came)), *parsed())
    batch = router.route(came, 0)
    yield from (batch, *batch.routed, *batch.shelved)
    for event in parsed():
        for route in routes.destinations:
            verdict = route.verdict(event)
            yield from (route, verdict, route.policy.strip(event.data, ()))
    for routed in batch.routed:
        for body in routed.bodies:
            entry = unpack(body)
            yield entry
            yield Letter("plain/0/1-1", "plain:webhook", 0, "1-1", "http_422", 422, 1, 0, 0, 0,
                         routed.turn, entry)  # fmt: skip
    for section in config.destinations.values():
        yield from (section, section.settings, section.adapter())
    for raw in unreadable():
        yield ShelfItem("shelf/0/1-1", "invalid_json", raw, "events:1-0", None, None, 0)
        yield Shelved("invalid_json", raw, "events:1-0", None, None)


def test_no_repr_shows_anything() -> None:
    """Neither repr nor str of anything on an event's way shows a value or a secret."""
    said = {type(one).__name__: found for one in objects()
            if (found := heard(f"{one!r} {one}".encode(), ANYTHING))}  # fmt: skip

    assert {} == said


@pytest.mark.parametrize("raw", unreadable())
def test_no_refusal_quotes_an_event(raw: bytes) -> None:
    """What says that an event cannot be read does not say what is in it, nor does its cause."""
    with pytest.raises(Unreadable) as refused:
        parse(Arrival(raw, "events:1-0"), {}, 0)

    assert set() == heard(_told(refused.value), ANYTHING)


def test_no_undecodable_entry_is_quoted() -> None:
    """Bytes that are no entry are not quoted either."""
    with pytest.raises(Undecodable) as refused:
        unpack(RAWS[0])

    assert set() == heard(_told(refused.value), ANYTHING)


def test_no_problem_of_the_configuration_quotes_a_secret() -> None:
    """A refused configuration names the place of a secret and never the secret."""
    wrong = SECTION.replace("token:", "tokn:").replace("https://", "ftp://")
    with pytest.raises(ConfigError) as refused:
        parse_config(wrong.replace("privacy_key: ", "privacy_key: [") + "]", {})
    with pytest.raises(ConfigError) as again:
        parse_config(wrong, {})

    assert set() == heard(_told(refused.value) + _told(again.value), CREDENTIALS)


def _told(error: BaseException) -> bytes:
    """Return all that a log could show of an exception and of those behind it, but the code."""
    shown: list[str] = []
    behind: BaseException | None = error
    while behind is not None:
        shown += [repr(behind), str(behind), *traceback.format_exception_only(behind)]
        shown += [str(problem) for problem in getattr(behind, "problems", ())]
        behind = behind.__cause__ or (None if behind.__suppress_context__ else behind.__context__)
    return "\n".join(shown).encode("utf-8", "replace")
