"""Five destinations of different kinds for fault tests, and what reached each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from tests.support.configuration import NOT_REQUIRED, webhook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tests.support.corpus import JSON
    from tests.support.vendor import Vendor

FAULTS = {"fail": 0.03, "swallow": 0.01, "reject": 0.005}
"""Of the vendor: 500s, accepted without an answer, refused with 422 for good."""
DRILLED = {"http_500": 0.03, "lost": 0.01, "http_422": 0.005}
"""The same faults of the drill."""
LATENCY = 0.01
MIXPANEL_TYPES = 'type = "track" or type = "page" or type = "screen" or type = "identify"'


class Landed(NamedTuple):
    """A message that a destination has."""

    message_id: str
    key: str
    """The idempotency key it came with; empty where the destination needs none."""


def configure(vendor: Vendor, folder: Path) -> dict[str, Any]:
    """Return the five destinations, with timeouts short enough for a lease of two seconds."""
    vendor.behave("/", latency=LATENCY)
    vendor.behave("/flaky", latency=LATENCY, **FAULTS)
    vendor.behave("/mp/import", latency=LATENCY, **FAULTS)
    quick = {"delivery": {"timeout": "1s"}}
    consented = {**webhook(vendor, "/consented"), "consent": {"require": ["Analytics"]}}
    batched = {"delivery": {"timeout": "1s", "batch": {"events": 50}}}
    mixpanel = {"token": "t", "endpoint": f"{vendor.url}/mp", "purchases": False}
    drill = {"shares": DRILLED, "batch": 20, "latency": "10ms", "record": str(folder / "drill")}
    return {
        "consented": {**consented, **quick},
        "flaky": {**webhook(vendor, "/flaky"), **quick},
        "analytics": {"type": "mixpanel", "settings": mixpanel, "consent": NOT_REQUIRED,
                      "events": MIXPANEL_TYPES, **batched},
        "archive": {"type": "file", "settings": {"path": str(folder / "archive.jsonl")},
                    "consent": NOT_REQUIRED, **quick},
        "drill": {"type": "drill", "settings": drill, "consent": NOT_REQUIRED, **quick},
    }  # fmt: skip


def numbered(events: Iterable[JSON]) -> Iterator[JSON]:
    """Give each identify its number in its traits as well: profiles carry nothing else."""
    for event in events:
        if event["type"] == "identify":
            traits = event.get("traits")
            own = traits if isinstance(traits, dict) else {}
            event["traits"] = {**own, "seq": event["context"]["seq"]}
        yield event


def landed(vendor: Vendor, folder: Path, events: Iterable[JSON]) -> dict[str, list[Landed]]:
    """Return what each of the five has, in the order of arrival; repeated if it came again."""
    identified = {
        (event.get("userId") or event["anonymousId"], event["context"]["seq"]): event["messageId"]
        for event in events
        if event["type"] == "identify"
    }
    taken = [arrival for arrival in vendor.arrivals() if arrival.taken]
    by_path = {
        name: [Landed(a.message_id, a.key) for a in taken if a.path == path]
        for name, path in (("consented", "/consented"), ("flaky", "/flaky"),
                           ("analytics", "/mp/import"))
    }  # fmt: skip
    by_path["analytics"] += [
        Landed(identified[a.user, a.seq], "") for a in taken
        if a.path == "/mp/engage" and a.seq is not None
    ]  # fmt: skip
    lines = (folder / "archive.jsonl").read_bytes().splitlines()
    attempts = [orjson.loads(line) for line in (folder / "drill").read_bytes().splitlines()]
    return {
        **by_path,
        "archive": [Landed(message["messageId"], "") for message in whole(lines)],
        "drill": [Landed(a["message_id"], a["key"]) for a in attempts if a["arrived"]],
    }


def whole(lines: Iterable[bytes]) -> Iterator[Any]:
    """Yield the values of JSON lines; a line that a kill cut off is not there."""
    for line in lines:
        try:
            yield orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
