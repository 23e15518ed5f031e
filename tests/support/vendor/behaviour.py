"""How the vendor treats the requests under one path, as plain values."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random


@dataclass(slots=True)
class Behaviour:
    """Shares are between 0 and 1; what comes first in this list is tried first."""

    hang: bool = False
    """Take requests and never answer; nothing of them is accepted."""
    reset: float = 0.0
    """Share of requests whose connection is closed at once; nothing of them is accepted."""
    latency: float = 0.0
    """Seconds between a request and its answer."""
    statuses: list[int] = field(default_factory=list)
    """Answers to the next requests, one each; then the rest of this list holds again."""
    status: int = 200
    """The answer to all, where nothing else here says otherwise."""
    throttle: float = 0.0
    """Share answered 429, with `retry_after`, unless that is empty."""
    retry_after: str = "1"
    fail: float = 0.0
    """Share answered 500."""
    reject: float = 0.0
    """Share of the messages refused with 422, always the same messages."""
    swallow: float = 0.0
    """Share accepted, and then the connection closed without an answer."""
    malform: float = 0.0
    """Share accepted, and then answered with something that is no proper answer."""
    malformed: str = ""
    """Which kind of it: one of `malformed.KINDS`."""
    headers: dict[str, str] = field(default_factory=dict)
    """More headers of each answer, such as a redirect's Location."""
    padding: int = 0
    """Bytes of nonsense that each answer's body carries."""
    keep: bool = False
    """Keep whole requests, for tests that look for what must not be in them."""

    @classmethod
    def of(cls, values: dict[str, Any]) -> Behaviour:
        """Make one from a control request; an unknown word is refused."""
        unknown = values.keys() - {known.name for known in fields(cls)}
        if unknown:
            raise ValueError(f"no such behaviour: {', '.join(sorted(unknown))}")
        return cls(**values)

    def refuses(self, message_id: str) -> bool:
        """Tell whether this message is one of those refused for good."""
        return self.reject > 0 and zlib.crc32(message_id.encode()) / 2**32 < self.reject

    def next_status(self, chance: random.Random) -> int:
        """Choose the answer to the next request, before anybody looks at its messages."""
        if self.statuses:
            return self.statuses.pop(0)
        draw = chance.random()
        if draw < self.throttle:
            return 429
        if draw < self.throttle + self.fail:
            return 500
        return self.status


class Behaviours:
    """The behaviour of each path prefix; the longest prefix of a path counts."""

    def __init__(self) -> None:
        self._by_prefix: dict[str, Behaviour] = {}
        self._found: dict[str, Behaviour] = {}

    def set(self, prefix: str, behaviour: Behaviour) -> None:
        """Let everything under `prefix` behave so from now on."""
        self._by_prefix[prefix] = behaviour
        self._found.clear()

    def clear(self) -> None:
        """Behave well again everywhere."""
        self._by_prefix.clear()
        self._found.clear()

    def of(self, path: str) -> Behaviour:
        """Return what holds for a path."""
        behaviour = self._found.get(path)
        if behaviour is None:
            fitting = [prefix for prefix in self._by_prefix if path.startswith(prefix)]
            longest = max(fitting, key=len, default=None)
            behaviour = Behaviour() if longest is None else self._by_prefix[longest]
            self._found[path] = behaviour
        return behaviour
