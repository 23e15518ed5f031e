"""What one section of the file must know of another; each check sees the values as written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from router.config.problem import Wrong, quoted, unknown
from router.config.values.server import CLUSTER, SCHEMES
from router.decide.filters.expression import FilterError, compile_filter
from router.decide.spelling import nearest
from router.events.parse import DEFAULT_SOURCE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from router.config.document import Document, Where
    from router.config.sections.whole import Config

EACH = "*"
CONDITIONS = (
    ("destinations", EACH, "events"),
    ("destinations", EACH, "filters", EACH, "if"),
    ("destinations", EACH, "transform", EACH, "if"),
    ("sources", EACH, "transform", EACH, "if"),
)
"""Where expressions stand."""
SERVERS = tuple(f"{scheme}://" for scheme in (*SCHEMES, CLUSTER))
BROKER_LINE = "write broker: redis://host:6379/0"
KEY_LINE = 'write privacy_key: "${PRIVACY_KEY}"'


def check_names(document: Document) -> None:
    """Write down every name in the file that nothing else in the file bears."""
    sources = {*_section(document, "sources"), DEFAULT_SOURCE}
    _known(document, ("destinations", EACH, "sources", EACH), sources, "sources")
    destinations = _section(document, "destinations")
    for where, text in _texts(document, ("pii", "trusted", EACH)):
        # A name that is near no other is left to the linter: trusting nobody does no harm.
        if text not in destinations and nearest(text, destinations):
            document.blame(where, unknown(text, destinations))
    declared = _section(document, "consent").get("categories")
    if isinstance(declared, list):
        categories = {text for text in declared if isinstance(text, str)}
        for word in ("require", "any"):
            way = ("destinations", EACH, "consent", word, EACH)
            _known(document, way, categories, "consent.categories")


def check_filters(document: Document) -> None:
    """Write down every filter and condition that cannot be read, with its column."""
    found = (place for way in CONDITIONS for place in _texts(document, way))
    for where, text in found:
        if not text:
            continue
        try:
            compile_filter(text)
        except FilterError as error:
            exact = document.spot(where).exact is not None
            wrong = Wrong(f"this filter cannot be read: {error.message if exact else error}")
            document.blame(where, wrong, shift=error.column - 1)


def check_store(document: Document) -> None:
    """Write down a server without a privacy key or a broker, and queues that share a name."""
    redis = document.value.get("redis", "embedded")
    keyless = not document.value.get("privacy_key") and ("privacy_key",) not in document.broken
    if isinstance(redis, str) and redis.startswith(SERVERS) and keyless:
        wrong = Wrong('"privacy_key" is missing: a server needs one', KEY_LINE)
        document.blame(("redis",), wrong, key=True)
    if (
        isinstance(redis, str)
        and redis.startswith(f"{CLUSTER}://")
        and not document.value.get("broker")
    ):
        wrong = Wrong('"broker" is missing: Celery knows no Redis Cluster', BROKER_LINE)
        document.blame(("redis",), wrong, key=True)
    queue = _section(document, "queue")
    names = (queue.get("stream", "events"), queue.get("list", "events-list"))
    if names[0] == names[1]:
        document.blame(("queue",), Wrong("the stream and the list must have two names"), key=True)
    seen: set[str] = set()
    for where, text in _texts(document, ("sources", EACH, "write_keys", EACH)):
        if text in seen:
            document.blame(where, Wrong("this write key belongs to two sources"))
        seen.add(text)


def check_times(document: Document, config: Config) -> None:
    """Write down every timeout that a lease does not outlive by a quarter."""
    longest = config.worker.lease * 3 / 4
    for name, destination in config.destinations.items():
        if destination.delivery.timeout >= longest:
            message = "the timeout must be shorter than 3/4 of worker.lease"
            shown = f"here less than {longest.total_seconds():g}s"
            document.blame(("destinations", name, "delivery", "timeout"), Wrong(message, shown))


def _known(document: Document, way: Where, names: Collection[str], offer: str) -> None:
    for where, text in _texts(document, way):
        if text not in names:
            wrong = unknown(text, names, offer=f"known in {offer}")
            if not names:
                wrong = Wrong(f"unknown word {quoted(text)}", f"nothing is declared in {offer}")
            document.blame(where, wrong)


def _texts(document: Document, way: Where) -> Iterator[tuple[Where, str]]:
    for where in list(document.values):
        if len(where) != len(way) or where in document.broken:
            continue
        if all(wanted in (EACH, part) for wanted, part in zip(way, where, strict=True)):
            value = document.at(where)
            if isinstance(value, str):
                yield where, value


def _section(document: Document, word: str) -> dict[str, Any]:
    value = document.value.get(word)
    return value if isinstance(value, dict) else {}
