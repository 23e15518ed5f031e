"""The SDKs: in which order each writes an event's fields and its context's, as packed.

An order is a text of keys; what an event does not have is left out, and `key?` is there now and
then. Fields are those of normalised events: without `integrations` and nulls, with
`originalTimestamp` and `receivedAt` where normalising puts them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_SETTLED = "originalTimestamp receivedAt"
_BROWSER = f"context messageId {{}} sentAt {_SETTLED}"
_NODE = f"context {{}} messageId sentAt {_SETTLED}"
_RUDDER = "channel originalTimestamp messageId {}sentAt timestamp receivedAt"
_RUDDER_IDENTIFY = _RUDDER.format("anonymousId ").replace("timestamp", "traits timestamp")
_JITSU = f"userId anonymousId groupId timestamp sentAt messageId context {_SETTLED}"
_EXTRA = "ip active groupId traits device app"


@dataclass(frozen=True, slots=True)
class Sdk:
    """How an SDK writes; `share` says how often it is met."""

    share: int
    message_id: str
    """How it makes message ids; `{ms}`, `{uuid}`, `{base36}` stand for what they say."""
    orders: tuple[str, ...]
    identify: tuple[str, ...]
    contexts: tuple[str, ...]
    fixed: dict[str, Any] = field(default_factory=dict)
    """What its context always says."""
    libraries: tuple[dict[str, Any], ...] = ({},)
    channel: str = ""
    rudder: bool = False
    micros: bool = False
    """Whether it writes its times with microseconds and an offset."""


def _lib(name: str, *versions: str, **more: str) -> tuple[dict[str, Any], ...]:
    return tuple({"name": name, "version": version, **more} for version in versions)


_HEAD = "timestamp event type traits groupId properties category name"
_WEB_PAGE = "page userAgent userAgentData? locale library"
_MIXED = (
    "userAgent? locale? screen? ip traits page clientIds campaign groupId? active app device"
    " network os referrer timezone userAgentData"
)

SDKS = (
    Sdk(  # analytics-next, in a browser
        20, "ajs-next-{ms}-{uuid}",
        (f"{_HEAD} {_BROWSER.format('userId anonymousId')}",
         f"{_HEAD} {_BROWSER.format('anonymousId userId')}"),
        (f"timestamp type userId traits {_BROWSER.format('anonymousId')}",),
        (f"{_WEB_PAGE} timezone", f"{_WEB_PAGE} timezone", f"{_WEB_PAGE} campaign timezone",
         f"{_WEB_PAGE} campaign? timezone consent", f"groupId {_WEB_PAGE} campaign? timezone",
         f"{_EXTRA} {_WEB_PAGE} campaign? timezone", f"ip {_WEB_PAGE} campaign? timezone",
         ("active app campaign device ip library locale network os page referrer screen timezone"
         " groupId traits userAgent userAgentData")),
        libraries=(*_lib("analytics.js", "npm:next-1.84.3", "npm:next-1.81.1", "npm:next-1.77.0",
                         "next-1.84.3", "next-1.81.0"),),
    ),
    Sdk(  # analytics-node
        10, "node-next-{ms}-{uuid}",
        (f"{_HEAD} {_NODE.format('userId anonymousId')}",
         f"{_HEAD} {_NODE.format('anonymousId userId')}",
         f"timestamp userId type previousId {_NODE.format('')}"),
        (f"timestamp type userId traits {_NODE.format('anonymousId')}",),
        ("library", "library", "library", "groupId library", "campaign library",
         f"{_EXTRA} library", "consent library", "ip userAgent library"),
        libraries=_lib("@segment/analytics-node", "3.1.0", "2.3.0", "2.2.1"),
    ),
    Sdk(  # analytics-python
        10, "{uuid}",
        (("anonymousId properties timestamp category context userId type event name messageId"
         f" sentAt {_SETTLED}"),
         f"anonymousId timestamp groupId context userId traits type messageId sentAt {_SETTLED}",
         f"previousId timestamp context userId type messageId sentAt {_SETTLED}"),
        (f"anonymousId timestamp context type userId traits messageId sentAt {_SETTLED}",),
        ("library", "library", "library", "groupId library", "campaign library",
         f"{_EXTRA} library", "consent library", "ip userAgent library"),
        libraries=_lib("analytics-python", "2.4.0", "2.3.3", "2.2.3"), micros=True,
    ),
    Sdk(  # Go
        4, "{uuid}",
        (("type messageId anonymousId userId previousId event groupId name timestamp context"
         f" properties traits {_SETTLED}"),),
        (f"type messageId anonymousId userId timestamp context traits {_SETTLED}",),
        ("library", "ip library userAgent", ("app campaign device library locale location network"
         " os page referrer screen ip timezone userAgent traits")),
        libraries=_lib("analytics-go", "3.0.0", "3.3.0"),
    ),
    Sdk(  # Ruby
        4, "{uuid}",
        (("context messageId timestamp userId anonymousId groupId traits previousId type event name"
         f" category properties sentAt {_SETTLED}"),),
        (f"context messageId timestamp userId anonymousId type traits sentAt {_SETTLED}",),
        ("library", "ip userAgent library", "campaign library"),
        libraries=_lib("analytics-ruby", "2.4.0", "2.5.0"),
    ),
    Sdk(  # PHP
        3, "{uuid}",
        (("userId anonymousId event name groupId traits properties previousId context timestamp"
         f" type messageId sentAt {_SETTLED}"),),
        (f"userId anonymousId traits context timestamp type messageId sentAt {_SETTLED}",),
        ("library", "ip userAgent library"),
        libraries=_lib("analytics-php", "3.8.0", "3.7.0", consumer="LibCurl"),
    ),
    Sdk(  # RudderStack's JavaScript SDK
        16, "{uuid}",
        ((f"properties event name category type groupId traits previousId"
         f" channel context {_RUDDER.format('userId anonymousId ')}"),),
        (f"userId type context {_RUDDER_IDENTIFY}",),
        (("traits sessionId sessionStart? app library userAgent os locale screen campaign page"
         " timezone"),
         "traits sessionId app library userAgent os locale screen campaign page timezone",
         ("traits sessionId ua-ch app library userAgent os locale screen campaign page timezone"
         " autoTrack"),
         ("traits sessionId consentManagement app library userAgent os locale screen campaign page"
         " timezone"),
         "traits sessionId app library userAgent os locale screen campaign page timezone groupId",
         ("traits sessionId app library userAgent os locale screen campaign page timezone ip"
         " active groupId device consent? network referrer userAgentData")),
        {"app": {"name": "RudderLabs JavaScript SDK", "namespace": "com.rudderlabs.javascript",
                 "version": "3.34.1", "installType": "npm"}},
        (*_lib("RudderLabs JavaScript SDK", "3.34.1", "3.20.0", variant="bundled"),
         *_lib("RudderLabs JavaScript SDK", "3.34.1", snippetVersion="3.0.60")),
        "web", rudder=True,
    ),
    Sdk(  # RudderStack's Node SDK
        7, "{uuid}",
        (f"userId anonymousId event name category properties type context {_RUDDER.format('')}",
         f"userId anonymousId event name category properties context type {_RUDDER.format('')}",
         f"userId anonymousId traits groupId previousId type context {_RUDDER.format('')}"),
        (f"userId anonymousId traits context type {_RUDDER.format('')}",
         f"userId traits context type {_RUDDER.format('')}"),
        ("library", "library", "library", "groupId library", "campaign library",
         f"{_EXTRA} library", "consent library", "traits library"),
        libraries=_lib("analytics-node", "3.0.13", "2.1.3"), channel="server",
    ),
    Sdk(  # Jitsu
        14, "{base36}",
        (f"type event name category properties {_JITSU}", f"type event properties name {_JITSU}",
         f"type groupId traits {_JITSU}"),
        (f"type userId traits {_JITSU}",),
        ("library traits page clientIds campaign groupId?",
         "library consent? ip traits page clientIds campaign active groupId device app",
         f"library {_MIXED}", f"library consent? {_MIXED}",
         "library userAgent locale screen traits page clientIds campaign timezone"),
        libraries=_lib("@jitsu/js", "1.11.0", "1.10.4", env="node")
        + _lib("@jitsu/js", "1.11.0", env="browser"),
    ),
    Sdk(  # mobile SDKs: Swift, Kotlin, React Native and their predecessors
        10, "{UUID}",
        (("type event name category properties groupId traits previousId anonymousId userId context"
         f" messageId timestamp sentAt {_SETTLED}"),
         (f"anonymousId context event name groupId messageId previousId properties sentAt timestamp"
         f" traits type userId {_SETTLED}")),
        (f"type traits anonymousId userId context messageId timestamp sentAt {_SETTLED}",),
        ("app device library locale network os screen timezone traits? userAgent? instanceId?",
         "library app device os screen network locale timezone traits userAgent?",
         "app device ip library locale network os screen timezone traits"),
        libraries=(*_lib("analytics-swift", "1.7.3"), *_lib("analytics-kotlin", "1.19.2"),
                   *_lib("@segment/analytics-react-native", "2.21.0"),
                   *_lib("analytics-ios", "4.1.8"), *_lib("analytics-android", "4.11.3")),
    ),
    Sdk(  # whatever writes to an HTTP API, in the order of the spec's common fields
        10, "{uuid}",
        ((f"anonymousId context messageId sentAt timestamp type userId event name properties"
         f" traits groupId {_SETTLED}"),
         ("type messageId anonymousId timestamp sentAt receivedAt originalTimestamp context userId"
         " groupId previousId event properties traits name")),
        (("type messageId anonymousId timestamp sentAt receivedAt originalTimestamp context userId"
         " traits"),),
        ("app library ip locale userAgent timezone screen device os network page campaign consent",
         "ip library userAgent page locale timezone consent?",
         ("active app campaign device ip library locale network os page referrer screen timezone"
         " groupId traits userAgent userAgentData")),
        libraries=(*_lib("http", "1.0.0"), *_lib("analytics.js", "2.11.1", "next-1.77.0")),
    ),
)  # fmt: skip
