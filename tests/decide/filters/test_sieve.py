"""Filters of a destination: who is dropped, who is in the share, what is trimmed of the rest."""

from __future__ import annotations

import copy
import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide.explain import explain
from router.decide.filters.actions import compile_trim, part_of
from router.decide.filters.tokens import FilterError
from router.decide.verdict import Send, Skip
from tests.decide.making import Sift, To, event, routes, rules
from tests.decide.test_laws import EVENTS, KEYS, VALUES, shape, within

if TYPE_CHECKING:
    from router.decide.verdict import Verdict
    from router.events.event import Event

CART: dict[str, Any] = {
    "userId": "u1",
    "context": {"ip": "1.2.3.4", "locale": "en"},
    "properties": {
        "products": [{"price": 1, "sku": "a"}, 5, {"price": 2, "sku": "b", "price.net": 3}],
        "total": 3,
    },
}


def decided(happened: Event, *filters: Sift, events: str | None = None) -> Verdict:
    """Decide on an event by these filters."""
    [route] = routes(d=To(events=events, filters=filters)).destinations
    return route.verdict(happened)


def left(data: dict[str, Any], *filters: Sift) -> dict[str, Any]:
    """Return the payload that these filters and no policy leave, without its envelope."""
    told = explain(event(**copy.deepcopy(data)), routes(d=To(filters=filters)))
    payload = told["destinations"]["d"]["payload"]
    assert {"type": "track", "messageId": "m1"}.items() <= payload.items()
    mine = ("type", "messageId", "timestamp", "event", "originalTimestamp", "receivedAt")
    return {key: payload[key] for key in payload if key not in mine}


@pytest.mark.parametrize(
    ("filters", "reason", "rule"),
    [
        ((Sift("drop", "event = 'Tested'"),), "filter.dropped", "filters[0]"),
        ((Sift("drop", "event = 'x'"), Sift("drop")), "filter.dropped", "filters[1]"),
        ((Sift("drop", "!(event = 'Tested')"),), None, ""),
        ((Sift("sample", percent=0.0),), "filter.sampled", "filters[0]"),
        ((Sift("sample", percent=1.0),), None, ""),
        ((Sift("sample", "event = 'x'", percent=0.0),), None, ""),
        ((Sift("drop"), Sift("sample", percent=0.0)), "filter.sampled", "filters[1]"),
        ((Sift("sample", percent=0.0, path="no.such"),), "filter.sampled", "filters[0]"),
    ],
)
def test_who_goes(filters: tuple[Sift, ...], reason: str | None, rule: str) -> None:
    """Sample is asked before drop, whatever the order in the file; the rule names the filter."""
    verdict = decided(event(**CART), *filters)

    if reason is None:
        assert isinstance(verdict, Send)
    else:
        assert isinstance(verdict, Skip)
        assert (reason, f"destinations.d.{rule}") == (verdict.reason, verdict.rule)


def test_the_events_filter_is_asked_first() -> None:
    """What `events` does not match is no business of `filters`, and it still names what passed."""
    assert Skip is type(stopped := decided(event(), Sift("drop"), events="event = 'x'"))
    assert "filter.events" == getattr(stopped, "reason", None)
    passed = decided(event(), Sift("drop", "event = 'x'"), events="all")
    assert "destinations.d.events" == passed.rule


@pytest.mark.parametrize(
    ("do", "fields", "expected"),
    [
        ("drop_properties", {"": ["userId"], "context": ["ip"], "properties.products": ["price"]},
         {"context": {"locale": "en"}, "properties": {
             "products": [{"sku": "a"}, 5, {"sku": "b", "price.net": 3}], "total": 3}}),
        ("drop_properties", {"": ["type", "messageId", "timestamp", "context", "properties"]},
         {"userId": "u1"}),
        ("drop_properties", {"properties": ["products"], "traits": ["x"], "context.ip": ["x"]},
         {**CART, "properties": {"total": 3}}),
        ("drop_properties", {"properties.products": ["price.net", "price"]},
         {**CART, "properties": {"products": [{"sku": "a"}, 5, {"sku": "b"}], "total": 3}}),
        ("allow_properties", {"properties": ["total"], "traits": ["email"]},
         {**CART, "properties": {"total": 3}}),
        ("allow_properties", {"properties.products": ["sku"]},
         {**CART, "properties": {"products": [{"sku": "a"}, 5, {"sku": "b"}], "total": 3}}),
        ("allow_properties", {"": ["properties"], "properties": ["nothing"]}, {"properties": {}}),
    ],
)  # fmt: skip
def test_what_is_trimmed(do: str, fields: dict[str, list[str]], expected: dict[str, Any]) -> None:
    """Named keys go, or only they stay; of lists each element; the envelope always stays."""
    assert expected == left(CART, Sift(do, fields=fields))


def test_conditions_see_the_event_as_it_came() -> None:
    """What one filter trims still counts for the condition of the next."""
    assert {"properties": {"kept": 1}} == left(
        {"properties": {"secret": True, "kept": 1, "other": 2}},
        Sift("allow_properties", "properties.secret = true", fields={"properties": ["kept"]}),
        Sift("drop_properties", fields={"properties": ["secret"]}),
    )


def test_allowing_comes_after_dropping() -> None:
    """What is dropped does not come back for being allowed."""
    allowed = Sift("allow_properties", fields={"properties": ["a", "b"]})
    dropped = Sift("drop_properties", fields={"properties": ["a"]})

    assert {"properties": {"b": 2}} == left(
        {"properties": {"a": 1, "b": 2, "c": 3}}, allowed, dropped
    )


