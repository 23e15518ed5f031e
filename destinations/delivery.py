"""A delivery: one event as one destination may see it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, cast

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

_MISSING = object()


class Delivery:
    """One event as one destination may see it; adapters never see more.

    Made by the router's policy step alone. `body` is the payload as JSON bytes on one line,
    ready to be sent; `payload` is the same, decoded when first asked for, and must not be
    changed: it is shared. `options` is what the event's own `integrations` map says for this
    destination. `attempt` and `attempted_at` are set by the engine before each attempt, so that
    adapters need no clock. Its repr shows neither values nor ids of people.
    """

    __slots__ = ("_idempotency_key", "_payload", "attempt", "attempted_at", "body", "destination",
                 "message_id", "options", "received_at", "source", "type")  # fmt: skip

    def __init__(  # noqa: PLR0913 - an envelope has this many facts
        self,
        *,
        body: bytes,
        destination: str,
        message_id: str,
        type: str,  # noqa: A002 - the Segment spec's word
        source: str = "default",
        received_at: int = 0,
        options: Mapping[str, Any] | None = None,
        attempt: int = 1,
        attempted_at: int = 0,
    ) -> None:
        self.body = body
        self.destination = destination
        self.message_id = message_id
        self.type = type
        self.source = source
        self.received_at = received_at
        """When the router first had the event, in milliseconds of Unix time."""
        self.options: Mapping[str, Any] = options or {}
        self.attempt = attempt
        """Which attempt this is, counted from 1; a replay counts from 1 again."""
        self.attempted_at = attempted_at
        """When this attempt began, in milliseconds of Unix time; 0 when nobody said."""
        self._payload: Any = _MISSING
        self._idempotency_key: str | None = None

    @property
    def payload(self) -> Mapping[str, Any]:
        """The event as this destination may see it, in Segment's shape."""
        if self._payload is _MISSING:
            self._payload = orjson.loads(self.body)
        return cast("Mapping[str, Any]", self._payload)

    @property
    def idempotency_key(self) -> str:
        """The same 32 hexadecimal digits for each attempt and replay of this delivery."""
        if self._idempotency_key is None:
            text = f"{self.source}\0{self.message_id}\0{self.destination}"
            raw = text.encode("utf-8", "surrogatepass")
            self._idempotency_key = hashlib.blake2b(raw, digest_size=16).hexdigest()
        return self._idempotency_key

    def get(self, path: str, default: Any = None) -> Any:
        """Return the value at a dotted path such as `context.page.url`, else `default`."""
        value: Any = self.payload
        for key in path.split("."):
            if not isinstance(value, dict) or key not in value:
                return default
            value = value[key]
        return value

    def __repr__(self) -> str:
        return f"<Delivery {self.idempotency_key} type={self.type} to={self.destination}>"
