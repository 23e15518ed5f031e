"""What was decided about one event: who gets it, and which bodies have to be made for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.decide.policy.policy import without_routing

if TYPE_CHECKING:
    from router.decide.consent.signals import Signals
    from router.decide.routes import Route
    from router.decide.verdict import Send, Stripped
    from router.events.event import Event


class Decided:
    """An event between deciding and packing; numbers are places of destinations and in `left`."""

    __slots__ = (
        "_data", "_shared", "_whole", "deads", "event", "left", "sends", "signals", "skips",
        "turns",
    )  # fmt: skip

    def __init__(self, event: Event, signals: Signals, turns: tuple[bytes, ...]) -> None:
        self.event = event
        self.signals = signals
        self.turns = turns
        self.sends: list[tuple[int, int]] = []
        self.skips: list[tuple[int, str]] = []
        self.deads: list[tuple[int, str]] = []
        self.left: list[tuple[Stripped, list[str]]] = []
        """What policies left of the event, and the digests of all that left just this."""
        self._data = without_routing(event.data)
        self._shared: dict[str, int] = {}
        self._whole: int | None = None

    def body(self, route: Route, send: Send) -> int:
        """Return where in `left` is what a destination may have; raises PolicyError.

        Most policies leave most events as they are: one body does for all of these.
        """
        digest = route.policy.digest
        own = send.options is not None or send.data is not None
        if not own and digest in self._shared:
            return self._shared[digest]
        data = self._data if send.data is None else send.data
        stripped = route.policy.strip(data, (), send.options)
        body = len(self.left)
        if not own:
            if stripped.payload is data and not stripped.transformed:
                if self._whole is not None:
                    body = self._whole
                    self.left[body][1].append(digest)
                self._whole = body
            self._shared[digest] = body
        if body == len(self.left):
            self.left.append((stripped, [digest]))
        return body
