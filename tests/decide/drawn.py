"""Drawn at random: configurations, and events in which every text is a canary of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

CANARY = re.compile(r"cnry\d+x")
MAIL = re.compile(r"(cnry\d+x)@coal\.test")
DISPLAY = {"webhook": "Webhook", "mixpanel": "Mixpanel", "console": "Console"}

EVENTS_FILTERS: dict[str | None, Callable[[Mapping[str, Any]], bool]] = {
    None: lambda _: True,
    'type = "track"': lambda event: event["type"] == "track",
    'event != "Test"': lambda event: event.get("event") != "Test",
    '!(type = "identify" or event = "Test")': lambda event: (
        event["type"] != "identify" and event.get("event") != "Test"
    ),
}
"""Filters, each with what it means in Python."""

FILTERS: list[dict[str, Any]] = [
    {"if": 'type = "page"', "do": "drop"},
    {"if": "all", "do": "drop_properties",
     "fields": {"properties": ["note", "inner", "email"], "traits": ["email", "plan"]}},
    {"if": 'event = "Test"', "do": "allow_properties", "fields": {"properties": ["plan", "note"]}},
    {"if": 'type = "track"', "do": "drop_properties", "fields": {"": ["anonymousId", "traits"]}},
]  # fmt: skip
"""Filters whose conditions are among `CONDITIONS`."""
CONDITIONS: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "all": lambda _: True,
    'type = "page"': lambda event: event["type"] == "page",
    'type = "track"': lambda event: event["type"] == "track",
    'event = "Test"': lambda event: event.get("event") == "Test",
}
ADDED = ("copied", "added")
"""Keys that only a transformation makes."""
TRANSFORMATIONS: list[dict[str, Any]] = [
    {"copy": {"traits.email": "properties.copied", "properties.plan": "traits.copied"}},
    {"rename_event": "Renamed", "set": {"properties.added": "by the operator"}},
    {"if": 'type = "identify"', "copy": {"context.ip": "properties.copied"}},
]

KEYS = st.sampled_from(["email", "phone", "plan", "note", "products", "firstName", "inner",
                        "password"])  # fmt: skip
PLACEHOLDERS = st.sampled_from(["text", "text", "mail", "letter"])
SHAPES = st.recursive(
    PLACEHOLDERS | st.sampled_from([None, True, 7]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=10,
)
MAPS = st.dictionaries(KEYS, SHAPES, min_size=1, max_size=5)
TRUTH = st.sampled_from([True, True, True, True, False, None, "true"])
CATEGORIES = st.dictionaries(
    st.sampled_from(["a", "b", "c"]), TRUTH, min_size=1, max_size=3
) | st.just({"a": True, "b": True, "c": True})
LISTS = st.fixed_dictionaries(
    {},
    optional={
        "allowedConsentIds": st.lists(st.sampled_from(["a", "b"]), max_size=2),
        "deniedConsentIds": st.lists(st.sampled_from(["a", "b"]), max_size=2),
    },
)
KNOWN = st.lists(
    st.dictionaries(st.sampled_from(["a", "b", "c"]), st.booleans(), min_size=1, max_size=3),
    max_size=2,
)
"""What was lastly said of categories, by each id of a user."""
OPTIONS = {"email": "mail", "note": "text"}
INTEGRATIONS = st.sampled_from(
    [{}, {"All": False}, {"all": None}, {"Webhook": OPTIONS}, {"Mixpanel": OPTIONS, "All": True},
     {"Webhook": OPTIONS, "Mixpanel": OPTIONS, "All": False}]
) | st.dictionaries(
    st.sampled_from(["All", "Webhook", "webhook", "Mixpanel", "mixpanel", "hook", "Nobody"]),
    st.sampled_from([True, True, True, False, None, "false"]) | st.just(OPTIONS),
    max_size=3,
)  # fmt: skip
STAMP = st.fixed_dictionaries({"categoryPreferences": CATEGORIES})
ELSE = {"traits": MAPS, "ip": PLACEHOLDERS, "page": MAPS, "consentManagement": LISTS}
CONTEXTS = st.fixed_dictionaries({}, optional=ELSE | {"consent": STAMP}) | st.fixed_dictionaries(
    {"consent": STAMP}, optional={"traits": MAPS, "ip": PLACEHOLDERS}
)
BUNDLED = st.sampled_from([[], [], [], ["Mixpanel"]])
NAMES = st.sampled_from(["Test", "Order Completed", "Seen"])


@st.composite
def events(draw: Any) -> dict[str, Any]:
    """Draw an event as a producer sends it."""
    kind = draw(st.sampled_from(["track", "identify", "page", "group", "alias", "screen"]))
    optional = {
        "properties": MAPS, "traits": MAPS, "integrations": INTEGRATIONS, "userId": PLACEHOLDERS,
        "anonymousId": PLACEHOLDERS, "groupId": PLACEHOLDERS, "previousId": PLACEHOLDERS,
        "_metadata": st.fixed_dictionaries({"bundled": BUNDLED}),
    }  # fmt: skip
    drawn = draw(st.fixed_dictionaries({"context": CONTEXTS}, optional=optional))
    fixed = {"type": kind, "messageId": "message-1", "timestamp": "2026-08-01T12:00:00.000Z",
             "writeKey": "text", "event": draw(NAMES)}  # fmt: skip
    planted: dict[str, Any] = _planted({**drawn, **fixed}, iter(range(1000, 9999)))
    return planted


def _planted(value: Any, numbers: Iterator[int]) -> Any:
    """Put a canary where its kind is named."""
    if isinstance(value, dict):
        return {key: _planted(inner, numbers) for key, inner in value.items()}
    if isinstance(value, list):
        return [_planted(inner, numbers) for inner in value]
    if value == "text":
        return f"cnry{next(numbers)}x"
    if value == "mail":
        return f"cnry{next(numbers)}x@coal.test"
    if value == "letter":
        return f"cnry{next(numbers)}x: write to cnry{next(numbers)}x@coal.test today"
    return value


ROOTS = st.sampled_from(["traits", "properties", "context", "*", "**", "userId", "anonymousId"])
STEPS = st.sampled_from(["email", "products", "note", "plan", "inner", "traits", "*", "**",
                         "products[*]", "products[0]", "note[*]"])  # fmt: skip
PATHS = st.tuples(ROOTS, st.lists(STEPS, max_size=2)).map(
    lambda path: ".".join([path[0], *path[1]])
)
MATCHES = PATHS | PATHS | st.sampled_from([{"detect": ["email"]}, {"detect": ["phone", "email"]}])
ACTIONS = st.sampled_from(["keep", "keep", "keep", "drop", "drop", "mask", "hash", "token",
                           "redact", "truncate", "generalise"])  # fmt: skip


def _clash(
    root: str,
    key: str,
    other: str,
    does: list[str],
    narrow_first: bool,  # noqa: FBT001 - drawn
) -> list[dict[str, str]]:
    """Return two rules in either order."""
    matches = [f"{root}.{key}", other.format(root, key)]
    pairs = zip(matches if narrow_first else matches[::-1], does, strict=True)
    return [{"match": match, "do": do} for match, do in pairs]


CLASHES = st.tuples(
    st.sampled_from(["traits", "properties", "context.traits"]),
    st.sampled_from(["email", "note", "plan", "inner"]),
    st.sampled_from(["{0}.*", "{0}.{1}", "**.{1}", "{0}.**"]),
    st.permutations(["keep", "drop"]),
    st.booleans(),
).map(lambda drawn: _clash(*drawn))
"""Two rules that match at one place and say otherwise: only the first counts."""
RULES = st.lists(
    st.fixed_dictionaries({"match": MATCHES, "do": ACTIONS}), min_size=2, max_size=6
) | st.sampled_from([
    [{"match": "traits.**", "do": "keep"}, {"match": "**", "do": "drop"}],
    [{"match": "**.email", "do": "drop"}, {"match": "properties", "do": "keep"}],
]) | CLASHES  # fmt: skip
PRIVACY = st.fixed_dictionaries(
    {"rules": RULES}, optional={"default": st.sampled_from(["keep", "drop"])}
)
CONSENT = st.sampled_from(
    2 * [{"require": ["a"]}, {"require": ["a", "b"]}, {"any": ["b", "c"]}]
    + 2 * [{"not_required": "a test"}]
    + [None]
)
"""What a destination declares where anybody does."""
SETTINGS = {
    "hook": ("webhook", {"url": "https://hook.test/in"}),
    "many": ("webhook", {"url": "https://hook.test/in", "format": "array"}),
    "stats": ("mixpanel", {"token": "a-token"}),
    "seen": ("console", {}),
}


@st.composite
def configurations(draw: Any) -> dict[str, Any]:
    """Draw a configuration, as its file says it."""
    destinations = {}
    asked = draw(st.booleans())
    for name in draw(st.lists(st.sampled_from(list(SETTINGS)), min_size=2, unique=True)):
        kind, settings = SETTINGS[name]
        drawn = draw(st.fixed_dictionaries({}, optional={
            "privacy": PRIVACY,
            "filters": st.lists(st.sampled_from(FILTERS), min_size=1, max_size=3),
            "transform": st.lists(st.sampled_from(TRANSFORMATIONS), min_size=1, max_size=2),
            "events": st.sampled_from([text for text in EVENTS_FILTERS if text]),
        }))  # fmt: skip
        consent = draw(CONSENT) if asked else None
        said = {} if consent is None else {"consent": consent}
        destinations[name] = {"type": kind, "settings": settings, **drawn, **said}
    sections = draw(st.fixed_dictionaries({}, optional={
        "pii": st.fixed_dictionaries({"trusted": st.just([*destinations][:1])}),
    }))  # fmt: skip
    if asked:
        sections["consent"] = draw(st.fixed_dictionaries(
            {}, optional={"categories": st.just(["a", "b", "c"]),
                          "missing": st.sampled_from(["deny", "allow"])}))  # fmt: skip
    return {"privacy_key": "a key for tests: 0123456789", "destinations": destinations, **sections}