def test_options_go_with_the_map_they_came_in() -> None:
    """An allow-list of the event without its map takes the destination's options along."""
    happened = event(integrations={"Salesforce": {"a": 1}}, event="x")
    keep_map = Sift("allow_properties", fields={"": ["integrations"]})
    trimmed = decided(happened, Sift("allow_properties", fields={"": ["event"]}))

    assert isinstance(trimmed, Send)
    assert trimmed.options is None
    kept = decided(happened, keep_map)
    assert isinstance(kept, Send)
    assert {"a": 1} == kept.options
    assert "x" not in repr(trimmed) + repr(kept)


def test_what_is_untouched_is_shared() -> None:
    """A filter that changes nothing leaves the payload common to all destinations."""
    verdict = decided(event(**CART), Sift("drop_properties", fields={"properties": ["nothing"]}))

    assert isinstance(verdict, Send)
    assert verdict.data is None


def test_trimmed_stays_trimmed() -> None:
    """The policy works on what the filters left, and again over its own result."""
    section = To(
        filters=(Sift("drop_properties", fields={"context": ["ip"]}),),
        privacy=rules(("userId", "token")),
    )
    [route] = routes(d=section).destinations
    happened = event(**copy.deepcopy(CART))
    verdict = route.verdict(happened)
    assert isinstance(verdict, Send)
    stripped = route.strip(happened, verdict)

    again = route.narrow(stripped.payload, stripped.transformed)
    assert {"locale": "en"} == stripped.payload["context"] == again.payload["context"]
    assert stripped.payload["userId"].startswith("tok_")
    assert again.payload == stripped.payload


def test_an_error_skips_the_event() -> None:
    """What cannot be decided does not leave, and says so."""
    broken = event()
    broken.data["odd"] = {1}

    verdict = decided(broken, Sift("sample", percent=0.5, path="odd"))

    assert isinstance(verdict, Skip)
    assert ("filter.error", "destinations.d.filters") == (verdict.reason, verdict.rule)


@pytest.mark.parametrize(
    "broken",
    [Sift("drop", "event ="), Sift("sample", percent=0.5, path="a..b"),
     Sift("drop_properties", fields={"a.": ["x"]})],
)  # fmt: skip
def test_mistakes_are_found_at_start(broken: Sift) -> None:
    """A filter that cannot be read is refused before the first event."""
    with pytest.raises(FilterError):
        routes(d=To(filters=(broken,)))


def test_the_share_is_segments() -> None:
    """A value's place is the first eight bytes of the MD5 of its JSON, as a fraction."""
    digest = hashlib.md5(b'"u1"').digest()[:8]

    assert int.from_bytes(digest, "big") / 2**64 == part_of("u1")


@pytest.mark.parametrize("percent", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("path", [None, "userId", "properties.absent"])
def test_the_share_is_near_its_percent(percent: float, path: str | None) -> None:
    """Of many events about so many pass, by message id where the path holds nothing."""
    [route] = routes(d=To(filters=(Sift("sample", percent=percent, path=path),))).destinations
    passed = sum(
        isinstance(route.verdict(event(messageId=f"m{n}", userId=f"u{n}")), Send)
        for n in range(1_000)
    )

    assert percent * 1000 - 60 < passed < percent * 1000 + 60


@given(VALUES, st.floats(0, 1), st.text())
def test_equal_values_are_decided_alike(value: Any, percent: float, message: str) -> None:
    """Whatever the events, the same value at the path gives the same answer."""
    sample = Sift("sample", percent=percent, path="properties.key")
    fields = {"properties": {"key": {"it": value}}}
    one, other = event(messageId=f"a{message}", **fields), event(messageId="b", **fields)

    assert type(decided(one, sample)) is type(decided(other, sample))


FIELDS = st.dictionaries(
    st.sampled_from(["", "traits", "context", "properties", "properties.products", "a\\.b"]),
    st.lists(st.sampled_from(KEYS), max_size=4),
    max_size=3,
)


@given(EVENTS, st.sampled_from(["drop_properties", "allow_properties"]), FIELDS)
def test_trimming_only_takes_away(
    data: dict[str, Any], do: str, fields: dict[str, list[str]]
) -> None:
    """Trimming adds nothing, changes nothing it is given, and done twice is done once."""
    before = copy.deepcopy(data)
    trim = compile_trim(do, fields)
    once = trim(data)

    assert before == data
    assert within(shape(once), shape(data))
    assert {"type", "messageId", "timestamp"} <= once.keys()
    assert once == trim(once)
    assert trim(once) is once


@given(EVENTS, FIELDS)
def test_dropped_and_allowed_keys(data: dict[str, Any], fields: dict[str, list[str]]) -> None:
    """At a path that is an object no dropped key is left, and of allowed ones no other."""
    fields.pop("properties.products", None)
    dropped, allowed = (compile_trim(f"{do}_properties", fields)(data) for do in ("drop", "allow"))
    for path, keys in fields.items():
        for value, is_dropped in ((dropped, True), (allowed, False)):
            here = value.get(path.replace("\\", "")) if path else value
            if isinstance(here, dict):
                rest = here.keys() - {"type", "messageId", "timestamp"}
                assert not (rest & set(keys) if is_dropped else rest - set(keys))
